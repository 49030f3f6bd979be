import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acked, resolvedByHand, snoozed } from '../../../src/incidents/lifecycle/presses.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { ADA, openWorld, signal, state, T0, type World, well } from './world.ts';

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

describe('one root', () => {
  it('is one incident with one message, from its first signal to its end', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);

    await ledger.accept([state('web')], T0);
    const opened = await world.incident('web');

    expect(opened).toMatchObject({ status: 'firing', severity: 'warning', channel: 'CALERTS', generation: 1 });
    expect(opened).toMatchObject({ startedAt: T0 - MINUTE, detectedAt: T0, openedAt: T0 });
    expect(await world.words()).toEqual([`incident/${opened.id}`]);

    await ledger.accept(
      [state('web', [signal(), signal({ rule: 'P03', causeClass: 'image', cause: 'no image' })])],
      T0 + SECOND,
    );
    await ledger.accept([well('web')], T0 + 5 * MINUTE);
    const over = await world.incident('web');

    expect(over).toMatchObject({
      id: opened.id,
      status: 'resolved',
      resolution: { how: 'recovered' },
      cause: 'no image',
    });
    expect(over.generation).toBe(3);
    expect(await world.words()).toEqual(
      [`incident-note/${opened.id}.2`, `incident-note/${opened.id}.3`, `incident/${opened.id}`].sort(),
    );
  });

  it('that fails again within ten minutes of its end is the same incident; later it is a new one', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([state('web')], T0);
    const first = await world.incident('web');
    await ledger.accept([well('web')], T0 + MINUTE);

    await ledger.accept([state('web')], T0 + 10 * MINUTE);
    expect(await world.incident('web')).toMatchObject({ id: first.id, status: 'firing' });
    await ledger.accept([well('web')], T0 + 11 * MINUTE);
    await ledger.accept([state('web')], T0 + 80 * MINUTE);
    const second = await world.incident('web');

    expect(second).toMatchObject({ status: 'firing', generation: 1 });
    expect(second.id).not.toBe(first.id);
    expect((await world.book.get(first.id))?.value).toMatchObject({ status: 'resolved', resolvedAt: T0 + 11 * MINUTE });
    world.now = T0 + 81 * MINUTE;
    expect((await world.book.past({ since: T0, limit: 10 })).map(({ id }) => id)).toEqual([first.id]);
  });

  it('that flaps is held for ten minutes before it is called over, and wears a badge', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    for (const minute of [0, 4]) {
      await ledger.accept([state('web')], T0 + minute * MINUTE);
      await ledger.accept([well('web')], T0 + (minute + 2) * MINUTE);
    }
    await ledger.accept([state('web')], T0 + 8 * MINUTE);
    expect(await world.incident('web')).toMatchObject({ isFlapping: true, status: 'firing' });

    await ledger.accept([well('web')], T0 + 9 * MINUTE);
    expect(await world.incident('web')).toMatchObject({ status: 'firing' });
    expect(ledger.nextDue()).toBe(T0 + 19 * MINUTE);
    await ledger.due(T0 + 19 * MINUTE);

    expect(await world.incident('web')).toMatchObject({ status: 'resolved', isFlapping: true });
  });

  it('whose object was deleted is over at once', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([state('web')], T0);

    await ledger.accept([well('web', { isGone: true })], T0 + MINUTE);

    expect(await world.incident('web')).toMatchObject({ status: 'resolved', resolution: { how: 'deleted' } });
  });

  it('of severity info is recorded and told nowhere', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);

    await ledger.accept([state('web', [signal({ severity: 'info' })])], T0);

    expect((await world.incident('web')).channel).toBeUndefined();
    expect(await world.words()).toEqual([]);
  });

  it('with findings that another root carries opens nothing', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);

    await ledger.accept([state('web', [signal({ isFolded: true })])], T0);

    expect(await world.incidents()).toEqual([]);
  });

  it('whose pods change fast is not written each time', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([state('web')], T0);

    for (let second = 1; second <= 4; second++) {
      await ledger.accept([state('web', [signal({ cause: `restarted ${second} times` })])], T0 + second * SECOND);
    }
    expect((await world.incident('web')).generation).toBe(1);
    expect(ledger.nextDue()).toBe(T0 + 5 * SECOND);
    await ledger.due(T0 + 5 * SECOND);

    expect(await world.incident('web')).toMatchObject({ generation: 2, cause: 'restarted 4 times' });
  });
});

describe('people and the ledger', () => {
  it('do not lose each other’s words: an ack that the ledger has not seen stays', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([state('web')], T0);
    const { id } = await world.incident('web');

    await world.book.apply(id, acked(ADA));
    await ledger.accept([state('web', [signal({ severity: 'high' })])], T0 + MINUTE);

    expect(await world.incident('web')).toMatchObject({ ack: { by: ADA }, severity: 'high', peak: 'high' });
  });

  it('what is resolved by hand stays so while it fails, and opens again when it gets worse', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([state('web')], T0);
    const { id } = await world.incident('web');
    await world.book.apply(id, resolvedByHand(ADA, 'known'));

    await ledger.accept([state('web', [signal({ cause: 'other words' })])], T0 + MINUTE);
    expect(await world.incident('web')).toMatchObject({ id, status: 'resolved' });
    await ledger.accept([state('web', [signal({ severity: 'high' })])], T0 + 2 * MINUTE);

    expect(await world.incident('web')).toMatchObject({ id, status: 'firing', severity: 'high' });
  });

  it('what was resolved by hand, ended and fails anew opens again', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([state('web')], T0);
    await world.book.apply((await world.incident('web')).id, resolvedByHand(ADA));
    await ledger.accept([well('web')], T0 + MINUTE);

    await ledger.accept([state('web')], T0 + 2 * MINUTE);

    expect(await world.incident('web')).toMatchObject({ status: 'firing' });
  });

  it('a snooze pressed on another replica ends at its time', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([state('web')], T0);
    const { id } = await world.incident('web');
    await world.book.apply(id, snoozed(ADA, T0 + 30 * MINUTE));
    await expect.poll(() => ledger.nextDue()).toBe(T0 + 30 * MINUTE);

    await ledger.due(T0 + 30 * MINUTE);

    const incident = await world.incident('web');
    expect(incident.snooze).toBeUndefined();
    expect(incident.log.at(-1)).toMatchObject({ text: 'The snooze is over, and it still fails.', isLoud: true });
  });
});

describe('a new leader', () => {
  it('keeps what still fails, ends what does not, and tells what is new with its true start', async () => {
    const before = world.ledger();
    await before.start([], T0);
    await before.accept([state('still'), state('gone')], T0);
    const still = await world.incident('still');

    const after = world.ledger();
    await after.start([state('still'), state('new')], T0 + 10 * MINUTE);

    expect(await world.incident('still')).toEqual(still);
    expect(await world.incident('gone')).toMatchObject({ status: 'resolved', resolution: { how: 'while-away' } });
    expect(await world.incident('new')).toMatchObject({ startedAt: T0 - MINUTE, openedAt: T0 + 10 * MINUTE });
  });

  it('says of what only its hold-down kept open that it ended while nobody looked', async () => {
    const before = world.ledger();
    await before.start([], T0);
    await before.accept([state('well'), state('relapsed')], T0);

    const after = world.ledger();
    await after.start([well('well', { isPending: true }), well('relapsed', { isPending: true })], T0 + MINUTE);
    await after.accept([state('relapsed')], T0 + 2 * MINUTE);
    await after.accept([well('well'), well('relapsed')], T0 + 11 * MINUTE);

    expect(await world.incident('well')).toMatchObject({ resolution: { how: 'while-away' } });
    expect(await world.incident('relapsed')).toMatchObject({ resolution: { how: 'recovered' } });
  });

  it('makes one digest of everything that stands on the first day', async () => {
    const other = openWorld(etcd.endpoint);
    const ledger = other.ledger();

    await ledger.start([state('a'), state('b'), state('c'), state('e')], T0);
    await ledger.accept([state('d')], T0 + MINUTE);

    const digest = await other.incident('first look');
    expect(digest).toMatchObject({ kind: 'storm', storm: { count: 4, open: 4 }, channel: 'CALERTS' });
    expect(await other.words()).toEqual([`incident/${digest.id}`, `incident/${(await other.incident('d')).id}`].sort());
    await other.close();
  });

  it('makes no digest of the few that stand on the first day', async () => {
    const other = openWorld(etcd.endpoint);

    await other.ledger().start([state('a'), state('b'), state('c')], T0);

    expect(await other.incident('a')).toMatchObject({ kind: 'root', partOf: undefined, channel: 'CALERTS' });
    expect(await other.incidents()).toHaveLength(3);
    await other.close();
  });

  it('is told when another one leads, and writes nothing', async () => {
    await world.store.commit([{ op: 'put', path: 'leaders/x', value: {}, expect: 'absent' }]);
    const ledger = world.ledger({ check: { op: 'check', path: 'leaders/x', expect: 'absent' } });
    await ledger.start([], T0);

    await expect(ledger.accept([state('web')], T0)).rejects.toThrow('Another replica watches this cluster now.');

    expect(await world.incidents()).toEqual([]);
  });
});
