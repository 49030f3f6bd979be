import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBook } from '../../../src/incidents/book/book.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { opened } from '../../../src/incidents/lifecycle/open.ts';
import { acked, markedNoise, noted, resolvedByHand, told } from '../../../src/incidents/lifecycle/presses.ts';
import { resolved } from '../../../src/incidents/lifecycle/resolve.ts';
import { createLogger } from '../../../src/log.ts';
import type { Store } from '../../../src/state/store.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { ADA, GRACE, openWorld, state, T0, type World } from '../ledger/world.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let etcd: EtcdService;
let world: World;

beforeAll(async () => {
  etcd = await startEtcd();
});
beforeEach(() => {
  world = openWorld(etcd.endpoint);
  return () => world.close();
});
afterAll(() => etcd.stop());

const incident = (name: string, now = T0): Incident => ({ ...opened(state(name), now), channel: 'CALERTS' });

async function recorded(name: string, now = T0): Promise<Incident> {
  const { written } = await world.book.record([{ before: undefined, after: incident(name, now) }]);
  if (!written[0]) throw new Error('lost');
  return written[0].value;
}

/** Which operations are asked for. */
function counted(store: Store): { store: Store; calls: string[] } {
  const calls: string[] = [];
  const noting = <T>(call: string, answer: T): T => {
    calls.push(call);
    return answer;
  };
  const counting: Store = {
    get: (path) => noting('get', store.get(path)),
    list: (prefix, options) => noting('list', store.list(prefix, options)),
    commit: (changes, options) => noting(`commit ${changes.length}`, store.commit(changes, options)),
    watch: (prefix, onChange) => store.watch(prefix, onChange),
    health: () => store.health(),
    close: () => store.close(),
  };
  return { store: counting, calls };
}

function bookOn(store: Store) {
  return openBook({
    store,
    clock: () => world.now,
    log: createLogger('silent'),
    companions: [],
    listeners: [],
    keep: '90d',
  });
}

describe('recording', () => {
  it('goes on for the others when one is too large for etcd', async () => {
    const large = { ...incident('large'), cause: 'x'.repeat(2_000_000) };
    const all = [incident('a'), incident('b'), large, incident('c')];

    const { written, lost } = await world.book.record(all.map((after) => ({ before: undefined, after })));

    expect(written.map(({ value }) => value.root.name)).toEqual(['a', 'b', 'c']);
    expect(lost).toEqual([]);
  });

  it('a new incident costs one round trip', async () => {
    const { store, calls } = counted(world.store);

    await bookOn(store).record([{ before: undefined, after: incident('web') }]);

    expect(calls).toEqual(['commit 2']);
  });

  it('five hundred take few commits, and all are there', async () => {
    const { store, calls } = counted(world.store);
    const entries = Array.from({ length: 500 }, (_, at) => ({ before: undefined, after: incident(`d${at}`) }));

    const { written, lost } = await bookOn(store).record(entries);

    expect([written.length, lost.length]).toEqual([500, 0]);
    expect(calls.length).toBeLessThanOrEqual(8);
    expect(await world.book.current()).toHaveLength(500);
  });

  it('with one conflict among many loses that one only', async () => {
    await recorded('d7');
    const entries = Array.from({ length: 20 }, (_, at) => ({ before: undefined, after: incident(`d${at}`) }));

    const { written, lost } = await world.book.record(entries);

    expect(lost.map(({ root }) => root.name)).toEqual(['d7']);
    expect(written).toHaveLength(19);
  });

  it('tells the listeners, and one that throws stops nobody', async () => {
    const heard: [number | undefined, number][] = [];
    const listeners = [
      () => {
        throw new Error('broken');
      },
      (before: Incident | undefined, after: Incident) => void heard.push([before?.generation, after.generation]),
    ];
    const log = createLogger('silent');
    const book = openBook({ store: world.store, clock: () => T0, log, companions: [], listeners, keep: '90d' });

    const { written } = await book.record([{ before: undefined, after: incident('web') }]);
    await book.apply(written[0]?.value.id ?? '', acked(ADA));

    expect(heard).toEqual([
      [undefined, 1],
      [1, 2],
    ]);
  });
});

describe('a step', () => {
  it('is applied to what others wrote meanwhile', async () => {
    const { id } = await recorded('web');

    await Promise.all(Array.from({ length: 5 }, (_, at) => world.book.apply(id, noted(`line ${at}`))));

    const found = (await world.book.get(id))?.value;
    expect(found?.log.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(found?.generation).toBe(6);
  });

  it('that is named is done once although it is asked for twice', async () => {
    const { id } = await recorded('web');

    await world.book.apply(id, noted('pressed'), 'press-1');
    const again = await world.book.apply(id, noted('pressed'), 'press-1');

    expect(again?.log).toHaveLength(2);
  });

  it('with nothing to do writes nothing', async () => {
    const { id } = await recorded('web');
    await world.book.apply(id, acked(ADA));

    expect(await world.book.apply(id, acked(ADA))).toBeUndefined();
    expect((await world.book.get(id))?.value.generation).toBe(2);
  });

  it('that people cannot see makes no new generation and no new words', async () => {
    const { id } = await recorded('web');
    await world.store.commit([{ op: 'del', path: `outbox/incident/${id}`, expect: 'any' }]);

    await world.book.apply(id, told(T0 + 5));

    expect((await world.book.get(id))?.value).toMatchObject({ notifiedAt: T0 + 5, generation: 1 });
    expect(await world.words()).toEqual([]);
  });

  it('on an id that nobody knows says so', async () => {
    await expect(world.book.apply('k3f9q2x', acked(ADA))).rejects.toThrow('No incident "k3f9q2x" is known.');
  });

  it('refuses what makes no sense: acked by another, over already', async () => {
    const { id } = await recorded('web');
    await world.book.apply(id, acked(ADA));
    await expect(world.book.apply(id, acked(GRACE))).rejects.toThrow(`Somebody else has had ${id} since 00:00:00Z.`);

    await world.book.apply(id, resolvedByHand(ADA));

    await expect(world.book.apply(id, acked(GRACE))).rejects.toThrow('has been over since 00:00:00Z');
  });

  it('reaches an occurrence that a later one has replaced', async () => {
    const first = await recorded('web');
    await world.book.apply(first.id, (one, now) => resolved(one, { how: 'recovered' }, now));
    const before = await world.book.get(first.id);
    await world.book.record([{ before, after: incident('web', T0 + 60 * MINUTE) }]);

    await world.book.apply(first.id, markedNoise(ADA, 'a test'));

    expect((await world.book.get(first.id))?.value.noise).toMatchObject({ why: 'a test' });
    expect(await world.book.past({ since: T0, limit: 5 })).toMatchObject([{ id: first.id, noise: { by: ADA } }]);
    expect((await world.book.byKey(first.key))?.value.noise).toBeUndefined();
  });
});

describe('history', () => {
  it('is told from the newest backwards, as far as asked', async () => {
    for (const day of [0, 1, 5, 40]) {
      world.now = T0 + day * DAY;
      const { id } = await recorded(`d${day}`, world.now);
      await world.book.apply(id, (one, now) => resolved(one, { how: 'recovered' }, now));
    }
    world.now = T0 + 50 * DAY;

    const names = async (query: Parameters<typeof world.book.past>[0]) =>
      (await world.book.past(query)).map(({ root }) => root.name);

    expect(await names({ since: T0, limit: 10 })).toEqual(['d40', 'd5', 'd1', 'd0']);
    expect(await names({ since: T0, limit: 2 })).toEqual(['d40', 'd5']);
    expect(await names({ since: T0 + DAY, until: T0 + 40 * DAY, limit: 10 })).toEqual(['d5', 'd1']);
  });

  it('is forgotten past its keep, with everything that was kept about it', async () => {
    const { id } = await recorded('web');
    await world.book.apply(id, (one, now) => resolved(one, { how: 'recovered' }, now));
    const put = (path: string) => ({ op: 'put' as const, path, value: {}, expect: 'any' as const });
    const about = [`incidents/evidence/${id}`, `cards/incident/${id}`, `cards/incident-note/${id}.2`];
    await world.store.commit(about.map(put));

    world.now = T0 + 31 * MINUTE;
    expect(await world.book.sweep()).toBe(0);
    expect(await world.book.current()).toEqual([]);
    expect((await world.book.get(id))?.value.status).toBe('resolved');
    world.now = T0 + 91 * DAY;

    expect(await world.book.sweep()).toBe(1);
    expect(await world.book.get(id)).toBeUndefined();
    expect(await world.store.list('incidents/')).toEqual([]);
    expect(await world.store.list('cards/')).toEqual([]);
  });

  it('does not lose from sight what was resolved by hand and still fails', async () => {
    const { id } = await recorded('web');
    await world.book.apply(id, resolvedByHand(ADA));
    world.now = T0 + DAY;

    await world.book.sweep();

    expect(await world.book.current()).toHaveLength(1);
  });
});
