import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/log.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import { startLossyLine } from '../etcd/lossy-line.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../support/services.ts';

let etcd: EtcdService;
const log = createLogger('silent');

beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(() => etcd.stop());

describe('a watch', () => {
  it('tells puts and deletes from now on, and nothing of before', async () => {
    const store = openStore({ endpoints: [etcd.endpoint] }, { prefix: ownPrefix(), log });
    await store.commit([{ op: 'put', path: 'w/old', value: {}, expect: 'absent' }]);
    const seen: [string, unknown][] = [];
    const watch = await store.watch('w/', ({ path, value }) => void seen.push([path, value?.value]));

    await store.commit([{ op: 'put', path: 'w/a', value: { n: 1 }, expect: 'absent' }]);
    await store.commit([{ op: 'del', path: 'w/a', expect: 'any' }]);
    await store.commit([{ op: 'put', path: 'elsewhere', value: {}, expect: 'absent' }]);

    await expect
      .poll(() => seen)
      .toEqual([
        ['w/a', { n: 1 }],
        ['w/a', undefined],
      ]);
    await watch.stop();
    await store.close();
  });

  it('misses nothing of what happened while its connection was cut, compaction included', async () => {
    const line = await startLossyLine(etcd.endpoint);
    const prefix = ownPrefix();
    const watcher = openStore({ endpoints: [line.endpoint] }, { prefix, log });
    const writer = openStore({ endpoints: [etcd.endpoint] }, { prefix, log });
    await writer.commit([{ op: 'put', path: 'w/gone', value: {}, expect: 'absent' }]);
    const now = new Map<string, unknown>([['w/gone', {}]]);
    const watch = await watcher.watch('w/', ({ path, value }) => {
      if (value) now.set(path, value.value);
      else now.delete(path);
    });

    line.loseAnswers();
    await writer.commit([{ op: 'del', path: 'w/gone', expect: 'any' }]);
    for (let n = 0; n < 5; n += 1) {
      await writer.commit([{ op: 'put', path: `w/${n}`, value: { n }, expect: 'absent' }]);
    }
    const last = await writer.commit([{ op: 'put', path: 'w/0', value: { n: 'changed' }, expect: 'any' }]);
    const raw = new Etcd3({ hosts: [etcd.endpoint] });
    await raw.kv.compact({ revision: last as string });
    raw.close();
    line.mend();

    await expect
      .poll(() => Object.fromEntries(now), { timeout: 5_000 })
      .toEqual({
        'w/0': { n: 'changed' },
        ...Object.fromEntries([1, 2, 3, 4].map((n) => [`w/${n}`, { n }])),
      });
    await watch.stop();
    await Promise.all([watcher.close(), writer.close(), line.stop()]);
  });

  it('lives on after etcd was killed and restarted', async () => {
    const store = openStore({ endpoints: [etcd.endpoint] }, { prefix: ownPrefix(), log });
    const seen: string[] = [];
    const watch = await store.watch('w/', ({ path }) => void seen.push(path));

    await etcd.kill();
    await etcd.restart();
    await expect
      .poll(() => store.commit([{ op: 'put', path: 'w/after', value: {}, expect: 'any' }]).catch(() => undefined))
      .toBeDefined();

    await expect.poll(() => seen, { timeout: 5_000 }).toContain('w/after');
    await watch.stop();
    await store.close();
  });

  it('notices by itself that a silent connection has gone deaf', async () => {
    const line = await startLossyLine(etcd.endpoint);
    const prefix = ownPrefix();
    // Two ways to the same member: the watch starts on the lossy one.
    const watcher = openStore({ endpoints: [line.endpoint, etcd.endpoint] }, { prefix, log });
    const writer = openStore({ endpoints: [etcd.endpoint] }, { prefix, log });
    const seen: string[] = [];
    const watch = await watcher.watch('w/', ({ path }) => void seen.push(path));

    line.loseAnswers();
    await writer.commit([{ op: 'put', path: 'w/a', value: {}, expect: 'absent' }]);

    await expect.poll(() => seen, { timeout: 15_000 }).toContain('w/a');
    await watch.stop();
    await Promise.all([watcher.close(), writer.close(), line.stop()]);
  });

  it('follows more than fits into one answer, also when it has to look at all of it again', async () => {
    const line = await startLossyLine(etcd.endpoint);
    const prefix = ownPrefix();
    const watcher = openStore({ endpoints: [line.endpoint] }, { prefix, log });
    const writer = openStore({ endpoints: [etcd.endpoint] }, { prefix, log });
    const text = 'x'.repeat(70_000);
    const put = (n: number, round: number) =>
      writer.commit([{ op: 'put', path: `w/${n}`, value: { text, round }, expect: 'any' }]);
    for (let n = 0; n < 250; n += 1) await put(n, 1);
    const seen = new Set<string>();
    const watch = await watcher.watch<{ round: number }>('w/', ({ path, value }) => {
      if (value?.value.round === 2) seen.add(path);
    });

    line.loseAnswers();
    for (let n = 0; n < 250; n += 1) await put(n, 2);
    line.mend();

    await expect.poll(() => seen.size, { timeout: 15_000 }).toBe(250);
    await watch.stop();
    await Promise.all([watcher.close(), writer.close(), line.stop()]);
  }, 30_000);
});
