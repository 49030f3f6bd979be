import { nextFire, scheduleOf } from '../../../../src/incidents/reading/cron.ts';
import { type Json, type Obj, rfc3339 } from '../object.ts';
import type { World } from '../world.ts';
import { erase, make, note, ownerReference, toController, toItself, writeStatus } from './act.ts';
import { conditionOf } from './pods.ts';
import { eachKey, type Queue } from './queue.ts';

const KEY = 'cronjobs.batch';
const JOBS = 'jobs.batch';
const MANAGER = 'kube-controller-manager';
const COMPONENT = 'cronjob-controller';

/** Starts a Job whenever a schedule says so, and forgets old ones. Concurrency policies other than Allow are taken for Forbid. */
export function startCronJobs(world: World): void {
  const watching = [
    { key: KEY, toKeys: toItself },
    { key: JOBS, toKeys: toController('CronJob') },
  ];
  eachKey(world, watching, (namespace, name, queue) => {
    const cronJob = world.store.get(KEY, namespace, name);
    if (cronJob && !cronJob.metadata.deletionTimestamp) reconcile(world, cronJob, queue);
  });
}

function reconcile(world: World, cronJob: Obj, queue: Queue): void {
  const { spec, metadata, status } = cronJob;
  const jobs = world.store.owned(JOBS, metadata.uid);
  const active = jobs.filter((job) => !conditionOf(job, 'Complete') && !conditionOf(job, 'Failed'));
  const ends = jobs
    .map((job) => job.status?.completionTime)
    .filter(Boolean)
    .sort();
  const next: Json = {
    ...status,
    ...(ends.length > 0 ? { lastSuccessfulTime: ends.at(-1) } : {}),
    active: active.map(({ apiVersion, kind, metadata: { name, namespace, uid } }) => ({
      apiVersion,
      kind,
      name,
      namespace,
      uid,
    })),
  };
  if (next.active.length === 0) delete next.active;
  const schedule = scheduleOf(spec);
  if (schedule && !spec.suspend) {
    const after = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp);
    const due = nextFire(schedule, after);
    if (due !== undefined && due <= world.clock()) {
      if (active.length === 0 || (spec.concurrencyPolicy ?? 'Allow') === 'Allow') start(world, cronJob, due);
      next.lastScheduleTime = rfc3339(due);
      queue.addAfter(`${metadata.namespace}/${metadata.name}`, 0);
    } else if (due !== undefined) queue.addAfter(`${metadata.namespace}/${metadata.name}`, world.lifeUntil(due));
  }
  for (const [type, kept] of [
    ['Complete', spec.successfulJobsHistoryLimit ?? 3],
    ['Failed', spec.failedJobsHistoryLimit ?? 1],
  ] as const)
    trim(
      world,
      jobs.filter((job) => conditionOf(job, type)),
      kept,
    );
  writeStatus(world, KEY, cronJob, next, MANAGER);
}

function start(world: World, cronJob: Obj, due: number): void {
  const { jobTemplate } = cronJob.spec;
  const name = `${cronJob.metadata.name}-${Math.floor(due / 60_000)}`;
  const metadata = {
    ...jobTemplate.metadata,
    name,
    namespace: cronJob.metadata.namespace,
    ownerReferences: [ownerReference(cronJob)],
  };
  make(world, JOBS, { metadata, spec: jobTemplate.spec }, MANAGER);
  note(world, { about: cronJob, reason: 'SuccessfulCreate', message: `Created job ${name}`, component: COMPONENT });
}

function trim(world: World, jobs: readonly Obj[], kept: number): void {
  const byAge = [...jobs].sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
  for (const job of byAge.slice(0, Math.max(0, byAge.length - kept)))
    if (!job.metadata.deletionTimestamp) erase(world, JOBS, job, { propagationPolicy: 'Background' });
}
