import { type ConnectionOptions, Queue, Worker } from 'bullmq';
import type { Logger } from '../log.ts';
import { dialRedis, parseRedisUrl } from './connection.ts';
import type { Job, JobContext, QueueName, Queues } from './queues.ts';
import { asked, redisShelf } from './shelf.ts';

const NAMES: readonly QueueName[] = ['reads', 'changes'];
/** A hash tag, so that all keys of a queue live in one slot of a Redis Cluster. */
const PREFIX = '{shipmate}';
/** A killed worker's job is found again within lock + check, about 15 s; BullMQ's default would be a minute. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;
/**
 * A read whose answer Slack did not take is delivered again for about four minutes. A change is never retried by the queue: what becomes
 * of an interrupted one is decided from its document in etcd.
 */
const RETRIES = {
  reads: { attempts: 9, backoff: { type: 'exponential', delay: 1_000 } },
  changes: { attempts: 1 },
} as const;
/** Finished ids are remembered at least this long: a redelivered Slack envelope must find its job. */
const KEEP_SECONDS = 24 * 3_600;

/**
 * BullMQ on Redis. Jobs are delivered at least once (a worker that loses its lock goes on beside its successor), so handlers look before
 * they act; that a change has its effect once is the pipeline's duty, by marker and precondition.
 */
export function openQueues(url: string, log: Logger): Queues {
  const target = parseRedisUrl(url);
  const quick = dialRedis(target, { commandTimeoutMs: 800, connectionName: 'shipmate-queue' });
  const patient = dialRedis(target, { connectionName: 'shipmate-worker' });
  for (const connection of [quick, patient])
    connection.on('error', (error: Error) => log.warn({ err: error.message }, 'redis connection'));
  const queues = new Map(NAMES.map((name) => [name, newQueue(name, quick as unknown as ConnectionOptions, log)]));
  const queue = (name: QueueName): Queue => queues.get(name) as Queue;

  return {
    shelf: redisShelf(quick, `${PREFIX}:shelf:`),
    async add(name, job, options = {}) {
      const added = queue(name).add(job.name, job.data, {
        jobId: job.id,
        ...(options.delayMs ? { delay: options.delayMs } : {}),
      });
      await asked(within(added, options.timeoutMs ?? 800));
    },
    work: (name, concurrency, handle) =>
      startWorker(name, concurrency, handle, patient as unknown as ConnectionOptions, log),
    async state(name, id) {
      const state = await asked(queue(name).getJobState(id));
      if (state === 'unknown') return 'missing';
      return state === 'prioritized' || state === 'waiting-children' ? 'waiting' : state;
    },
    async forget(name, id) {
      await asked(queue(name).remove(id));
    },
    async depth() {
      const counts = await asked(
        Promise.all(NAMES.map((name) => queue(name).getJobCounts('waiting', 'active', 'delayed', 'failed'))),
      );
      return Object.fromEntries(
        NAMES.map((name, index) => [name, { waiting: 0, active: 0, delayed: 0, failed: 0, ...counts[index] }]),
      ) as Awaited<ReturnType<Queues['depth']>>;
    },
    health: () => redisHealth(quick),
    async close() {
      await Promise.allSettled([...queues.values()].map((each) => within(each.close(), 2_000)));
      quick.disconnect();
      patient.disconnect();
    },
  };
}

function newQueue(name: QueueName, connection: ConnectionOptions, log: Logger): Queue {
  const queue = new Queue(name, {
    connection,
    prefix: PREFIX,
    defaultJobOptions: {
      ...RETRIES[name],
      removeOnComplete: { age: KEEP_SECONDS, count: 20_000 },
      removeOnFail: { age: KEEP_SECONDS, count: 5_000 },
    },
  });
  queue.on('error', (error) => log.debug({ err: error.message, queue: name }, 'queue connection'));
  return queue;
}

async function startWorker(
  name: QueueName,
  concurrency: number,
  handle: (job: Job, context: JobContext) => Promise<void>,
  connection: ConnectionOptions,
  log: Logger,
): Promise<{ stop(deadlineMs: number): Promise<void> }> {
  const stopping = new AbortController();
  const worker = new Worker(
    name,
    async (job, _token, signal) => {
      const signals = signal ? [signal, stopping.signal] : [stopping.signal];
      await handle(
        { id: job.id as string, name: job.name, data: job.data as Job['data'] },
        { signal: AbortSignal.any(signals as AbortSignal[]), delivery: Math.max(1, job.attemptsStarted) },
      );
    },
    {
      connection,
      prefix: PREFIX,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: 100,
    },
  );
  worker.on('error', (error) => log.warn({ err: error.message, queue: name }, 'worker connection'));
  worker.on('failed', (job, error) => log.error({ err: error, queue: name, job: job?.id }, 'job failed'));
  worker.on('stalled', (id) => log.warn({ queue: name, job: id }, 'job taken over from a worker that went away'));
  return {
    async stop(deadlineMs) {
      const closed = worker.close();
      await within(closed, deadlineMs).catch(async () => {
        // What still runs is told to hand over; its job is found again by another worker.
        stopping.abort(new Error('Shipmate is stopping'));
        await within(worker.close(true), 2_000).catch(() => undefined);
      });
    },
  };
}

type Asking = ReturnType<typeof dialRedis>;

async function redisHealth(redis: Asking): ReturnType<Queues['health']> {
  const started = performance.now();
  try {
    const info = await redis.info();
    const field = (key: string): string | undefined => new RegExp(`^${key}:(.*)$`, 'm').exec(info)?.[1]?.trim();
    const warnings: string[] = [];
    if (field('maxmemory_policy') !== undefined && field('maxmemory_policy') !== 'noeviction')
      warnings.push('maxmemory-policy is not noeviction');
    return {
      ok: true,
      latencyMs: performance.now() - started,
      ...(field('redis_version') ? { version: field('redis_version') as string } : {}),
      warnings,
    };
  } catch (error) {
    return { ok: false, error: (error as Error).message };
  }
}

/** Rejects after `ms`; the promise itself goes on, since a Redis command cannot be taken back. */
function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
