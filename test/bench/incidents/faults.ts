import { bigPod } from '../big-cluster.ts';
import type { PodRef } from './floor.ts';

/** What a kubelet writes into a pod's status when something is wrong; each with an id, so that its message can be told from others. */
export type FaultKind = 'image' | 'crash' | 'registry';

type Json = Record<string, unknown>;

export function fault(ref: PodRef, kind: FaultKind, id: number): object {
  const at = stamp();
  const { containerStatuses = [], conditions = [] } = bigPod(ref.set * 20).status as {
    containerStatuses?: Json[];
    conditions?: Json[];
  };
  const status = containerStatuses[0] as Json;
  const image = `${String(status.image)}-${id}`;
  const notReady = conditions.map((one) =>
    one.type === 'Ready' || one.type === 'ContainersReady'
      ? {
          ...{ ...one, status: 'False', reason: 'ContainersNotReady', lastTransitionTime: at },
          message: 'containers with unready status: [app]',
        }
      : one,
  );
  const changed = { ...status, ready: false, started: false, ...states(kind, image, at, id) };
  return {
    status: { phase: kind === 'crash' ? 'Running' : 'Pending', conditions: notReady, containerStatuses: [changed] },
  };
}

/** Only its readiness is gone, as when its node is. */
export function notReady(ref: PodRef): object {
  const at = stamp();
  const { conditions = [] } = bigPod(ref.set * 20).status as { conditions?: Json[] };
  return {
    status: {
      conditions: conditions.map((one) =>
        one.type === 'Ready' ? { ...one, status: 'False', lastTransitionTime: at } : one,
      ),
    },
  };
}

/** Healthy again. */
export function healthy(ref: PodRef): object {
  const { containerStatuses, conditions } = bigPod(ref.set * 20).status as Json;
  return { status: { phase: 'Running', conditions, containerStatuses } };
}

function states(kind: FaultKind, image: string, at: string, id: number): Json {
  if (kind === 'crash') {
    const ended = { exitCode: 1, reason: 'Error', startedAt: at, finishedAt: at, message: `fault ${id}` };
    return {
      restartCount: 4,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 1m20s restarting failed container=app' } },
      lastState: { terminated: ended },
    };
  }
  const why =
    kind === 'image'
      ? `failed to resolve reference "${image}": ${image}: not found`
      : `failed to do request: Head "https://registry.example.com/v2/": dial tcp 203.0.113.9:443: i/o timeout`;
  const message = `Back-off pulling image "${image}": ErrImagePull: rpc error: code = Unknown desc = failed to pull and unpack image "${image}": ${why}`;
  return {
    image,
    imageID: '',
    restartCount: 0,
    state: { waiting: { reason: 'ImagePullBackOff', message } },
    lastState: {},
  };
}

function stamp(): string {
  return new Date().toISOString().replace(/\.\d+/, '');
}
