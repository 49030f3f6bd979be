import { Etcd3 } from 'etcd3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InternalError, UnavailableError } from '../../src/errors.ts';
import { createLogger } from '../../src/log.ts';
import { CommitUnknownError, openStore } from '../../src/state/etcd-store.ts';
import type { Store } from '../../src/state/store.ts';
import { startLossyLine } from '../etcd/lossy-line.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../support/services.ts';

let etcd: EtcdService;
const opened: Store[] = [];
const silent = createLogger('silent');

beforeAll(async () => {
  etcd = await startEtcd();
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});
afterAll(() => etcd.stop());

function open(prefix = ownPrefix(), endpoint = etcd.endpoint, log = silent): Store {
  const store = openStore({ endpoints: [endpoint] }, { prefix, log });
  opened.push(store);
  return store;
}

describe('the store', () => {
  it('gives back what was committed, with its revision', async () => {
    const store = open();

    const revision = await store.commit([{ op: 'put', path: 'plans/a', value: { n: 1 }, expect: 'absent' }]);

    expect(await store.get('plans/a')).toMatchObject({ path: 'plans/a', value: { n: 1 }, revision });
    expect(await store.get('plans/b')).toBeUndefined();
  });

  it('writes nothing at all when one of many preconditions does not hold', async () => {
    const store = open();
    await store.commit([{ op: 'put', path: 'a', value: { n: 1 }, expect: 'absent' }]);

    const revision = await store.commit([
      { op: 'put', path: 'b', value: { n: 2 }, expect: 'absent' },
      { op: 'check', path: 'a', expect: 'absent' },
    ]);

    expect(revision).toBeUndefined();
    expect(await store.get('b')).toBeUndefined();
  });

  it('lets exactly one of two processes win that race for the same revision', async () => {
    const prefix = ownPrefix();
    const [ada, grace] = [open(prefix), open(prefix)];
    for (let round = 0; round < 30; round += 1) {
      const revision = await ada.commit([{ op: 'put', path: 'r', value: { round }, expect: 'any' }]);
      const expectation = { revision: revision as string };

      const outcomes = await Promise.all(
        [ada, grace].map((store, who) => store.commit([{ op: 'put', path: 'r', value: { who }, expect: expectation }])),
      );

      expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
      const winner = outcomes.findIndex((outcome) => outcome !== undefined);
      expect((await ada.get('r'))?.value).toEqual({ who: winner });
    }
  });

  it('lists a prefix in order, between exclusive bounds, and not its neighbours', async () => {
    const store = open();
    for (const path of ['x/1', 'x/2', 'x/3', 'x/4', 'xy/1']) {
      await store.commit([{ op: 'put', path, value: {}, expect: 'absent' }]);
    }

    const paths = async (options = {}) => (await store.list('x/', options)).map((entry) => entry.path);

    expect(await paths()).toEqual(['x/1', 'x/2', 'x/3', 'x/4']);
    expect(await paths({ after: 'x/1', until: 'x/4' })).toEqual(['x/2', 'x/3']);
    expect(await paths({ limit: 2 })).toEqual(['x/1', 'x/2']);
  });

  it('names the key of a value that is not ours, and leaves it out of lists with a line in the log', async () => {
    const prefix = ownPrefix();
    const lines: string[] = [];
    const store = open(prefix, etcd.endpoint, createLogger('info', { write: (line) => void lines.push(line) }));
    const raw = new Etcd3({ hosts: [etcd.endpoint] });
    await raw.put(`${prefix}d/foreign`).value('hello');
    await raw.put(`${prefix}d/newer`).value('{"schemaVersion":7}');
    await store.commit([{ op: 'put', path: 'd/ours', value: {}, expect: 'absent' }]);
    raw.close();

    await expect(store.get('d/foreign')).rejects.toThrow(InternalError);
    await expect(store.get('d/newer')).rejects.toThrow(/d\/newer.*schemaVersion 7; this version reads 1/);
    expect((await store.list('d/')).map((entry) => entry.path)).toEqual(['d/ours']);
    expect(lines.filter((line) => line.includes('d/foreign'))).toHaveLength(1);
  });

  it('refuses more changes than one etcd transaction holds', async () => {
    const changes = Array.from({ length: 129 }, (_, n) => ({ op: 'check', path: `${n}`, expect: 'any' }) as const);

    await expect(open().commit(changes)).rejects.toThrow(/at most 128/);
  });

  it('says within its deadline that a frozen etcd does not answer, and works again as soon as it does', async () => {
    const store = open();
    await store.commit([{ op: 'put', path: 'a', value: {}, expect: 'absent' }]);
    etcd.pause();

    const startedAt = performance.now();
    await expect(store.get('a')).rejects.toThrow(UnavailableError);
    await expect(store.commit([{ op: 'put', path: 'b', value: {}, expect: 'absent' }])).rejects.toThrow(
      UnavailableError,
    );
    const tookMs = performance.now() - startedAt;
    const health = await store.health();
    etcd.resume();

    expect(tookMs).toBeLessThan(5_000);
    expect(health.ok).toBe(false);
    await expect.poll(() => store.get('a').catch(() => undefined)).toBeDefined();
  });

  it('says at once that a dead etcd is dead, and works again after its restart', async () => {
    const store = open();
    await store.commit([{ op: 'put', path: 'a', value: { kept: true }, expect: 'absent' }]);
    await etcd.kill();

    const startedAt = performance.now();
    await expect(store.get('a')).rejects.toThrow(UnavailableError);
    const tookMs = performance.now() - startedAt;
    await etcd.restart();

    expect(tookMs).toBeLessThan(2_500);
    await expect.poll(async () => (await store.get('a').catch(() => undefined))?.value).toEqual({ kept: true });
  });
});

describe('a commit whose answer is lost', () => {
  it('is found to have landed when the line is mended in time', async () => {
    const line = await startLossyLine(etcd.endpoint);
    const prefix = ownPrefix();
    const store = open(prefix, line.endpoint);
    await store.get('warm-up');
    line.loseAnswers();

    const committed = store.commit([{ op: 'put', path: 'a', value: { n: 1 }, expect: 'absent' }]);
    const witness = open(prefix);
    await expect.poll(() => witness.get('a')).toBeDefined();
    line.mend();

    const landed = await witness.get('a');
    expect(await committed).toBe(landed?.revision);
    await line.stop();
  });

  it('is found to have landed even when somebody wrote over it meanwhile', async () => {
    const line = await startLossyLine(etcd.endpoint);
    const prefix = ownPrefix();
    const store = open(prefix, line.endpoint);
    await store.get('warm-up');
    line.loseAnswers();

    const committed = store.commit([{ op: 'put', path: 'a', value: { n: 1 }, expect: 'absent' }]);
    const other = open(prefix);
    await expect.poll(() => other.get('a')).toBeDefined();
    const ours = await other.get('a');
    await other.commit([{ op: 'put', path: 'a', value: { n: 2 }, expect: { revision: ours?.revision as string } }]);
    line.mend();

    expect(await committed).toBe(ours?.revision);
    expect((await other.get('a'))?.value).toEqual({ n: 2 });
    await line.stop();
  });

  it('is called unknown while nothing answers, and committing again with the same id tells the truth', async () => {
    const line = await startLossyLine(etcd.endpoint);
    const prefix = ownPrefix();
    const store = open(prefix, line.endpoint);
    await store.get('warm-up');
    line.loseAnswers();
    const changes = [{ op: 'put', path: 'a', value: { n: 1 }, expect: 'absent' }] as const;

    await expect(store.commit(changes, { commitId: 'mine' })).rejects.toThrow(CommitUnknownError);
    line.mend();

    const landed = await open(prefix).get('a');
    expect(await store.commit(changes, { commitId: 'mine' })).toBe(landed?.revision);
    expect(await store.commit(changes, { commitId: 'another' })).toBeUndefined();
    await line.stop();
  });
});
