import { Queue, Worker } from 'bullmq';
import { startRedis } from '../../deploy/sandbox/services.ts';
import { newId } from '../../src/ids.ts';
import { openQueues } from '../../src/jobs/bull-queues.ts';
import { createLogger } from '../../src/log.ts';
import { figuresOf, type Result, timed } from './figures.ts';

/** Adding a job until its handler runs, against bare BullMQ on the same Redis. The two take turns, so that a slow moment hits both. */
export async function benchJobs(rounds: number): Promise<Result[]> {
  const redis = await startRedis();
  const queues = openQueues(redis.url, createLogger('silent'));
  const connection = { url: redis.url, maxRetriesPerRequest: null };
  const queue = new Queue('bare', { connection });
  let arrived: (() => void) | undefined;
  const arrival = (): Promise<void> =>
    new Promise((resolve) => {
      arrived = resolve;
    });
  const bareWorker = new Worker('bare', async () => arrived?.(), { connection });
  const worker = await queues.work('reads', 20, async () => arrived?.());
  await bareWorker.waitUntilReady();
  const addBare = async (): Promise<void> => {
    const here = arrival();
    await queue.add('job', { id: newId() }, { jobId: newId() });
    await here;
  };
  const addOurs = async (): Promise<void> => {
    const here = arrival();
    await queues.add('reads', { id: newId(), name: 'job', data: { id: newId() } });
    await here;
  };
  try {
    await timed(50, addBare);
    await timed(50, addOurs);
    const bare: number[] = [];
    const ours: number[] = [];
    for (let turn = 0; turn < 10; turn++) {
      bare.push(...(await timed(rounds / 10, addBare)));
      ours.push(...(await timed(rounds / 10, addOurs)));
    }
    return [{ what: 'job, add to handler', baseline: figuresOf(bare), shipmate: figuresOf(ours), target: 'p50 <= 2x' }];
  } finally {
    await worker.stop(1_000);
    await bareWorker.close(true);
    await queue.close();
    await queues.close();
    await redis.stop();
  }
}
