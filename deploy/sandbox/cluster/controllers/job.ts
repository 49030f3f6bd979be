import { type Json, type Obj, randomSuffix } from '../object.ts';
import type { World } from '../world.ts';
import { erase, make, note, podFrom, toController, toItself, writeStatus } from './act.ts';
import { conditionOf, isActive, isReady } from './pods.ts';
import { eachKey, type Queue } from './queue.ts';

const KEY = 'jobs.batch';
const MANAGER = 'kube-controller-manager';
const COMPONENT = 'job-controller';
const FIRST_RETRY_MS = 10_000;

/** Runs pods until enough have succeeded, or until too many have failed or time is up. */
export function startJobs(world: World): void {
  const watching = [
    { key: KEY, toKeys: toItself },
    { key: 'pods', toKeys: toController('Job') },
  ];
  eachKey(world, watching, (namespace, name, queue) => {
    const job = world.store.get(KEY, namespace, name);
    if (job && !job.metadata.deletionTimestamp) reconcile(world, job, queue);
  });
}

function reconcile(world: World, job: Obj, queue: Queue): void {
  if (conditionOf(job, 'Complete') || conditionOf(job, 'Failed')) return;
  const { spec } = job;
  const id = `${job.metadata.namespace}/${job.metadata.name}`;
  const now = world.timestamp();
  const pods = world.store.owned('pods', job.metadata.uid);
  const succeeded = pods.filter((pod) => pod.status?.phase === 'Succeeded').length;
  const failed = pods.filter((pod) => pod.status?.phase === 'Failed').length;
  const active = pods.filter(isActive);
  const status: Json = { ...job.status, startTime: spec.suspend ? undefined : (job.status?.startTime ?? now) };
  // Restarts in place count towards the limit too.
  const restarts = active.reduce((sum, pod) => sum + (pod.status?.containerStatuses?.[0]?.restartCount ?? 0), 0);
  const deadlineMs = (spec.activeDeadlineSeconds ?? 0) * 1_000;
  const isLate = deadlineMs > 0 && job.status?.startTime && world.elapsedSince(job.status.startTime) >= deadlineMs;
  const isFailing =
    failed > spec.backoffLimit || (spec.template.spec.restartPolicy === 'OnFailure' && restarts > spec.backoffLimit);
  if (isLate || isFailing) {
    const reason = isLate ? 'DeadlineExceeded' : 'BackoffLimitExceeded';
    const message = isLate
      ? 'Job was active longer than specified deadline'
      : 'Job has reached the specified backoff limit';
    for (const pod of active) erase(world, 'pods', pod);
    note(world, { about: job, type: 'Warning', reason, message, component: COMPONENT });
    close(
      world,
      job,
      { ...status, failed: failed + active.length, ...(succeeded > 0 ? { succeeded } : {}) },
      'Failed',
      reason,
      message,
    );
    return;
  }
  if (succeeded >= spec.completions) {
    note(world, { about: job, reason: 'Completed', message: 'Job completed', component: COMPONENT });
    close(
      world,
      job,
      { ...status, succeeded, completionTime: now, ...(failed > 0 ? { failed } : {}) },
      'Complete',
      'CompletionsReached',
      'Reached expected number of succeeded pods',
    );
    return;
  }
  if (deadlineMs > 0 && status.startTime)
    queue.addAfter(id, Math.max(50, deadlineMs - world.elapsedSince(status.startTime) + 50));
  const made = spec.suspend ? 0 : createMissing(world, job, active.length, succeeded, failed, pods, queue, id);
  if (spec.suspend) for (const pod of active) erase(world, 'pods', pod);
  const running = spec.suspend ? 0 : active.length + made;
  const next: Json = { ...status };
  for (const [field, value] of Object.entries({ active: running, succeeded, failed })) {
    if (value > 0) next[field] = value;
    else delete next[field];
  }
  next.ready = active.filter(isReady).length;
  next.terminating = pods.filter((pod) => pod.metadata.deletionTimestamp).length;
  const latest = world.store.get(KEY, job.metadata.namespace, job.metadata.name);
  if (latest) writeStatus(world, KEY, latest, next, MANAGER);
}

function createMissing(
  world: World,
  job: Obj,
  active: number,
  succeeded: number,
  failed: number,
  pods: Obj[],
  queue: Queue,
  id: string,
): number {
  const { parallelism, completions, template } = job.spec;
  const missing = Math.min(parallelism, completions - succeeded) - active;
  if (missing <= 0) return 0;
  if (failed > 0) {
    // Back off between failures, doubling, so that a broken Job does not storm the cluster.
    const ends = pods
      .filter((pod) => pod.status?.phase === 'Failed')
      .map((pod) => pod.status.containerStatuses?.[0]?.state?.terminated?.finishedAt);
    const wait = FIRST_RETRY_MS * 2 ** (failed - 1) - world.elapsedSince(ends.filter(Boolean).sort().at(-1));
    if (wait > 0) {
      queue.addAfter(id, wait);
      return 0;
    }
  }
  let made = 0;
  for (; made < missing; made++) {
    const pod = make(world, 'pods', podFrom(job, template, `${job.metadata.name}-${randomSuffix()}`), MANAGER);
    if (!pod) break;
    note(world, {
      about: job,
      reason: 'SuccessfulCreate',
      message: `Created pod: ${pod.metadata.name}`,
      component: COMPONENT,
    });
  }
  return made;
}

function close(
  world: World,
  job: Obj,
  status: Json,
  type: 'Complete' | 'Failed',
  reason: string,
  message: string,
): void {
  const now = world.timestamp();
  const condition = (name: string): Json => ({
    type: name,
    status: 'True',
    lastProbeTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  const { active: _, ...rest } = status;
  const conditions = [condition(type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'), condition(type)];
  writeStatus(world, KEY, job, { ...rest, ready: 0, terminating: 0, conditions }, MANAGER);
  const ttl = job.spec.ttlSecondsAfterFinished;
  if (ttl === undefined) return;
  world.after(ttl * 1_000, () => {
    const current = world.store.get(KEY, job.metadata.namespace, job.metadata.name);
    if (current?.metadata.uid === job.metadata.uid) erase(world, KEY, current, { propagationPolicy: 'Foreground' });
  });
}
