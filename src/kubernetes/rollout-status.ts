import type { KubeObject } from './cluster.ts';

/**
 * Whether a rollout is done, in kubectl's own words and order (kubectl `pkg/polymorphichelpers/rollout_status.go`). Pure: one object in,
 * one verdict out. `done`/`total` feed the progress bar and are ours.
 */
export type RolloutVerdict =
  | { readonly state: 'waiting'; readonly text: string; readonly done: number; readonly total: number }
  | { readonly state: 'done'; readonly text: string; readonly done: number; readonly total: number }
  | { readonly state: 'failed'; readonly text: string; readonly done: number; readonly total: number };

/** The kinds whose rollout can be followed. */
export const ROLLOUT_KINDS = ['Deployment', 'DaemonSet', 'StatefulSet'] as const;

/**
 * @param object a Deployment, DaemonSet or StatefulSet as raw JSON.
 * @param revision `--revision` (Deployment only); 0 for any.
 * @returns a verdict; `failed` texts stand where kubectl exits with an error.
 */
export function rolloutVerdict(object: KubeObject, revision = 0): RolloutVerdict {
  switch (object.kind) {
    case 'Deployment':
      return deployment(object, revision);
    case 'DaemonSet':
      return daemonSet(object);
    case 'StatefulSet':
      return statefulSet(object);
    default:
      return failed(`error: no status viewer has been implemented for ${object.kind}`, { done: 0, total: 0 });
  }
}

interface Count {
  readonly done: number;
  readonly total: number;
}

function deployment(object: KubeObject, revision: number): RolloutVerdict {
  const { spec = {}, status = {} } = object;
  const name = object.metadata.name ?? '';
  const replicas: number = spec.replicas ?? 1;
  const updated = count(status.updatedReplicas);
  const available = count(status.availableReplicas);
  const progress = { done: Math.min(updated, available, replicas), total: replicas };
  const paused = spec.paused === true ? ' (paused)' : '';

  if (revision > 0) {
    const running = object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '0';
    if (Number(running) !== revision)
      return failed(
        `error: desired revision (${revision}) is different from the running revision (${running})`,
        progress,
      );
  }
  if (count(object.metadata.generation) > count(status.observedGeneration))
    return waiting(`Waiting for deployment spec update to be observed...${paused}`, { ...progress, done: 0 });
  const progressing = conditionOf(object, 'Progressing');
  // Only the reason counts, whatever the condition's status is: that is how kubectl decides.
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    return failed(`error: deployment "${name}" exceeded its progress deadline`, progress);
  const prefix = `Waiting for deployment "${name}" rollout to finish: `;
  if (spec.replicas !== undefined && updated < replicas)
    return waiting(`${prefix}${updated} out of ${replicas} new replicas have been updated...${paused}`, progress);
  const surplus = count(status.replicas) - updated;
  if (surplus > 0) return waiting(`${prefix}${surplus} old replicas are pending termination...${paused}`, progress);
  if (available < updated)
    return waiting(`${prefix}${available} of ${updated} updated replicas are available...${paused}`, progress);
  return { state: 'done', text: `deployment "${name}" successfully rolled out`, ...progress };
}

function daemonSet(object: KubeObject): RolloutVerdict {
  const { spec = {}, status = {} } = object;
  const name = object.metadata.name ?? '';
  const desired = count(status.desiredNumberScheduled);
  const updated = count(status.updatedNumberScheduled);
  const available = count(status.numberAvailable);
  const progress = { done: Math.min(updated, available), total: desired };

  if (spec.updateStrategy?.type !== 'RollingUpdate') return wrongStrategy(progress);
  if (count(object.metadata.generation) > count(status.observedGeneration))
    return waiting('Waiting for daemon set spec update to be observed...', { ...progress, done: 0 });
  const prefix = `Waiting for daemon set "${name}" rollout to finish: `;
  if (updated < desired)
    return waiting(`${prefix}${updated} out of ${desired} new pods have been updated...`, progress);
  if (available < desired)
    return waiting(`${prefix}${available} of ${desired} updated pods are available...`, progress);
  return { state: 'done', text: `daemon set "${name}" successfully rolled out`, ...progress };
}

function statefulSet(object: KubeObject): RolloutVerdict {
  const { spec = {}, status = {} } = object;
  const replicas: number | undefined = spec.replicas;
  const ready = count(status.readyReplicas);
  const updated = count(status.updatedReplicas);
  const total = replicas ?? 1;
  const rollingUpdate: { partition?: number } | undefined = spec.updateStrategy?.rollingUpdate;
  const partition = rollingUpdate?.partition;
  const progress = { done: Math.min(ready, total), total };

  if (spec.updateStrategy?.type !== 'RollingUpdate') return wrongStrategy(progress);
  if (count(status.observedGeneration) === 0 || count(object.metadata.generation) > count(status.observedGeneration))
    return waiting('Waiting for statefulset spec update to be observed...', { ...progress, done: 0 });
  if (replicas !== undefined && ready < replicas)
    return waiting(`Waiting for ${replicas - ready} pods to be ready...`, progress);
  if (rollingUpdate) {
    if (replicas !== undefined && partition !== undefined && updated < replicas - partition)
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${replicas - partition} new pods have been updated...`,
        { done: updated, total: replicas - partition },
      );
    return {
      state: 'done',
      text: `partitioned roll out complete: ${updated} new pods have been updated...`,
      ...progress,
    };
  }
  if (status.updateRevision !== status.currentRevision)
    return waiting(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${status.updateRevision}...`,
      { done: Math.min(updated, total), total },
    );
  return {
    state: 'done',
    text: `statefulset rolling update complete ${count(status.currentReplicas)} pods at revision ${status.currentRevision}...`,
    ...progress,
  };
}

/** The status condition of a type, if the object has one. */
export function conditionOf(
  object: KubeObject,
  type: string,
): { readonly status?: string; readonly reason?: string; readonly message?: string } | undefined {
  const conditions: unknown = object.status?.conditions;
  return Array.isArray(conditions) ? conditions.find((condition) => condition?.type === type) : undefined;
}

function wrongStrategy(progress: Count): RolloutVerdict {
  return failed('error: rollout status is only available for RollingUpdate strategy type', progress);
}

function waiting(text: string, progress: Count): RolloutVerdict {
  return { state: 'waiting', text, ...progress };
}

function failed(text: string, progress: Count): RolloutVerdict {
  return { state: 'failed', text, ...progress };
}

/** Missing numbers count as 0, as in Go. */
function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
