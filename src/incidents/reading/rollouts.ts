import type { SeenCondition } from '../seen/object.ts';
import type { SeenPod } from '../seen/pod.ts';
import type { SeenDaemonSet, SeenDeployment, SeenReplicaSet, SeenRollout, SeenStatefulSet } from '../seen/workloads.ts';
import type { Sight } from '../sight.ts';

/** The workloads that roll a template out. */
export type Rolling = SeenDeployment | SeenStatefulSet | SeenDaemonSet | SeenRollout;

export interface Counters {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** `progressDeadlineSeconds` that stands for none (kubectl and the controller: math.MaxInt32). */
export const NO_DEADLINE = 2_147_483_647;

export function conditionNamed(conditions: readonly SeenCondition[], type: string): SeenCondition | undefined {
  return conditions.find((condition) => condition.type === type);
}

export function countersOf(workload: Rolling): Counters {
  switch (workload.kind) {
    case 'DaemonSet': {
      const { status } = workload;
      return {
        desired: status.desiredNumberScheduled,
        updated: status.updatedNumberScheduled,
        ready: status.numberReady,
        available: status.numberAvailable,
      };
    }
    case 'Rollout': {
      const { updatedReplicas, availableReplicas } = workload.status;
      return {
        desired: workload.spec.replicas,
        updated: updatedReplicas,
        ready: availableReplicas,
        available: availableReplicas,
      };
    }
    default: {
      const { updatedReplicas, readyReplicas, availableReplicas } = workload.status;
      return {
        desired: workload.spec.replicas,
        updated: updatedReplicas,
        ready: readyReplicas,
        available: availableReplicas,
      };
    }
  }
}

/** `1/3/3`: what must move while a rollout goes on. */
export function counterText(workload: Rolling): string {
  const { updated, ready, available } = countersOf(workload);
  return `${updated}/${ready}/${available}`;
}

/** The controller has seen the spec as it is now: until then its status speaks of an older one. */
export function isObserved(workload: SeenDeployment | SeenStatefulSet | SeenDaemonSet): boolean {
  return workload.status.observedGeneration >= workload.metadata.generation;
}

/** ReplicaSets of a Deployment or Rollout, the newest revision first. */
export function revisionsOf(workload: Rolling, sight: Sight): readonly SeenReplicaSet[] {
  const { digest } = workload.spec.template;
  const isCurrent = (set: SeenReplicaSet): number => (set.spec.template.digest === digest ? 1 : 0);
  return [...sight.ownedBy('ReplicaSet', workload.metadata.uid)].sort(
    (a, b) =>
      revisionOf(b) - revisionOf(a) ||
      isCurrent(b) - isCurrent(a) ||
      b.metadata.creationTimestamp - a.metadata.creationTimestamp,
  );
}

/**
 * Whether `kubectl rollout undo` may find an earlier revision. True where nobody can tell: ControllerRevisions are not watched, but what was
 * never changed since it was made has none.
 */
export function hasEarlierRevision(workload: SeenDeployment | SeenStatefulSet | SeenDaemonSet, sight: Sight): boolean {
  if (workload.metadata.generation === 1) return false;
  return workload.kind !== 'Deployment' || revisionsOf(workload, sight).length > 1;
}

function revisionOf({ metadata: { annotations } }: SeenReplicaSet): number {
  return (
    Number(annotations['deployment.kubernetes.io/revision'] ?? annotations['rollout.argoproj.io/revision'] ?? 0) || 0
  );
}

/** Pods of a workload that have not succeeded, by name: those of its newest template, and all others. */
export function podsByAge(
  workload: Rolling,
  sight: Sight,
): { readonly newest: readonly SeenPod[]; readonly older: readonly SeenPod[] } {
  const isNewest = newestTest(workload, sight);
  const newest: SeenPod[] = [];
  const older: SeenPod[] = [];
  for (const pod of sight.podsOf(workload)) {
    if (pod.status.phase === 'Succeeded') continue;
    (isNewest(pod) ? newest : older).push(pod);
  }
  return { newest: byName(newest), older: byName(older) };
}

/** Tells whether a pod of this workload is of its newest template. */
export function newestTest(workload: Rolling, sight: Sight): (pod: SeenPod) => boolean {
  if (workload.kind === 'StatefulSet') {
    const { updateRevision } = workload.status;
    return (pod) => revisionHash(pod) === updateRevision;
  }
  if (workload.kind === 'DaemonSet') return newestOfDaemonSet(workload, sight);
  const newest = revisionsOf(workload, sight)[0]?.metadata.uid;
  return (pod) => newest !== undefined && pod.metadata.owner?.uid === newest;
}

/** Its ControllerRevisions are not watched: the youngest pod has the newest hash, once the controller has made any of it. */
function newestOfDaemonSet(workload: SeenDaemonSet, sight: Sight): (pod: SeenPod) => boolean {
  if (workload.status.updatedNumberScheduled === 0) return () => false;
  let youngest: SeenPod | undefined;
  for (const pod of sight.podsOf(workload))
    if (!youngest || pod.metadata.creationTimestamp > youngest.metadata.creationTimestamp) youngest = pod;
  const hash = youngest && revisionHash(youngest);
  return (pod) => revisionHash(pod) === hash;
}

export function revisionHash(pod: SeenPod): string {
  return pod.metadata.labels['controller-revision-hash'] ?? '';
}

/** 2 of `db-2`; -1 for pods that are not numbered. */
export function ordinalOf(pod: SeenPod): number {
  const digits = /-(\d+)$/.exec(pod.metadata.name)?.[1];
  return digits === undefined ? -1 : Number(digits);
}

/** Shorter names first: `db-2` before `db-10`. */
function byName(pods: SeenPod[]): readonly SeenPod[] {
  return pods.sort(({ metadata: { name: a } }, { metadata: { name: b } }) => a.length - b.length || (a < b ? -1 : 1));
}

export function isReady(pod: SeenPod): boolean {
  return conditionNamed(pod.status.conditions, 'Ready')?.status === 'True';
}
