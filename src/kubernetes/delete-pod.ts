import { ConflictError, NotFoundError } from '../errors.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import type { Look } from './rollout-follow.ts';
import { findWorkload, type WorkloadRef } from './workload.ts';

/** Deleting one pod: exactly the one that was looked at, never a later one of its name, and with its own grace period. */
export interface DeletePlan {
  readonly ref: WorkloadRef;
}

const CONFLICT = { hint: 'Nothing was deleted. Run the command again to plan from what is there now.' };

/** Asks the server without doing it. */
export async function tryDelete(cluster: Cluster, plan: DeletePlan, signal?: AbortSignal): Promise<void> {
  await remove(cluster, plan, true, signal);
}

/** @throws ConflictError when the pod is gone, or another one has its name; nothing was deleted then. */
export async function deletePod(cluster: Cluster, plan: DeletePlan, signal?: AbortSignal): Promise<void> {
  const { name } = plan.ref;
  await remove(cluster, plan, false, signal).catch((cause: unknown) => {
    if (cause instanceof NotFoundError)
      throw new ConflictError(`pod "${name}" is gone already.`, { ...CONFLICT, cause });
    if (cause instanceof ConflictError)
      throw new ConflictError(`pod "${name}" was replaced by another of that name since the plan was made.`, {
        ...CONFLICT,
        cause,
      });
    throw cause;
  });
}

/** Whether an earlier attempt had its effect: the pod is gone, or on its way out. */
export async function isDeleted(cluster: Cluster, plan: DeletePlan, signal?: AbortSignal): Promise<boolean> {
  const pod = await findWorkload(cluster, plan.ref, signal);
  if (!pod || pod.metadata.uid !== plan.ref.uid) return true;
  return pod.metadata.deletionTimestamp !== undefined;
}

/** What a pod on its way out waits for. Pure. */
export function deleteLook(pod: KubeObject): Look {
  const finalizers: readonly string[] = Array.isArray(pod.metadata.finalizers) ? pod.metadata.finalizers : [];
  const waits =
    finalizers.length > 0 ? `held by its finalizers: ${finalizers.join(', ')}` : 'its containers are stopping';
  return { state: 'waiting', text: `pod "${pod.metadata.name}" is terminating; ${waits}`, done: 0, total: 1 };
}

async function remove(cluster: Cluster, { ref }: DeletePlan, isTry: boolean, signal?: AbortSignal): Promise<void> {
  const { resource, namespace, name, uid } = ref;
  await cluster.request({
    method: 'DELETE',
    resource,
    namespace,
    name,
    // With a body the server reads its options from there alone and would not see the query's: it would delete. The query is for our own
    // record of calls, which tells tries from writes by it.
    query: isTry ? { dryRun: 'All' } : {},
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
      preconditions: { uid },
      ...(isTry && { dryRun: ['All'] }),
    },
    signal,
  });
}
