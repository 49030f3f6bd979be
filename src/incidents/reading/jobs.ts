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

/** Set by `/k8s rerun` on the new Job: the name of the one that it repeats. */
export const RERUN_OF = 'shipmate/rerun-of';

/** Newer runs of the same CronJob. The times of creation tell the order, also where runs overlap. */
export function laterRuns(job: SeenJob, sight: Sight): readonly SeenJob[] {
  const cronJob = cronJobOf(job);
  if (cronJob === undefined) return [];
  const { uid, name, creationTimestamp } = job.metadata;
  return [...sight.ownedBy('Job', cronJob)].filter(
    ({ metadata }) =>
      metadata.uid !== uid &&
      (metadata.creationTimestamp > creationTimestamp ||
        (metadata.creationTimestamp === creationTimestamp && metadata.name > name)),
  );
}

/** Jobs that repeat this one by hand, and those that repeat them. */
export function rerunsOf(job: SeenJob, sight: Sight): readonly SeenJob[] {
  const names = new Set([job.metadata.name]);
  const found = [...sight.inNamespace('Job', job.metadata.namespace)]
    .filter(({ metadata }) => metadata.annotations[RERUN_OF] !== undefined)
    .sort((a, b) => a.metadata.creationTimestamp - b.metadata.creationTimestamp);
  return found.filter(({ metadata }) => {
    const isRerun = names.has(metadata.annotations[RERUN_OF] as string) && !names.has(metadata.name);
    if (isRerun) names.add(metadata.name);
    return isRerun;
  });
}

/** The failed Job, still there, that this one repeats: it speaks for both. */
export function repeatedBy(job: SeenJob, sight: Sight): SeenJob | undefined {
  const name = job.metadata.annotations[RERUN_OF];
  const original = name === undefined ? undefined : sight.get('Job', job.metadata.namespace, name);
  return original && failureOf(original) ? original : undefined;
}

/** uid of the CronJob that made it. Jobs of one operator are different work: the success of one says nothing about another. */
export function cronJobOf(job: SeenJob): string | undefined {
  return job.metadata.owner?.kind === 'CronJob' ? job.metadata.owner.uid : undefined;
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
