import { note, writeStatus } from '../controllers/act.ts';
import { isFinished } from '../controllers/pods.ts';
import { hashOf, type Json, type Obj } from '../object.ts';
import type { World } from '../world.ts';
import { durationOf, faultOf, isNodeUp } from './faults.ts';
import { PodLife } from './pod-life.ts';
import { starting } from './pod-status.ts';

const STOP_MS = 300;
const AGENT = 'kubelet';

/**
 * The kubelets of all nodes. A pod that was bound and has not started begins a life; a pod that is being deleted ends it, after its
 * termination time, and only then disappears. Pods that were planted with a status are left as they are until they are deleted.
 */
export function startKubelets(world: World): void {
  const lives = new Map<string, PodLife>();
  const ending = new Set<string>();

  world.store.listen('pods', ({ type, object }) => {
    const { uid, deletionTimestamp } = object.metadata;
    if (type === 'DELETED') {
      lives.get(uid)?.stop();
      lives.delete(uid);
      ending.delete(uid);
      return;
    }
    if (!object.spec.nodeName) return;
    if (deletionTimestamp) {
      if (!ending.has(uid)) end(world, object, lives, ending);
      return;
    }
    if (lives.has(uid) || object.status?.startTime || object.status?.containerStatuses || isFinished(object)) return;
    const life = new PodLife(world, object);
    lives.set(uid, life);
    world.after(60, () => begin(world, object, life));
  });
  // A node that comes back finishes the deletions it missed.
  world.store.listen('nodes', ({ object, previous }) => {
    if (!previous || faultOf(previous)?.name !== 'not-ready' || faultOf(object)?.name === 'not-ready') return;
    for (const pod of world.store.list('pods')) {
      if (pod.spec.nodeName !== object.metadata.name) continue;
      if (pod.metadata.deletionTimestamp) {
        ending.delete(pod.metadata.uid);
        end(world, pod, lives, ending);
      } else lives.get(pod.metadata.uid)?.resume();
    }
  });
}

function begin(world: World, pod: Obj, life: PodLife): void {
  const current = newest(world, pod);
  if (!current || current.metadata.deletionTimestamp || !isNodeUp(world, current)) return;
  writeStatus(world, 'pods', current, starting(world, current, podIpOf(current)), AGENT);
  life.start();
}

function newest(world: World, pod: Obj): Obj | undefined {
  const found = world.store.get('pods', pod.metadata.namespace, pod.metadata.name);
  return found?.metadata.uid === pod.metadata.uid ? found : undefined;
}

function podIpOf(pod: Obj): string {
  const seed = Number.parseInt(hashNumber(pod.metadata.uid), 16);
  return `10.244.${seed % 250}.${(Math.floor(seed / 250) % 250) + 2}`;
}

function hashNumber(text: string): string {
  return text.replaceAll('-', '').slice(0, 8) || hashOf(text);
}

function end(world: World, pod: Obj, lives: Map<string, PodLife>, ending: Set<string>): void {
  if (!isNodeUp(world, pod)) return;
  const { uid, deletionGracePeriodSeconds } = pod.metadata;
  ending.add(uid);
  lives.get(uid)?.stop();
  for (const status of pod.status?.containerStatuses ?? []) {
    if (!status.state?.running) continue;
    const fieldPath = `spec.containers{${status.name}}`;
    note(world, {
      about: pod,
      reason: 'Killing',
      message: `Stopping container ${status.name}`,
      component: AGENT,
      host: pod.spec.nodeName,
      fieldPath,
    });
  }
  const fault = faultOf(pod);
  const wanted = fault?.name === 'slow-stop' ? durationOf(fault.value, 10_000) : STOP_MS;
  const grace = (deletionGracePeriodSeconds ?? 30) * 1_000;
  world.after(Math.min(wanted, Math.max(grace, 1)), () => {
    const current = newest(world, pod);
    if (!current) return;
    if (!isNodeUp(world, current)) {
      ending.delete(uid);
      return;
    }
    if ((current.metadata.finalizers?.length ?? 0) === 0) {
      world.store.remove('pods', current);
      return;
    }
    // The kubelet is done; what is left is somebody's finalizer.
    const stopped: Json = { ...current.status, phase: 'Succeeded' };
    world.store.put('pods', {
      ...current,
      metadata: { ...current.metadata, deletionGracePeriodSeconds: 0 },
      status: stopped,
    });
  });
}
