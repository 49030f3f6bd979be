import type { Judging } from '../rule.ts';
import type { SeenPod } from '../seen/pod.ts';
import { backOffRestarts, lastTermination, type PodContainer } from './containers.ts';

/** A container that starts and ends again and again. */
export interface CrashLoop {
  /** Since when it is one (its second restart), epoch ms. */
  readonly since: number;
  /** Restarts within the last hour, as far as they were seen or the back-off tells. */
  readonly restarts: number;
  /** When the answer may change although nothing happens. */
  readonly lookAgainAt: number | undefined;
}

const HOUR_MS = 3_600_000;
/** The waiting reason is no safe test: containers alternate with Running, and from Kubernetes 1.35 a back-off may be as short as 1 s. */
const SHORT_RUN_MS = 60_000;

/**
 * Whether a container is in a crash loop: in back-off after at least its second restart, or restarted `restarts` times within `windowMs`
 * with a failure each time. Between two crashes it may look healthy: a short run does not end the loop.
 *
 * Remembers the restart count of containers that ended within the last hour, and of no other.
 */
export function crashLoop(
  container: PodContainer,
  pod: SeenPod,
  at: Judging,
  limits: { readonly restarts: number; readonly windowMs: number },
): CrashLoop | undefined {
  const { status, name } = container;
  const ended = lastTermination(status);
  const isBackingOff = status.state.waiting?.reason === 'CrashLoopBackOff';
  if (status.restartCount === 0 || (!isBackingOff && !endedWithin(ended, at.now, HOUR_MS))) return undefined;

  const count = status.restartCount;
  const recent = at.memory.rise(
    `restarts ${name}`,
    count,
    limits.windowMs,
    baseline(container, pod, at.now, limits.windowMs),
  );
  const restarts = at.memory.rise(`hourly ${name}`, count, HOUR_MS, baseline(container, pod, at.now, HOUR_MS));
  const hasFailed = ended !== undefined && ended.exitCode !== 0;
  // A run that is longer than what so many restarts in the window leave for each has outlived the loop.
  const isRepeating =
    recent >= limits.restarts && hasFailed && ranFor(container, at.now) <= limits.windowMs / limits.restarts;
  const isBetween = recent >= 2 && hasFailed && endedWithin(ended, at.now, SHORT_RUN_MS);
  const isLoop = (isBackingOff && count >= 2) || isRepeating || isBetween;

  const first = at.memory.since(`looping ${name}`, isLoop);
  if (!isLoop) return undefined;
  // Of the run that is meant by the count: with the second restart, that is when the loop began.
  const started = (status.state.running ?? ended)?.startedAt || first;
  return { since: Math.min(first, started), restarts, lookAgainAt: lookAgain(container, limits) };
}

function endedWithin(ended: { readonly finishedAt: number } | undefined, now: number, withinMs: number): boolean {
  return ended !== undefined && now - ended.finishedAt <= withinMs;
}

/** How long the present run lasts, ms; 0 when it does not run. */
function ranFor({ status }: PodContainer, now: number): number {
  return status.state.running ? now - status.state.running.startedAt : 0;
}

function lookAgain({ status }: PodContainer, limits: { restarts: number; windowMs: number }): number | undefined {
  if (!status.state.running) return undefined;
  return status.state.running.startedAt + limits.windowMs / limits.restarts + 1;
}

/** What the count was when the window began, for a container that nobody watched then. */
function baseline({ status }: PodContainer, pod: SeenPod, now: number, windowMs: number): number {
  const count = status.restartCount;
  if (pod.metadata.creationTimestamp >= now - windowMs) return 0;
  const waiting = status.state.waiting;
  if (waiting?.reason === 'CrashLoopBackOff') {
    const told = backOffRestarts(waiting.message);
    return told === undefined ? 0 : Math.max(0, count - told);
  }
  return endedWithin(lastTermination(status), now, windowMs) ? count - 1 : count;
}
