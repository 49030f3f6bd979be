import type { SeenCondition } from '../seen/object.ts';
import type { SeenHorizontalPodAutoscaler } from '../seen/surroundings.ts';

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

/** `cpu 92% of 70%, memory 40% of 80%`; '' when it reports none. */
export function metricsOf(hpa: SeenHorizontalPodAutoscaler): string {
  return hpa.status.metrics.join(', ');
}

/** `Deployment web`. */
export function targetOf(hpa: SeenHorizontalPodAutoscaler): string {
  return `${hpa.spec.target.kind} ${hpa.spec.target.name}`;
}
