import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSilences } from '../../../src/incidents/silences/silences.ts';
import { createLogger } from '../../../src/log.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { ADA, alertsOf, openWorld, signal, state, T0, type World, well } from './world.ts';

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

function silencesOf(alerts: object = {}) {
  const log = createLogger('silent');
  return createSilences({ store: world.store, clock: () => world.now, log, alerts: alertsOf(alerts) });
}

describe('a silence', () => {
  it('keeps what matches quiet but recorded, and when it ends what still fails is told', async () => {
    const silences = silencesOf();
    await silences.start();
    const wish = { match: { namespaces: ['shop'] }, by: ADA, reason: 'migration', until: T0 + 60 * MINUTE };
    const silence = await silences.add(wish);
    const ledger = world.ledger({ quiets: () => silences.quiets() });
    await ledger.start([], T0);

    await ledger.accept([state('web')], T0 + SECOND);
    expect(await world.incident('web')).toMatchObject({ silencedBy: silence.id, status: 'firing' });
    expect(await world.words()).toEqual([]);
    expect(ledger.nextDue()).toBe(T0 + 60 * MINUTE);
    await ledger.due(T0 + 60 * MINUTE);

    expect(await world.incident('web')).toMatchObject({ channel: 'CALERTS', silencedBy: undefined });
    expect(await world.words()).toContain(`incident/${(await world.incident('web')).id}`);
    await silences.stop();
  });

  it('made on another replica quiets what fires, and revoked lets it speak', async () => {
    const [here, there] = [silencesOf(), silencesOf()];
    await here.start();
    const ledger = world.ledger({ quiets: () => here.quiets() });
    await ledger.start([], T0);
    await ledger.accept([state('web')], T0);

    const wish = { match: { names: ['deployment/w*'] }, by: ADA, reason: 'known', until: T0 + 60 * MINUTE };
    const { id } = await there.add(wish);
    await expect.poll(() => ledger.nextDue()).toBe(T0 + 100);
    await ledger.due(T0 + MINUTE);
    expect(await world.incident('web')).toMatchObject({ silencedBy: id, channel: 'CALERTS' });
    await there.revoke(id);
    await expect.poll(() => here.quiets()).toEqual([]);
    await ledger.due(T0 + 2 * MINUTE);

    const incident = await world.incident('web');
    expect(incident.silencedBy).toBeUndefined();
    expect(incident.log.map(({ text }) => text).slice(1)).toEqual([
      `Quiet now: silence ${id} (known).`,
      'No longer silenced, and still failing.',
    ]);
    await here.stop();
  });

  it('is refused without a criterion, a reason or an end', async () => {
    const silences = silencesOf();
    const wish = { match: { rules: ['P01'] }, by: ADA, reason: 'why', until: T0 + MINUTE };

    await expect(silences.add({ ...wish, match: {} })).rejects.toThrow('A silence needs something to match.');
    await expect(silences.add({ ...wish, reason: ' ' })).rejects.toThrow('A silence needs a reason.');
    await expect(silences.add({ ...wish, until: T0 })).rejects.toThrow('A silence ends in the future');
    await expect(silences.revoke('snone')).rejects.toThrow('No silence "snone" is in force.');
  });

  it('that is over is listed no more and forgotten', async () => {
    const silences = silencesOf();
    const { id } = await silences.add({ match: { rules: ['P01'] }, by: ADA, reason: 'why', until: T0 + MINUTE });
    expect(await silences.list()).toMatchObject([{ id }]);

    world.now = T0 + MINUTE;
    expect(await silences.list()).toEqual([]);
    await silences.sweep();

    expect(await world.store.list('incidents/silences/')).toEqual([]);
  });
});

describe('a maintenance window', () => {
  it('keeps what matches quiet from its beginning to its end', async () => {
    const from = new Date(T0 + 10 * MINUTE).toISOString();
    const until = new Date(T0 + 20 * MINUTE).toISOString();
    const maintenance = [{ name: 'works', from, until, match: { rules: ['P0*'] } }];
    const silences = silencesOf({ maintenance });
    const ledger = world.ledger({ quiets: () => silences.quiets() });
    await ledger.start([], T0);
    await ledger.accept([state('before')], T0);
    expect(ledger.nextDue()).toBe(T0 + 10 * MINUTE);

    await ledger.accept([state('during'), state('other', [signal({ rule: 'R01' })])], T0 + 15 * MINUTE);
    expect(await world.incident('during')).toMatchObject({ silencedBy: 'maintenance works' });
    expect(await world.incident('other')).toMatchObject({ silencedBy: undefined, channel: 'CALERTS' });
    await ledger.due(T0 + 20 * MINUTE);

    expect(await world.incident('during')).toMatchObject({ silencedBy: undefined, channel: 'CALERTS' });
  });
});

describe('a node that is down', () => {
  const down = {
    ...state('node-1', [signal({ rule: 'N01', domain: 'node', causeClass: 'node', cause: 'NotReady' })]),
    root: { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'node-1', uid: 'n1' },
    domain: 'node' as const,
  };
  const lost = (name: string, nodes = ['node-1']) =>
    state(name, [signal({ rule: 'P08', cause: 'not ready' })], { nodes, impact: { available: 1, desired: 2 } });

  it('explains its pods: they are recorded, linked and not told', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);

    await ledger.accept([lost('a'), lost('b', ['node-1', 'node-2']), down], T0);

    const node = await world.incident('node-1');
    expect(await world.incident('a')).toMatchObject({ partOf: { id: node.id, why: 'node' }, channel: undefined });
    expect(await world.incident('b')).toMatchObject({ partOf: undefined, channel: 'CALERTS' });
  });

  it('explains that too few pods serve, but not that none does', async () => {
    const short = (name: string, severity: 'high' | 'critical') =>
      state(name, [signal({ rule: 'R04', causeClass: 'node', severity })], { nodes: ['node-1'] });
    const ledger = world.ledger();
    await ledger.start([], T0);

    await ledger.accept([short('some', 'high'), short('none', 'critical'), down], T0);

    expect(await world.incident('some')).toMatchObject({ partOf: { why: 'node' } });
    expect(await world.incident('none')).toMatchObject({ partOf: undefined, channel: 'CALERTS' });
  });

  it('also takes what was told before it was seen', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([lost('a')], T0);

    await ledger.accept([down], T0 + MINUTE);

    expect(await world.incident('a')).toMatchObject({ partOf: { why: 'node' }, channel: 'CALERTS' });
  });

  it('does not explain more missing pods than were on it', async () => {
    const ledger = world.ledger({ podsOn: () => 0 });
    await ledger.start([], T0);

    await ledger.accept([down, lost('a')], T0);

    expect((await world.incident('a')).partOf).toBeUndefined();
  });

  it('that is back gives its pods five minutes before they are told', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([down, lost('a')], T0);
    await ledger.accept([{ ...down, signals: [] }], T0 + MINUTE);
    expect((await world.incident('a')).partOf?.why).toBe('node');
    expect(ledger.nextDue()).toBe(T0 + 6 * MINUTE);

    await ledger.due(T0 + 6 * MINUTE);

    expect(await world.incident('a')).toMatchObject({ partOf: undefined, channel: 'CALERTS' });
  });

  it('that looks well again explains what its pods do while they come back, also elsewhere', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([down, lost('a')], T0);

    const back = { ...down, signals: down.signals.map((one) => ({ ...one, clearSince: T0 + MINUTE })) };
    await ledger.accept([back, lost('a', ['node-2'])], T0 + MINUTE);
    expect(await world.incident('a')).toMatchObject({ partOf: { why: 'node' }, channel: undefined });

    await ledger.accept([down, lost('a', ['node-2'])], T0 + 2 * MINUTE);
    expect(await world.incident('a')).toMatchObject({ partOf: undefined, channel: 'CALERTS' });
  });

  it('by a reboot is expected, until the reboot takes too long', async () => {
    let isRebooting = true;
    const ledger = world.ledger({ isRebooting: () => isRebooting });
    await ledger.start([], T0);
    await ledger.accept([down, lost('a')], T0);
    expect(await world.incident('node-1')).toMatchObject({ partOf: { why: 'reboot' }, channel: undefined });
    expect(await world.words()).toEqual([]);

    isRebooting = false;
    await ledger.due(ledger.nextDue() ?? 0);

    expect(await world.incident('node-1')).toMatchObject({ partOf: undefined, channel: 'CALERTS' });
    expect((await world.incident('a')).partOf?.why).toBe('node');
  });

  it('and recovers says nothing of pods that recovered with it', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([down, lost('a')], T0);

    await ledger.accept([well('a'), { ...down, signals: [] }], T0 + MINUTE);

    const { id } = await world.incident('node-1');
    expect((await world.words()).every((word) => word.includes(id))).toBe(true);
  });
});
