import { type Json, type Obj, randomSuffix } from '../object.ts';
import type { World } from '../world.ts';
import { erase, make, note, podFrom, toController, toItself, writeStatus } from './act.ts';
import { byExpendability, isActive, isAvailable, isReady } from './pods.ts';
import { eachKey, type Queue } from './queue.ts';

const MANAGER = 'kube-controller-manager';

/** Keeps as many pods as wanted: ReplicaSets, and the older ReplicationControllers, which are the same but for the selector. */
export function startReplicaSets(world: World): void {
  for (const [key, kind, component] of [
    ['replicasets.apps', 'ReplicaSet', 'replicaset-controller'],
    ['replicationcontrollers', 'ReplicationController', 'replication-controller'],
  ] as const) {
    const watching = [
      { key, toKeys: toItself },
      { key: 'pods', toKeys: toController(kind) },
    ];
    eachKey(world, watching, (namespace, name, queue) => {
      const set = world.store.get(key, namespace, name);
      if (set) reconcile(world, key, component, set, queue);
    });
  }
}

function reconcile(world: World, key: string, component: string, set: Obj, queue: Queue): void {
  const owned = (): Obj[] => world.store.owned('pods', set.metadata.uid);
  const active = owned().filter(isActive);
  const wanted: number = set.spec.replicas ?? 1;
  if (!set.metadata.deletionTimestamp) {
    for (let n = active.length; n < wanted; n++) {
      const pod = make(
        world,
        'pods',
        podFrom(set, set.spec.template, `${set.metadata.name}-${randomSuffix()}`),
        MANAGER,
      );
      if (!pod) break;
      note(world, { about: set, reason: 'SuccessfulCreate', message: `Created pod: ${pod.metadata.name}`, component });
    }
    for (const pod of [...active].sort(byExpendability).slice(0, Math.max(0, active.length - wanted))) {
      erase(world, 'pods', pod);
      note(world, { about: set, reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}`, component });
    }
  }
  const all = owned();
  const pods = all.filter(isActive);
  const ready = pods.filter(isReady).length;
  const minReadySeconds: number = set.spec.minReadySeconds ?? 0;
  const available = pods.filter((pod) => isAvailable(world, pod, minReadySeconds)).length;
  if (available < ready) queue.addAfter(`${set.metadata.namespace}/${set.metadata.name}`, 1_000);
  const status: Json = { replicas: pods.length };
  if (pods.length > 0) status.fullyLabeledReplicas = pods.length;
  if (ready > 0) status.readyReplicas = ready;
  if (available > 0) status.availableReplicas = available;
  status.observedGeneration = set.metadata.generation ?? 1;
  const latest = world.store.get(key, set.metadata.namespace, set.metadata.name);
  if (latest) writeStatus(world, key, latest, status, MANAGER);
}
