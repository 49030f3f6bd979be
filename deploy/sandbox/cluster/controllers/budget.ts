import { fromLabelSelector } from '../api/label-selector.ts';
import { controllerOf, type Json, keyOf, type Obj } from '../object.ts';
import type { World } from '../world.ts';
import { toItself, writeStatus } from './act.ts';
import { isActive, isFinished, isReady, scaled, withCondition } from './pods.ts';
import { eachKey } from './queue.ts';

const KEY = 'poddisruptionbudgets.policy';

/** Works out how many pods each budget can lose; source: k8s.io/kubernetes/pkg/controller/disruption. */
export function startBudgets(world: World): void {
  const watching = [
    { key: KEY, toKeys: toItself },
    {
      key: 'pods',
      toKeys: ({ object }: { object: Obj }) => world.store.list(KEY, object.metadata.namespace).map(keyOf),
    },
  ];
  eachKey(world, watching, (namespace, name) => {
    const budget = world.store.get(KEY, namespace, name);
    if (budget && !budget.metadata.deletionTimestamp) reconcile(world, budget);
  });
}

function reconcile(world: World, budget: Obj): void {
  const { namespace } = budget.metadata;
  const matches = fromLabelSelector(budget.spec?.selector);
  const pods = world.store.list('pods', namespace).filter((pod) => !isFinished(pod) && matches(pod.metadata.labels));
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  const isCounted = typeof minAvailable === 'number';
  const expected = isCounted ? pods.length : expectedPods(world, pods);
  const desired =
    maxUnavailable === undefined
      ? scaled(minAvailable ?? 0, expected, 'up')
      : Math.max(0, expected - scaled(maxUnavailable, expected, 'up'));
  const stillThere = new Set(pods.filter(isActive).map((pod) => pod.metadata.name));
  const disrupted = Object.fromEntries(
    Object.entries(budget.status?.disruptedPods ?? {}).filter(([pod]) => stillThere.has(pod)),
  );
  const healthy = pods.filter((pod) => isActive(pod) && isReady(pod) && !(pod.metadata.name in disrupted)).length;
  const allowed = expected > 0 ? Math.max(0, healthy - desired) : 0;
  const condition = {
    type: 'DisruptionAllowed',
    status: allowed > 0 ? 'True' : 'False',
    observedGeneration: budget.metadata.generation,
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  };
  const status: Json = {
    conditions: withCondition(budget.status?.conditions, condition, world.timestamp()),
    currentHealthy: healthy,
    desiredHealthy: desired,
    disruptionsAllowed: allowed,
    expectedPods: expected,
    observedGeneration: budget.metadata.generation,
    ...(Object.keys(disrupted).length > 0 ? { disruptedPods: disrupted } : {}),
  };
  writeStatus(world, KEY, budget, status, 'kube-controller-manager');
}

const SCALED_BY: Record<string, string> = {
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicationController: 'replicationcontrollers',
};

/** The sum of what the pods' controllers want, each counted once; a Deployment speaks for its ReplicaSets. */
function expectedPods(world: World, pods: readonly Obj[]): number {
  const wanted = new Map<string, number>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    const key = owner && SCALED_BY[owner.kind];
    const controller = key && world.store.get(key, pod.metadata.namespace, owner.name);
    if (!controller) continue;
    const parent = controllerOf(controller);
    const deployment =
      parent?.kind === 'Deployment'
        ? world.store.get('deployments.apps', pod.metadata.namespace, parent.name)
        : undefined;
    const top = deployment ?? controller;
    wanted.set(top.metadata.uid, top.spec.replicas ?? 1);
  }
  return [...wanted.values()].reduce((sum, count) => sum + count, 0);
}
