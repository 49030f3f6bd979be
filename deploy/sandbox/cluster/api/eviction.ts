import { disrupt } from '../controllers/pods.ts';
import type { Json, Obj } from '../object.ts';
import type { Resource } from '../resources.ts';
import { ApiError, badRequest, notFound } from '../status.ts';
import type { World } from '../world.ts';
import { remove } from './delete.ts';
import { fromLabelSelector } from './label-selector.ts';

const TOO_MANY = "Cannot evict pod as it would violate the pod's disruption budget.";

/**
 * Evicts a pod if every disruption budget allows it; source: k8s.io/kubernetes/pkg/registry/core/pod/storage/eviction.go.
 * @throws ApiError 404, 429 with the budget as the cause, 500 when two budgets cover the pod.
 */
export function evict(
  world: World,
  pods: Resource,
  namespace: string,
  name: string,
  body: Json,
  isDryRunAsked: boolean,
): Json {
  if (body?.metadata?.name !== undefined && body.metadata.name !== name)
    throw badRequest(`name in URL does not match name in Eviction object`);
  const pod = world.store.get('pods', namespace, name);
  if (!pod) throw notFound(pods, name);
  const options = body?.deleteOptions ?? {};
  const isDryRun = isDryRunAsked || options.dryRun?.includes('All');
  const spend = canIgnoreBudget(pod) ? undefined : budgetFor(world, pod);
  if (spend && !isDryRun) {
    const { budget } = spend;
    const status = {
      ...budget.status,
      disruptionsAllowed: budget.status.disruptionsAllowed - 1,
      disruptedPods: { ...budget.status.disruptedPods, [name]: world.timestamp() },
    };
    world.store.put('poddisruptionbudgets.policy', { ...budget, metadata: { ...budget.metadata }, status });
  }
  if (!isDryRun) disrupt(world, pod, 'EvictionByEvictionAPI', 'Eviction API: evicting');
  remove(world, pods, namespace, name, {
    gracePeriodSeconds: options.gracePeriodSeconds,
    preconditions: options.preconditions,
    isDryRun,
  });
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}

function canIgnoreBudget(pod: Obj): boolean {
  const phase = pod.status?.phase;
  return (
    phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined
  );
}

/** The budget to spend from; undefined when none covers the pod or when it may go without spending. */
function budgetFor(world: World, pod: Obj): { budget: Obj } | undefined {
  const budgets = world.store
    .list('poddisruptionbudgets.policy', pod.metadata.namespace)
    .filter((budget) => fromLabelSelector(budget.spec?.selector)(pod.metadata.labels));
  if (budgets.length === 0) return undefined;
  if (budgets.length > 1) {
    throw new ApiError(
      500,
      'InternalError',
      `Internal error occurred: This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.`,
      {
        causes: [
          {
            message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
          },
        ],
      },
    );
  }
  const budget = budgets[0] as Obj;
  const { name, generation } = budget.metadata;
  const status = budget.status ?? {};
  const isReady = (pod.status?.conditions ?? []).some((one: Json) => one.type === 'Ready' && one.status === 'True');
  const isAlways = budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow';
  if (!isReady && (isAlways || (status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0)))
    return undefined;
  if ((status.observedGeneration ?? 0) < (generation ?? 0)) {
    throw tooMany(TOO_MANY, `The disruption budget ${name} is still being processed by the server.`, 10);
  }
  if (!(status.disruptionsAllowed > 0)) {
    throw tooMany(
      TOO_MANY,
      `The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`,
    );
  }
  return { budget };
}

function tooMany(message: string, cause: string, retryAfterSeconds?: number): ApiError {
  return new ApiError(429, 'TooManyRequests', message, {
    causes: [{ reason: 'DisruptionBudget', message: cause }],
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
