import type { Json } from '../object.ts';
import type { Age } from './column.ts';

/** The STATUS column of pods; follows `printPod` line by line, because people read incidents off it. */
export function podReason(pod: Json): string {
  let reason: string = pod.status?.reason || pod.status?.phase || '';
  const scheduled = (pod.status?.conditions ?? []).find((one: Json) => one.type === 'PodScheduled');
  if (scheduled?.reason === 'SchedulingGated') reason = 'SchedulingGated';
  const initial = initReason(pod);
  if (initial) reason = initial;
  if (!initial || isInitialized(pod)) {
    let hasRunning = false;
    for (const status of [...(pod.status?.containerStatuses ?? [])].reverse()) {
      const { waiting, terminated, running } = status.state ?? {};
      if (waiting?.reason) reason = waiting.reason;
      else if (terminated?.reason) reason = terminated.reason;
      else if (terminated)
        reason = terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
      else if (status.ready && running) hasRunning = true;
    }
    if (reason === 'Completed' && hasRunning) {
      const isReady = (pod.status?.conditions ?? []).some((one: Json) => one.type === 'Ready' && one.status === 'True');
      reason = isReady ? 'Running' : 'NotReady';
    }
  }
  if (pod.metadata.deletionTimestamp && pod.status?.reason === 'NodeLost') return 'Unknown';
  const isFinished = pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
  return pod.metadata.deletionTimestamp && !isFinished ? 'Terminating' : reason;
}

function initReason(pod: Json): string | undefined {
  const statuses: Json[] = pod.status?.initContainerStatuses ?? [];
  for (const [index, status] of statuses.entries()) {
    const { waiting, terminated } = status.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (terminated) {
      if (terminated.reason) return `Init:${terminated.reason}`;
      return terminated.signal ? `Init:Signal:${terminated.signal}` : `Init:ExitCode:${terminated.exitCode}`;
    }
    if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
    return `Init:${index}/${pod.spec?.initContainers?.length ?? 0}`;
  }
  return undefined;
}

function isInitialized(pod: Json): boolean {
  return (pod.status?.conditions ?? []).some((one: Json) => one.type === 'Initialized' && one.status === 'True');
}

/** The RESTARTS column: `3 (2m ago)`. */
export function podRestarts(pod: Json, age: Age): string {
  const statuses: Json[] = [...(pod.status?.containerStatuses ?? [])];
  const count = statuses.reduce((sum, status) => sum + (status.restartCount ?? 0), 0);
  const last = statuses
    .map((status) => status.lastState?.terminated?.finishedAt)
    .filter(Boolean)
    .sort()
    .at(-1);
  return count === 0 || !last ? String(count) : `${count} (${age(last)} ago)`;
}
