import type { SeenCondition } from '../seen/object.ts';
import type { SeenPod, SeenTermination } from '../seen/pod.ts';
import type { SeenJob } from '../seen/workloads.ts';
import type { Sight } from '../sight.ts';
import { type Ailment, ailmentOf } from './ailments.ts';
import { containersOf } from './containers.ts';
import { exitText, isOutOfMemory, lastWords } from './exit-codes.ts';

/** Given up for good (`Failed`), or about to be once its pods are gone (`FailureTarget`). Failed pods alone are retries. */
export function failureOf(job: SeenJob): SeenCondition | undefined {
  return isTrue(job, 'Failed') ?? isTrue(job, 'FailureTarget');
}

export function hasSucceeded(job: SeenJob): boolean {
  return isTrue(job, 'Complete') !== undefined || isTrue(job, 'SuccessCriteriaMet') !== undefined;
}

export function isOver(job: SeenJob): boolean {
  return hasSucceeded(job) || failureOf(job) !== undefined;
}

/** Set on a Job that was started to repeat another one: that one's name. */
export const RERUN_OF = 'shipmate/rerun-of';

/**
 * Jobs that speak for this one: newer runs of the same CronJob, and reruns of it by hand. The times of creation tell the order, also where
 * runs overlap.
 */
export function laterRuns(job: SeenJob, sight: Sight): readonly SeenJob[] {
  const { owner, namespace, name, uid, creationTimestamp } = job.metadata;
  const siblings = owner ? [...sight.ownedBy('Job', owner.uid)] : [];
  const reruns = [...sight.inNamespace('Job', namespace)].filter(
    (other) => other.metadata.annotations[RERUN_OF] === name,
  );
  const isLater = ({ metadata }: SeenJob): boolean =>
    metadata.uid !== uid &&
    (metadata.creationTimestamp > creationTimestamp ||
      (metadata.creationTimestamp === creationTimestamp && metadata.name > name));
  return [...new Set([...siblings, ...reruns])].filter(isLater);
}

/** How long the finished, successful runs of the same CronJob took, ms, ascending. */
export function pastDurations(ownerUid: string, sight: Sight): readonly number[] {
  return [...sight.ownedBy('Job', ownerUid)]
    .filter(hasSucceeded)
    .map(({ status }) => (status.completionTime ?? 0) - (status.startTime ?? 0))
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
}

/** Nearest-rank 95th percentile of ascending values. */
export function p95(ascending: readonly number[]): number | undefined {
  return ascending[Math.ceil(ascending.length * 0.95) - 1];
}

export interface FailedPod {
  readonly pod: SeenPod;
  readonly container: string;
  readonly termination: SeenTermination;
}

/** The pod of a Job that failed last, and how. Undefined: none is left to look at. */
export function lastFailedPod(job: SeenJob, sight: Sight): FailedPod | undefined {
  let last: FailedPod | undefined;
  for (const pod of sight.podsOf(job)) {
    for (const found of failedContainers(pod)) {
      if (!last || found.termination.finishedAt > last.termination.finishedAt) last = found;
    }
  }
  return last;
}

function failedContainers(pod: SeenPod): readonly FailedPod[] {
  return [...pod.status.initContainerStatuses, ...pod.status.containerStatuses].flatMap(
    ({ name, state, lastState }) => {
      const termination = state.terminated ?? lastState.terminated;
      return termination && termination.exitCode !== 0 ? [{ pod, container: name, termination }] : [];
    },
  );
}

/** `app ended with exit code 1 (app error): connection refused`, `app ran out of memory (OOMKilled)`. */
export function endingOf({ container, termination }: FailedPod): string {
  if (isOutOfMemory(termination)) return `${container} ran out of memory (OOMKilled)`;
  const words = lastWords(termination.message);
  return `${container} ended with ${exitText(termination)}${words === '' ? '' : `: ${words}`}`;
}

export interface StuckPod {
  readonly pod: SeenPod;
  readonly container: string;
  readonly ailment: Ailment;
}

/** A pod of a Job that cannot start: its image or its configuration is wrong. It never fails, so the Job neither retries nor gives up. */
export function stuckPod(job: SeenJob, sight: Sight): StuckPod | undefined {
  for (const pod of sight.podsOf(job)) {
    if (pod.status.phase !== 'Pending' && pod.status.phase !== 'Running') continue;
    for (const container of containersOf(pod)) {
      if (!container.status.state.waiting) continue;
      const ailment = ailmentOf(container, pod, sight.events(pod.metadata.uid));
      if (ailment?.kind === 'image' || ailment?.kind === 'config') return { pod, container: container.name, ailment };
    }
  }
  return undefined;
}

function isTrue(job: SeenJob, type: string): SeenCondition | undefined {
  return job.status.conditions.find((condition) => condition.type === type && condition.status === 'True');
}
