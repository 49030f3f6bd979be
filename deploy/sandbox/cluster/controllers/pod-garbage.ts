import type { World } from '../world.ts';
import { erase } from './act.ts';
import { disrupt, isFinished } from './pods.ts';

/** Deletes pods whose node is no more, as the pod garbage collector does after its quarantine. */
export function startPodGarbageCollection(world: World): void {
  world.store.listen('nodes', ({ type, object }) => {
    if (type === 'DELETED') world.after(QUARANTINE_MS, () => collect(world, object.metadata.name));
  });
}

/** kubernetes/pkg/controller/podgc: quarantineTime. */
const QUARANTINE_MS = 40_000;

function collect(world: World, node: string): void {
  if (world.store.get('nodes', undefined, node)) return;
  for (const pod of world.store.list('pods')) {
    if (pod.spec.nodeName !== node) continue;
    if (!isFinished(pod)) disrupt(world, pod, 'DeletionByPodGC', 'PodGC: node no longer exists');
    erase(world, 'pods', pod, { gracePeriodSeconds: 0 });
  }
}
