import type { SeenCondition } from '../seen/object.ts';
import type { SeenHorizontalPodAutoscaler } from '../seen/surroundings.ts';
import { quantityOf } from './quantities.ts';

export function conditionOfHpa(hpa: SeenHorizontalPodAutoscaler, type: string): SeenCondition | undefined {
  return hpa.status.conditions.find((condition) => condition.type === type);
}

/** Its target is scaled to 0 by hand: the controller stands still on purpose (reason ScalingDisabled). */
export function isSwitchedOff(hpa: SeenHorizontalPodAutoscaler): boolean {
  return conditionOfHpa(hpa, 'ScalingActive')?.reason === 'ScalingDisabled';
}

/**
 * Why an autoscaler cannot do its work: ScalingActive or AbleToScale is False. Standing still on purpose (ScalingDisabled), waiting after
 * a change (BackoffDownscale and the like of older versions) and a wish outside its bounds (ScalingLimited, k8sgpt#1667) are normal.
 */
export function blindnessOf(hpa: SeenHorizontalPodAutoscaler): readonly SeenCondition[] {
  return hpa.status.conditions.filter(
    ({ type, status, reason }) =>
      (type === 'ScalingActive' || type === 'AbleToScale') &&
      status === 'False' &&
      reason !== 'ScalingDisabled' &&
      !reason.startsWith('Backoff'),
  );
}

/**
 * How the metrics stand to their targets, `cpu above 70%, memory below 80%`; '' when it reports none. Not in numbers: they change every 15 s,
 * and each change of a fact would be an edit of the message.
 */
export function metricsOf(hpa: SeenHorizontalPodAutoscaler): string {
  return hpa.status.metrics.map(standing).join(', ');
}

function standing(metric: string): string {
  const [, name, current, target] = /^(.*) (\S+) of (\S+)$/.exec(metric) ?? [];
  const [is, wished] = [amountOf(current), amountOf(target)];
  if (name === undefined || is === undefined || wished === undefined) return metric;
  return `${name} ${is > wished ? 'above' : 'at or below'} ${target}`;
}

function amountOf(text: string | undefined): number | undefined {
  return text?.endsWith('%') ? Number(text.slice(0, -1)) : quantityOf(text);
}

/** `Deployment web`. */
export function targetOf(hpa: SeenHorizontalPodAutoscaler): string {
  return `${hpa.spec.target.kind} ${hpa.spec.target.name}`;
}
