import type { AnyRule, Finding } from '../rule.ts';
import type { SeenObject } from '../seen/kinds.ts';
import type { SeenPod } from '../seen/pod.ts';
import type { RuleSettings } from '../settings.ts';
import type { ObjectRef, Sight } from '../sight.ts';

/** Why nothing is said about an object, whatever a rule may find. */
export interface Suppression {
  /** For every rule. */
  readonly all?: string | undefined;
  /** For rules that do not judge objects which are being deleted. */
  readonly ordinary?: string | undefined;
  /** Only findings about the disruption itself count. */
  readonly isDisrupted: boolean;
}

const NOTHING: Suppression = { isDisrupted: false };
const CALM_DISRUPTIONS = ['EvictionByEvictionAPI', 'DeletionByTaintManager', 'PreemptionByScheduler'];

/** @param isGone whether an object of this uid was seen to be deleted. */
export function suppressionOf(
  object: SeenObject,
  root: ObjectRef,
  sight: Sight,
  settings: RuleSettings,
  isGone: (uid: string) => boolean,
): Suppression {
  const { namespace } = object.metadata;
  if (settings.isIgnored(namespace))
    return { all: `namespace ${namespace} is in ignoreNamespaces`, isDisrupted: false };
  if (root.uid !== object.metadata.uid && isGone(root.uid))
    return { all: `${root.kind.toLowerCase()}/${root.name} is deleted`, isDisrupted: false };
  const ordinary = deletion(object, sight) ?? (object.kind === 'Pod' ? calmPod(object, root) : undefined);
  const isDisrupted = object.kind === 'Pod' && disruption(object) !== undefined;
  return ordinary === undefined && !isDisrupted ? NOTHING : { ordinary, isDisrupted };
}

/** Why this rule is not asked. */
export function isLeftOut(rule: AnyRule, object: SeenObject, { all, ordinary }: Suppression): string | undefined {
  if (all !== undefined) return all;
  return rule.judgesTerminating && object.metadata.deletionTimestamp !== undefined ? undefined : ordinary;
}

/** A pod that was moved on purpose is not ill; rules that count such moves say so by their cause. */
export function isCalm(finding: Finding, { isDisrupted }: Suppression): boolean {
  return isDisrupted && finding.causeClass !== 'disruption' && finding.causeClass !== 'terminating';
}

function deletion(object: SeenObject, sight: Sight): string | undefined {
  const { deletionTimestamp, namespace } = object.metadata;
  if (deletionTimestamp !== undefined) return 'it is being deleted';
  if (namespace === '') return undefined;
  const phase = sight.get('Namespace', '', namespace)?.status.phase;
  return phase === 'Terminating' ? `namespace ${namespace} is being deleted` : undefined;
}

function calmPod(pod: SeenPod, root: ObjectRef): string | undefined {
  if (pod.status.phase === 'Succeeded') return 'the pod has succeeded';
  if (root.kind === 'Job' || root.kind === 'CronJob' || pod.metadata.owner?.kind === 'Job')
    return 'its Job is judged instead';
  const isGated =
    pod.spec.schedulingGates.length > 0 ||
    pod.status.conditions.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');
  return isGated ? 'scheduling gates hold it back on purpose' : undefined;
}

function disruption(pod: SeenPod): string | undefined {
  const found = pod.status.conditions.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
  return found && CALM_DISRUPTIONS.includes(found.reason) ? found.reason : undefined;
}
