import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/errors.ts';
import type { KeptBook } from '../../../src/incidents/book/book.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { openWorld, signal, state, T0, type World, well } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

let etcd: EtcdService;
let world: World;

beforeAll(async () => {
  etcd = await startEtcd();
});
beforeEach(async () => {
  world = openWorld(etcd.endpoint);
  await world.book.haveLooked('eu1');
  return () => world.close();
});
afterAll(() => etcd.stop());

/** The book, whose answer to a recording is lost once: before it was written, or after. */
function losing(book: KeptBook, when: 'before' | 'after'): KeptBook {
  let isLost = false;
  return Object.assign(Object.create(book) as KeptBook, {
    get: (id: string) => book.get(id),
    byKey: (key: string) => book.byKey(key),
    current: () => book.current(),
    isFirstLook: (cluster: string) => book.isFirstLook(cluster),
    haveLooked: (cluster: string) => book.haveLooked(cluster),
    watch: (onChange: Parameters<KeptBook['watch']>[0]) => book.watch(onChange),
    async record(...args: Parameters<KeptBook['record']>) {
      if (isLost) return await book.record(...args);
      isLost = true;
      if (when === 'after') await book.record(...args);
      throw new UnavailableError('etcd did not answer.');
    },
  });
}

describe('a commit whose answer is lost', () => {
  it.each(['before', 'after'] as const)(
    '%s it was written: after the next comparison there is one incident',
    async (when) => {
      const ledger = world.ledger({ book: losing(world.book, when) });
      await ledger.start([], T0);

      await expect(ledger.accept([state('web')], T0)).rejects.toThrow('etcd did not answer.');
      await ledger.start([state('web')], T0 + SECOND);

      expect(await world.incidents()).toMatchObject([{ status: 'firing', generation: 1, log: { length: 1 } }]);
      expect(await world.words()).toHaveLength(1);
    },
  );

  it('and that recovered meanwhile is called recovered: the bot was not away', async () => {
    const ledger = world.ledger({ book: losing(world.book, 'after') });
    await ledger.start([], T0);
    await expect(ledger.accept([state('web')], T0)).rejects.toThrow();

    await ledger.start([], T0 + SECOND);

    expect(await world.incident('web')).toMatchObject({ resolution: { how: 'recovered' } });
  });
});

describe('a leader that dies in a storm', () => {
  const failing = (name: string) => state(name, [signal({ shares: { registry: 'r.example.com' } })]);
  const names = Array.from({ length: 12 }, (_, at) => `d${at}`);

  it('is replaced by one that goes on under the same umbrella', async () => {
    const first = world.ledger();
    await first.start([], T0);
    await first.accept(names.slice(0, 6).map(failing), T0);

    const second = world.ledger();
    await second.start(names.map(failing), T0 + 20 * SECOND);

    const storms = (await world.incidents()).filter(({ kind }) => kind === 'storm');
    expect(storms).toMatchObject([{ status: 'firing', storm: { count: 12, open: 12 } }]);
    expect((await world.words()).filter((word) => word.startsWith('incident/'))).toHaveLength(1);
  });

  it('whose members were all well meanwhile: the new one ends all of it', async () => {
    const first = world.ledger();
    await first.start([], T0);
    await first.accept(names.map(failing), T0);

    await world.ledger().start([], T0 + MINUTE);

    expect((await world.incidents()).every(({ status }) => status === 'resolved')).toBe(true);
  });
});

describe('two ledgers at once', () => {
  it('of which neither knows of the other make one incident of one thing', async () => {
    const ledgers = [world.ledger(), world.ledger()];
    await Promise.all(ledgers.map((ledger) => ledger.start([], T0)));

    await Promise.all(ledgers.map((ledger) => ledger.accept([state('web'), state('api')], T0)));
    await Promise.all(ledgers.map((ledger) => ledger.accept([well('web')], T0 + MINUTE)));

    const incidents = await world.incidents();
    expect(incidents).toHaveLength(2);
    expect(incidents.map(({ root, status }) => `${root.name} ${status}`).sort()).toEqual([
      'api firing',
      'web resolved',
    ]);
  });
});

describe('a state that comes while the ledger is still starting', () => {
  it('is recorded after what stood before', async () => {
    const ledger = world.ledger();
    const starting = ledger.start([state('web')], T0);
    await Promise.all([starting, ledger.accept([state('api'), well('web')], T0 + SECOND)]);

    expect(await world.incident('api')).toMatchObject({ status: 'firing' });
    expect(await world.incident('web')).toMatchObject({ status: 'resolved' });
  });

  it('is left to the next start when this one fails', async () => {
    const ledger = world.ledger({ book: losing(world.book, 'before') });
    const starting = ledger.start([state('web')], T0);
    const [started] = await Promise.allSettled([starting, ledger.accept([state('api')], T0)]);
    expect(started.status).toBe('rejected');
    expect(await world.incidents()).toEqual([]);

    await ledger.start([state('web'), state('api')], T0 + SECOND);
    expect(await world.incidents()).toHaveLength(2);
  });
});
