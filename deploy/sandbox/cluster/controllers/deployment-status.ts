import type { Json, Obj } from '../object.ts';
import type { World } from '../world.ts';
import { conditionOf, scaled } from './pods.ts';

/** The status a Deployment should show now; follows `syncRolloutStatus` and `calculateStatus`. */
export function deploymentStatus(
  world: World,
  deployment: Obj,
  current: Obj | undefined,
  sets: readonly Obj[],
  created: string | undefined,
): Json {
  const sum = (field: string, list: readonly Obj[]): number =>
    list.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
  const wanted: number = deployment.spec.replicas;
  const total = sum('replicas', sets);
  const available = sum('availableReplicas', sets);
  const next: Json = { observedGeneration: deployment.metadata.generation };
  if (total > 0) next.replicas = total;
  const updated = current?.status?.replicas ?? 0;
  if (updated > 0) next.updatedReplicas = updated;
  const ready = sum('readyReplicas', sets);
  if (ready > 0) next.readyReplicas = ready;
  if (available > 0) next.availableReplicas = available;
  const missing = Math.max(0, wanted - available);
  if (missing > 0) next.unavailableReplicas = missing;
  next.conditions = conditions(world, deployment, current, next, created);
  if (deployment.status?.collisionCount !== undefined) next.collisionCount = deployment.status.collisionCount;
  return next;
}

function conditions(
  world: World,
  deployment: Obj,
  current: Obj | undefined,
  next: Json,
  created: string | undefined,
): Json[] {
  const list = [availability(deployment, next.availableReplicas ?? 0)];
  const progress = progressing(world, deployment, current, next, created);
  if (progress) list.push(progress);
  const now = world.timestamp();
  return list.map((one) => {
    const before = conditionOf(deployment, one.type);
    if (before && before.status === one.status && before.reason === one.reason && !one.isTouched) return before;
    const { isTouched: _, ...condition } = one;
    const isSteady = before?.status === one.status;
    return { ...condition, lastUpdateTime: now, lastTransitionTime: isSteady ? before.lastTransitionTime : now };
  });
}

function availability(deployment: Obj, available: number): Json {
  const { replicas, strategy } = deployment.spec;
  const isRecreate = strategy?.type === 'Recreate';
  const slack = isRecreate ? 0 : scaled(strategy?.rollingUpdate?.maxUnavailable, replicas, 'down');
  const surge = isRecreate ? 0 : scaled(strategy?.rollingUpdate?.maxSurge, replicas, 'up');
  const isEnough = available >= replicas - (slack === 0 && surge === 0 && !isRecreate ? 1 : slack);
  return isEnough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function progressing(
  world: World,
  deployment: Obj,
  current: Obj | undefined,
  next: Json,
  created: string | undefined,
): Json {
  const before = conditionOf(deployment, 'Progressing');
  const say = (status: string, reason: string, message: string, isTouched = false): Json => ({
    type: 'Progressing',
    status,
    reason,
    message,
    isTouched,
  });
  if (deployment.spec.paused) return say('Unknown', 'DeploymentPaused', 'Deployment is paused');
  if (before?.reason === 'DeploymentPaused') return say('Unknown', 'DeploymentResumed', 'Deployment is resumed');
  const name = current?.metadata.name ?? deployment.metadata.name;
  if (created !== undefined) return say('True', 'NewReplicaSetCreated', `Created new replica set "${created}"`, true);
  const wanted: number = deployment.spec.replicas;
  const updated = next.updatedReplicas ?? 0;
  const isComplete = updated === wanted && (next.replicas ?? 0) === wanted && (next.availableReplicas ?? 0) === wanted;
  if (isComplete) return say('True', 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`);
  const isNewWork =
    before?.reason === 'NewReplicaSetAvailable' &&
    current?.metadata.name &&
    !String(before.message).includes(`"${name}"`);
  if (isNewWork) return say('True', 'FoundNewReplicaSet', `Found new replica set "${name}"`, true);
  // A finished rollout stays finished when pods fail later: Progressing is about rollouts, Available about pods.
  if (before?.reason === 'NewReplicaSetAvailable') return before;
  if (isMoving(deployment.status ?? {}, next))
    return say('True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`, true);
  const left = before ? deadlineMs(deployment) - world.elapsedSince(before.lastUpdateTime) : Number.POSITIVE_INFINITY;
  if (left <= 0) return say('False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`);
  return before ?? say('True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`);
}

function isMoving(before: Json, next: Json): boolean {
  const oldOf = (status: Json): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (next.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldOf(next) < oldOf(before) ||
    (next.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function deadlineMs(deployment: Obj): number {
  const seconds: number = deployment.spec.progressDeadlineSeconds ?? 600;
  // 2^31-1 means no deadline.
  return seconds >= 2_147_483_647 ? Number.POSITIVE_INFINITY : seconds * 1_000;
}

/** Cluster milliseconds until an unfinished rollout runs out of time; undefined when there is nothing to wait for. */
export function deadlineLeft(world: World, deployment: Obj): number | undefined {
  const condition = conditionOf(deployment, 'Progressing');
  if (
    !condition ||
    condition.reason === 'NewReplicaSetAvailable' ||
    condition.status === 'False' ||
    deployment.spec.paused
  )
    return undefined;
  const left = deadlineMs(deployment) - world.elapsedSince(condition.lastUpdateTime);
  return Number.isFinite(left) ? Math.max(50, left + 50) : undefined;
}
