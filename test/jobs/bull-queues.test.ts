import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisService, startRedis } from '../../deploy/sandbox/services.ts';
import { UnavailableError, UsageError } from '../../src/errors.ts';
import { newId } from '../../src/ids.ts';
import { openQueues } from '../../src/jobs/bull-queues.ts';
import { parseRedisUrl } from '../../src/jobs/connection.ts';
import type { Queues } from '../../src/jobs/queues.ts';
import { createLogger } from '../../src/log.ts';

const log = createLogger('silent');
let redis: RedisService;
let queues: Queues;
beforeAll(async () => {
  redis = await startRedis();
  queues = openQueues(redis.url, log);
});
afterAll(async () => {
  await queues.close();
  await redis.stop();
});

describe('the queues', () => {
  test('hand a job to a worker with its id and data', async () => {
    const seen: unknown[] = [];
    const worker = await queues.work('changes', 1, async (job) => void seen.push(job));

    await queues.add('changes', { id: 'ichange1', name: 'change', data: { id: 'ichange1' } });

    await expect.poll(() => seen).toEqual([{ id: 'ichange1', name: 'change', data: { id: 'ichange1' } }]);
    await worker.stop(1_000);
  });

  test('run a job that is added twice only once', async () => {
    const seen: string[] = [];
    const id = newId();
    await queues.add('changes', { id, name: 'change', data: {} });
    await queues.add('changes', { id, name: 'change', data: {} });

    const worker = await queues.work('changes', 1, async (job) => void seen.push(job.id));

    await expect.poll(() => queues.state('changes', id)).toBe('completed');
    await queues.add('changes', { id, name: 'change', data: {} });
    expect(seen).toEqual([id]);
    await worker.stop(1_000);
  });

  test('let a forgotten id be added again', async () => {
    const id = newId();
    await queues.add('changes', { id, name: 'change', data: {} });
    await queues.forget('changes', id);
    expect(await queues.state('changes', id)).toBe('missing');

    await queues.add('changes', { id, name: 'change', data: {} });

    expect(await queues.state('changes', id)).toBe('waiting');
    await queues.forget('changes', id);
  });

  test('keep reads apart from changes', async () => {
    const release = Promise.withResolvers<void>();
    const reads: string[] = [];
    const slow = await queues.work('changes', 1, () => release.promise);
    const quick = await queues.work('reads', 1, async (job) => void reads.push(job.id));

    await queues.add('changes', { id: newId(), name: 'change', data: {} });
    await queues.add('reads', { id: 'iread1', name: 'invocation', data: {} });

    await expect.poll(() => reads).toEqual(['iread1']);
    release.resolve();
    await Promise.all([slow.stop(1_000), quick.stop(1_000)]);
  });

  test('say within a second that a frozen Redis did not confirm, and the id may be added again afterwards', async () => {
    const id = newId();
    redis.pause();
    await expect(queues.add('reads', { id, name: 'invocation', data: {} })).rejects.toBeInstanceOf(UnavailableError);
    redis.resume();

    await expect
      .poll(() =>
        queues.add('reads', { id, name: 'invocation', data: {} }).then(
          () => 'added',
          () => 'refused',
        ),
      )
      .toBe('added');
    const seen: string[] = [];
    const worker = await queues.work('reads', 1, async (job) => void seen.push(job.id));
    await expect.poll(() => queues.state('reads', id)).toBe('completed');
    expect(seen.filter((each) => each === id)).toHaveLength(1);
    await worker.stop(1_000);
  });

  test('tell a handler to hand over when the worker stops', async () => {
    const id = newId();
    const told = Promise.withResolvers<unknown>();
    const worker = await queues.work(
      'changes',
      1,
      (_job, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            told.resolve(signal.reason);
            reject(signal.reason);
          });
        }),
    );
    await queues.add('changes', { id, name: 'change', data: {} });
    await expect.poll(() => queues.state('changes', id)).toBe('active');

    await worker.stop(50);

    expect(String(await told.promise)).toContain('stopping');
  });

  test('put small values on the shelf and refuse large ones', async () => {
    await queues.shelf.put('a', { rows: 3 }, 60_000);

    expect(await queues.shelf.get('a')).toEqual({ rows: 3 });
    expect(await queues.shelf.get('nothing')).toBeUndefined();
    await expect(queues.shelf.put('b', 'x'.repeat(1_100_000), 60_000)).rejects.toBeInstanceOf(UsageError);
  });

  test('let one of two callers claim a key', async () => {
    expect(await Promise.all([queues.shelf.claim('k', 60_000), queues.shelf.claim('k', 60_000)])).toEqual([
      true,
      false,
    ]);
  });

  test('report the version of Redis', async () => {
    expect(await queues.health()).toMatchObject({ ok: true, version: expect.stringMatching(/^\d+\./), warnings: [] });
  });
});

describe('a Redis URL', () => {
  test.each([
    ['redis://127.0.0.1:6379', { kind: 'single', url: 'redis://127.0.0.1:6379' }],
    [
      'redis-sentinel://:s3cret@a:26379,b/main',
      {
        kind: 'sentinel',
        sentinels: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 26379 },
        ],
        name: 'main',
        password: 's3cret',
      },
    ],
    [
      'redis-cluster://a:7000,b',
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 7000 },
          { host: 'b', port: 6379 },
        ],
      },
    ],
  ])('%s is understood', (url, target) => {
    expect(parseRedisUrl(url)).toEqual(target);
  });

  test('that is something else is refused without showing its password', () => {
    expect(() => parseRedisUrl('http://user:hunter2@x')).toThrow(/must start with redis:\/\//);
    expect(() => parseRedisUrl('redis-sentinel://:hunter2@x')).toThrow(/master-name/);
  });
});
