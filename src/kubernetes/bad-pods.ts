import { blockingPods } from './blocking-pods.ts';
import type { KubeObject } from './cluster.ts';
import { conditionOf } from './rollout-status.ts';

/** What the API says of one container of a pod. */
export interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}
export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: Termination;
}
export interface Termination {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** All container statuses of a pod, those of init containers first. */
export function statusesOf(pod: KubeObject): readonly ContainerStatus[] {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
}

/** The container that is in trouble: waiting for a reason, ended badly, or not ready after restarts; undefined when all are well. */
export function badContainer(pod: KubeObject): string | undefined {
  const statuses = statusesOf(pod);
  const found =
    statuses.find(
      ({ state }) => state?.waiting && !['ContainerCreating', 'PodInitializing'].includes(state.waiting.reason ?? ''),
    ) ??
    statuses.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0) ??
    statuses.find(({ ready, restartCount = 0, lastState }) => !ready && restartCount > 0 && lastState?.terminated) ??
    statuses.find(({ ready, state }) => !ready && state?.running);
  return found?.name;
}

/**
 * The pod that somebody who asks about a workload wants to see: the first that is in trouble; otherwise kubectl's choice for logs (on a
 * node, running, ready, the most restarts, the oldest; kubectl `podutils.ByLogging`).
 */
export function podToLookAt(pods: readonly KubeObject[]): KubeObject | undefined {
  const [worst] = blockingPods(pods, 1);
  if (worst) return pods.find((pod) => pod.metadata.name === worst.pod);
  return [...pods].sort((a, b) => firstDifference(rankOf(a), rankOf(b))).at(0);
}

function rankOf(pod: KubeObject): readonly (number | string)[] {
  const phases = ['Running', 'Unknown', 'Pending'];
  const phase = phases.indexOf(pod.status?.phase);
  const restarts = Math.max(0, ...statusesOf(pod).map(({ restartCount = 0 }) => restartCount));
  return [
    pod.spec?.nodeName ? 0 : 1,
    phase < 0 ? phases.length : phase,
    conditionOf(pod, 'Ready')?.status === 'True' ? 0 : 1,
    -restarts,
    pod.metadata.creationTimestamp ?? '',
    pod.metadata.name ?? '',
  ];
}

function firstDifference(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  if (at < 0) return 0;
  return (a[at] as number | string) < (b[at] as number | string) ? -1 : 1;
}
