import type { KubeObject } from './cluster.ts';
import { conditionOf } from './rollout-status.ts';

/** Why a pod does not get ready: the reason as Kubernetes names it, and what it says about it. */
export interface Blocked {
  readonly pod: string;
  readonly reason: string;
  readonly message: string;
}

/** Waiting reasons of a container that is simply on its way. */
const ON_ITS_WAY = new Set(['ContainerCreating', 'PodInitializing', '']);

/**
 * The pods that hold a rollout back, worst first: what people look up next. Pods that are ready, starting or going away are not named.
 * @param limit at most this many.
 */
export function blockingPods(pods: readonly KubeObject[], limit = 3): readonly Blocked[] {
  return pods
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .flatMap((pod) => reasonOf(pod) ?? [])
    .sort((a, b) => rank(a.reason) - rank(b.reason) || (a.pod < b.pod ? -1 : 1))
    .slice(0, limit);
}

/** `web-7c9d-x2x: ImagePullBackOff (Back-off pulling image "web:nope")`. */
export function blockedText({ pod, reason, message }: Blocked): string {
  return message === '' ? `${pod}: ${reason}` : `${pod}: ${reason} (${message})`;
}

const WORST_FIRST = [
  'ImagePullBackOff',
  'ErrImagePull',
  'CreateContainerConfigError',
  'CrashLoopBackOff',
  'OOMKilled',
  'Unschedulable',
];

function rank(reason: string): number {
  const at = WORST_FIRST.indexOf(reason);
  return at < 0 ? WORST_FIRST.length : at;
}

function reasonOf(pod: KubeObject): Blocked | undefined {
  const name = pod.metadata.name ?? '';
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False')
    return { pod: name, reason: scheduled.reason ?? 'Unschedulable', message: short(scheduled.message) };
  const statuses: unknown[] = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of statuses as ContainerStatus[]) {
    const waiting = status.state?.waiting;
    if (waiting && !ON_ITS_WAY.has(waiting.reason ?? ''))
      return { pod: name, reason: waiting.reason ?? '', message: short(waiting.message ?? lastEnd(status)) };
    const ended = status.state?.terminated;
    if (ended && ended.exitCode !== 0)
      return { pod: name, reason: ended.reason ?? 'Error', message: `exit code ${ended.exitCode}` };
  }
  if (pod.status?.phase === 'Failed')
    return { pod: name, reason: pod.status.reason ?? 'Failed', message: short(pod.status.message) };
  const ready = conditionOf(pod, 'Ready');
  const isRunning = pod.status?.phase === 'Running';
  if (isRunning && ready?.status === 'False')
    return { pod: name, reason: 'NotReady', message: short(ready.message ?? 'its readiness probe has not passed') };
  return undefined;
}

interface ContainerStatus {
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  };
  readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly exitCode?: number } };
}

function lastEnd(status: ContainerStatus): string {
  const last = status.lastState?.terminated;
  return last ? `last ended with ${last.reason ?? 'Error'}, exit code ${last.exitCode}` : '';
}

function short(message: string | undefined): string {
  const line = (message ?? '').split('\n', 1)[0] as string;
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
