import type { Kind, SeenByKind } from '../seen/kinds.ts';
import type { SeenCondition } from '../seen/object.ts';
import type { SeenPod } from '../seen/pod.ts';
import type { Sight } from '../sight.ts';

/** @returns the condition of that type, or undefined. */
export function conditionOf(pod: SeenPod, type: string): SeenCondition | undefined {
  return pod.status.conditions.find((condition) => condition.type === type);
}

/** True for the pods of which nothing can be said in less: run, ready, never restarted. Most pods of most clusters, so it is asked first. */
export function isPerfect(pod: SeenPod): boolean {
  const { phase, conditions, containerStatuses, initContainerStatuses } = pod.status;
  if (phase === 'Succeeded') return true;
  if (phase !== 'Running') return false;
  if (!conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) return false;
  const isFresh = ({ restartCount }: { restartCount: number }): boolean => restartCount === 0;
  return containerStatuses.every(isFresh) && initContainerStatuses.every(isFresh);
}

/** Ways of being moved on purpose: counted elsewhere, never alerted on (§1.1). */
const MOVED_ON_PURPOSE: ReadonlySet<string> = new Set([
  'EvictionByEvictionAPI',
  'DeletionByTaintManager',
  'PreemptionByScheduler',
]);

/** The reason of a true DisruptionTarget condition; '' for none. */
export function disruptionReason(pod: SeenPod): string {
  const target = conditionOf(pod, 'DisruptionTarget');
  return target?.status === 'True' ? target.reason : '';
}

/** A Job answers for its pods: it retries them, and says itself when it gives up. */
export function isOfJob(pod: SeenPod): boolean {
  return pod.metadata.owner?.kind === 'Job';
}

export function isGated(pod: SeenPod): boolean {
  return pod.spec.schedulingGates.length > 0 || conditionOf(pod, 'PodScheduled')?.reason === 'SchedulingGated';
}

/**
 * Whether a live pod is one that pod rules judge at all: not over, not a Job's, not gated, not being moved on purpose. (Pods that are
 * being deleted never reach a rule.)
 */
export function isJudged(pod: SeenPod): boolean {
  const { phase } = pod.status;
  if (phase === 'Succeeded' || phase === 'Failed') return false;
  return !isOfJob(pod) && !isGated(pod) && !MOVED_ON_PURPOSE.has(disruptionReason(pod));
}

/** When a pod that is over (Failed) ended, epoch ms: the latest of what the API tells, the time of its creation at worst. */
export function endedAt(pod: SeenPod): number {
  const target = conditionOf(pod, 'DisruptionTarget');
  if (target?.status === 'True' && target.lastTransitionTime > 0) return target.lastTransitionTime;
  const finished = [...pod.status.containerStatuses, ...pod.status.initContainerStatuses].map(
    ({ state }) => state.terminated?.finishedAt ?? 0,
  );
  const transitions = pod.status.conditions.map(({ lastTransitionTime }) => lastTransitionTime);
  return Math.max(...finished, ...transitions, pod.status.startTime ?? 0, pod.metadata.creationTimestamp);
}

/** Since when it has a node, epoch ms; undefined while it has none. */
export function scheduledSince(pod: SeenPod): number | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled');
  return scheduled?.status === 'True' ? scheduled.lastTransitionTime || pod.metadata.creationTimestamp : undefined;
}

/** The object that people know this pod by, when it is seen: a Deployment, a StatefulSet, … */
export function rootObject(pod: SeenPod, sight: Sight): SeenByKind[Kind] | undefined {
  return sight.byUid(sight.rootOf(pod).uid);
}

/** How a workload stands: what serves, what should, and how far below that its own strategy lets it go. */
export interface OwnerHealth {
  readonly available: number;
  readonly desired: number;
  /** `desired` less what a rolling update may take away. */
  readonly minimum: number;
  readonly isRolling: boolean;
  readonly minReadySeconds: number;
}

/** Undefined where the root is no workload with replicas: a bare pod, a Job, an operator's own kind. */
export function ownerHealth(pod: SeenPod, sight: Sight): OwnerHealth | undefined {
  const root = rootObject(pod, sight);
  if (root === undefined) return undefined;
  if (root.kind === 'Deployment') return deploymentHealth(root);
  if (root.kind === 'StatefulSet') return statefulSetHealth(root);
  if (root.kind === 'DaemonSet') return daemonSetHealth(root);
  if (root.kind === 'ReplicaSet') return plain(root.status.availableReplicas, root.spec.replicas);
  if (root.kind === 'Rollout')
    return {
      ...plain(root.status.availableReplicas, root.spec.replicas),
      isRolling: root.status.updatedReplicas < root.spec.replicas,
    };
  return undefined;
}

function plain(available: number, desired: number): OwnerHealth {
  return { available, desired, minimum: desired, isRolling: false, minReadySeconds: 0 };
}

/** A rollout that is complete says NewReplicaSetAvailable and never anything else until the next one (deployment/progress.go). */
function deploymentHealth({ metadata, spec, status }: SeenByKind['Deployment']): OwnerHealth {
  const progressing = status.conditions.find(({ type }) => type === 'Progressing');
  const isIncomplete = progressing !== undefined && progressing.reason !== 'NewReplicaSetAvailable';
  return {
    available: status.availableReplicas,
    desired: spec.replicas,
    minimum: spec.replicas - allowedBelow(spec.maxUnavailable, spec.replicas),
    isRolling:
      isIncomplete || status.observedGeneration < metadata.generation || status.updatedReplicas < spec.replicas,
    minReadySeconds: spec.minReadySeconds,
  };
}

function statefulSetHealth({ spec, status }: SeenByKind['StatefulSet']): OwnerHealth {
  return {
    ...plain(status.availableReplicas, spec.replicas),
    isRolling: status.updateRevision !== status.currentRevision,
    minReadySeconds: spec.minReadySeconds,
  };
}

function daemonSetHealth({ spec, status }: SeenByKind['DaemonSet']): OwnerHealth {
  return {
    ...plain(status.numberAvailable, status.desiredNumberScheduled),
    isRolling: status.updatedNumberScheduled < status.desiredNumberScheduled,
    minReadySeconds: spec.minReadySeconds,
  };
}

/** `25%` or `1` of so many, rounded down as the Deployment controller does. */
function allowedBelow(maxUnavailable: string, replicas: number): number {
  const number = Number.parseInt(maxUnavailable, 10);
  if (!Number.isFinite(number)) return 0;
  return maxUnavailable.endsWith('%') ? Math.floor((replicas * number) / 100) : number;
}

/** Everything that should serve serves: what became of one pod is history. */
export function isOwnerHealthy(pod: SeenPod, sight: Sight): boolean {
  const health = ownerHealth(pod, sight);
  return health !== undefined && health.available >= health.desired;
}

/** The pods of the same root, this one among them. */
export function siblings(pod: SeenPod, sight: Sight): readonly SeenPod[] {
  const root = rootObject(pod, sight);
  return root === undefined || root.kind === 'Pod' ? [pod] : sight.podsOf(root);
}

/** The storage class of the first claim whose volume class is known. */
export function storageClassOf(pod: SeenPod, sight: Sight): string | undefined {
  for (const claim of pod.spec.claims) {
    const name = sight.get('PersistentVolumeClaim', pod.metadata.namespace, claim)?.spec.storageClassName;
    if (name) return name;
  }
  return undefined;
}
