import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Chain, openChain } from '../../../src/access/audit/chain.ts';
import { type Draft, type Entry, entryPath, HEAD_PATH, type Head } from '../../../src/access/audit/entry.ts';
import { listPending, pendingChange } from '../../../src/access/audit/pending.ts';
import { prune } from '../../../src/access/audit/retention.ts';
import { auditTrail } from '../../../src/access/audit/trail.ts';
import { createLogger } from '../../../src/log.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../../support/services.ts';

const log = createLogger('silent');
const DAY = 24 * 3_600_000;

let etcd: EtcdService;
let stores: Store[];
beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(() => etcd.stop());

/** Two replicas on one memory. */
beforeEach(() => {
  const prefix = ownPrefix();
  stores = [0, 1].map(() => openStore({ endpoints: [etcd.endpoint] }, { prefix, log }));
  return async () => void (await Promise.all(stores.map((store) => store.close())));
});

function chainOn(store: Store, linked: (entries: readonly Entry[]) => void = () => undefined): Chain {
  return openChain({ store, clock: Date.now, random: Math.random, linked });
}

function draft(typed: string, at = Date.now()): Draft & { invocation: string } {
  return { type: 'planned', at, invocation: typed, typed, who: { team: 'T1', user: 'U1ADA' } };
}

async function alter(path: string, change: (value: Entry) => object | undefined): Promise<void> {
  const [store] = stores as [Store];
  const found = await store.get<Entry>(path);
  const value = found && change(found.value);
  await store.commit([value ? { op: 'put', path, value, expect: 'any' } : { op: 'del', path, expect: 'any' }]);
}

describe('the audit chain on etcd', () => {
  test('takes many entries at once from two replicas, loses none and holds', async () => {
    const chains = stores.map((store) => chainOn(store));
    const drafts = Array.from({ length: 200 }, (_, index) => draft(`line ${index}`));

    const entries = await Promise.all(drafts.map((each, index) => (chains[index % 2] as Chain).append(each)));

    expect(new Set(entries.map((entry) => entry.seq)).size).toBe(200);
    const trail = auditTrail(stores[0] as Store);
    expect(await trail.verify()).toMatchObject({ entries: 200, broken: undefined });
    const { stories } = await trail.find({ limit: 300 });
    expect(new Set(stories.map((story) => story.invocation))).toEqual(new Set(drafts.map((each) => each.invocation)));
  });

  test('gathers what comes at once into few transactions', async () => {
    const batches: number[] = [];
    const chain = chainOn(stores[0] as Store, (entries) => batches.push(entries.length));

    await Promise.all(Array.from({ length: 100 }, (_, index) => chain.append(draft(`line ${index}`))));

    expect(batches.length).toBeLessThanOrEqual(5);
    expect(batches.reduce((sum, size) => sum + size, 0)).toBe(100);
  });

  test('links what waits before what is appended, each exactly once, whoever does it', async () => {
    const [store] = stores as [Store];
    const waiting = Array.from({ length: 90 }, (_, index) => draft(`waits ${index}`, 1_000 + index));
    for (const each of waiting) await store.commit([pendingChange(each)]);
    const chains = stores.map((each) => chainOn(each));

    const [intent] = await Promise.all([
      (chains[0] as Chain).append({ ...draft('intent'), type: 'intent' }),
      (chains[1] as Chain).drain(),
    ]);

    expect(await listPending(store, 10)).toEqual([]);
    const { stories } = await auditTrail(store).find({ limit: 200 });
    expect(stories).toHaveLength(91);
    expect(intent.type).toBe('intent');
    expect((await auditTrail(store).verify()).broken).toBeUndefined();
  });

  test('refuses when etcd does not answer, within its patience', async () => {
    const alone = openStore({ endpoints: ['http://127.0.0.1:1'] }, { prefix: ownPrefix(), log });
    let now = 0;
    // The clock runs ahead, so that the patience is over at the second look.
    const chain = openChain({ store: alone, clock: () => (now += 3_000), random: () => 0, linked: () => undefined });

    await expect(chain.append(draft('never'))).rejects.toMatchObject({ code: 'E_UNAVAILABLE' });
    await alone.close();
  });

  test('loses and doubles nothing while etcd is killed and comes back', async () => {
    const chains = stores.map((store) => chainOn(store));
    const appended: Entry[] = [];
    const refused: string[] = [];
    const append = (index: number): Promise<void> =>
      (chains[index % 2] as Chain).append(draft(`line ${index}`)).then(
        (entry) => void appended.push(entry),
        () => void refused.push(`line ${index}`),
      );

    const before = Array.from({ length: 20 }, (_, index) => append(index));
    await etcd.kill();
    const during = Array.from({ length: 20 }, (_, index) => append(20 + index));
    await etcd.restart();
    await Promise.all([...before, ...during]);
    await append(40);

    const verdict = await auditTrail(stores[0] as Store).verify();
    expect(verdict.broken).toBeUndefined();
    const { stories } = await auditTrail(stores[0] as Store).find({ limit: 100 });
    const linked = stories.map((story) => story.invocation);
    for (const entry of appended) expect(linked).toContain(entry.invocation);
    expect(stories.every((story) => story.entries.length === 1)).toBe(true);
    expect(appended.length + refused.length).toBe(41);
  });

  test('says which entry was altered, which is missing and where the tail was cut', async () => {
    const [store] = stores as [Store];
    const chain = chainOn(store);
    for (let index = 1; index <= 6; index++) await chain.append(draft(`line ${index}`));
    const trail = auditTrail(store, () => chain.seen);
    const kept = await store.get<Entry>(entryPath(3));

    await alter(entryPath(3), (entry) => ({ ...entry, typed: 'nothing happened' }));
    expect((await trail.verify()).broken).toMatchObject({ seq: 3, what: 'altered' });
    await alter(entryPath(3), () => undefined);
    expect((await trail.verify()).broken).toMatchObject({ seq: 3, what: 'missing' });
    await alter(entryPath(3), () => kept?.value);
    await store.commit([{ op: 'put', path: entryPath(3), value: kept?.value as Entry, expect: 'any' }]);
    expect((await trail.verify()).broken).toBeUndefined();

    await alter(entryPath(6), () => undefined);
    expect((await trail.verify()).broken).toMatchObject({ seq: 6, what: 'truncated' });
    const five = (await store.get<Entry>(entryPath(5)))?.value as Entry;
    await store.commit([{ op: 'put', path: HEAD_PATH, value: { seq: 5, hash: five.hash }, expect: 'any' }]);
    expect((await trail.verify()).broken).toMatchObject({ seq: 6, detail: expect.stringContaining('rolled back') });
    expect((await auditTrail(store).verify()).broken).toBeUndefined();
  });

  test('written anew as a whole is found by a line that was kept elsewhere', async () => {
    const [store] = stores as [Store];
    const first = await chainOn(store).append(draft('what happened'));
    const trail = auditTrail(store);
    expect((await trail.verify(first)).broken).toBeUndefined();

    await store.commit([entryPath(1), HEAD_PATH].map((path) => ({ op: 'del' as const, path, expect: 'any' as const })));
    expect((await trail.verify(first)).broken).toMatchObject({
      seq: 1,
      detail: expect.stringContaining('ends before'),
    });
    await chainOn(store).append(draft('what did not happen'));

    expect((await trail.verify()).broken).toBeUndefined();
    expect((await trail.verify(first)).broken).toMatchObject({ seq: 1, detail: expect.stringContaining('anew') });
  });

  test('finds an entry that stands after the head', async () => {
    const [store] = stores as [Store];
    const chain = chainOn(store);
    const first = await chain.append(draft('one'));
    await store.commit([{ op: 'put', path: entryPath(2), value: { ...first, seq: 2 }, expect: 'any' }]);

    expect((await auditTrail(store).verify()).broken).toMatchObject({ seq: 2, what: 'beyond' });
  });

  test('stays provable when retention removes its beginning, again and again', async () => {
    const [store] = stores as [Store];
    const chains = stores.map((each) => chainOn(each));
    const now = 1_000 * DAY;
    for (let index = 0; index < 230; index++) await (chains[0] as Chain).append(draft(`old ${index}`, now - 500 * DAY));
    for (let index = 0; index < 5; index++) await (chains[0] as Chain).append(draft(`young ${index}`, now - DAY));

    const removed = await Promise.allSettled(
      chains.map((chain, index) => prune(stores[index] as Store, chain, now - 400 * DAY, now, log)),
    );

    expect(removed.reduce((sum, each) => sum + (each.status === 'fulfilled' ? each.value : 0), 0)).toBeGreaterThan(0);
    await prune(store, chains[0] as Chain, now - 400 * DAY, now, log);
    const verdict = await auditTrail(store).verify();
    expect(verdict.broken).toBeUndefined();
    expect((await store.get<Head>(HEAD_PATH))?.value.base?.through).toBe(230);
    const { stories } = await auditTrail(store).find({ limit: 1_000 });
    expect(stories.filter((story) => story.invocation.startsWith('young'))).toHaveLength(5);
    expect(stories.some((story) => story.invocation.startsWith('old'))).toBe(false);
    // Much later the checkpoints themselves are old.
    await prune(store, chains[0] as Chain, now + 400 * DAY, now + 800 * DAY, log);
    expect((await auditTrail(store).verify()).broken).toBeUndefined();
  });

  test('is not removed by retention where it does not hold', async () => {
    const [store] = stores as [Store];
    const chain = chainOn(store);
    for (let index = 1; index <= 4; index++) await chain.append(draft(`line ${index}`, 1_000));
    await alter(entryPath(1), (entry) => ({ ...entry, typed: 'nothing happened' }));

    expect(await prune(store, chain, Date.now(), Date.now(), log)).toBe(0);

    expect((await auditTrail(store).verify()).broken).toMatchObject({ seq: 1, what: 'altered' });
  });

  test('is searched by person, words, cluster and time', async () => {
    const [store] = stores as [Store];
    const chain = chainOn(store);
    const now = Date.now();
    const line = (invocation: string, at: number, more: Partial<Draft>): Promise<Entry> =>
      chain.append({ type: 'planned', at, invocation, ...more });
    await line('i1', now - 3 * DAY, {
      who: { team: 'T1', user: 'U1' },
      parsed: '/k8s scale deploy/web 5',
      where: { cluster: 'prod' },
    });
    await line('i2', now - 1_000, {
      who: { team: 'T1', user: 'U2' },
      parsed: '/etcd put /a b',
      where: { etcd: 'main' },
    });
    await line('i1', now - 500, { type: 'intent' });
    const found = async (query: object): Promise<string[]> =>
      (await auditTrail(store).find({ limit: 10, ...query })).stories.map((story) => story.invocation);

    expect(await found({})).toEqual(['i1', 'i2']);
    expect(await found({ user: 'U1' })).toEqual(['i1']);
    expect(await found({ command: 'SCALE' })).toEqual(['i1']);
    expect(await found({ cluster: 'main' })).toEqual(['i2']);
    expect(await found({ since: now - 700 })).toEqual(['i1']);
    expect(await found({ invocation: 'i2' })).toEqual(['i2']);
    expect(await found({ user: 'U3' })).toEqual([]);
  });
});
