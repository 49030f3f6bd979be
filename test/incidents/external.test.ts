import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Crowd } from '../../src/incidents/crowd.ts';
import { drillOf } from '../../src/incidents/desk/drill.ts';
import { takeAlerts } from '../../src/incidents/external.ts';
import type { ExternalAlert } from '../../src/incidents/incident.ts';
import { resolvedByHand } from '../../src/incidents/lifecycle/presses.ts';
import { createRouter } from '../../src/incidents/route.ts';
import p01 from '../../src/incidents/rules/p01-crash-loop.ts';
import { compileMatch } from '../../src/incidents/silences/match.ts';
import { type EtcdService, startEtcd } from '../support/services.ts';
import { ADA, alertsOf, openWorld, T0, type World } from './ledger/world.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

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

const settings = { route: createRouter(alertsOf(), 'CALERTS'), quiets: () => world.quiets };

function alert(change: Partial<ExternalAlert> = {}, now = T0): ExternalAlert {
  return {
    source: 'alertmanager',
    fingerprint: 'f1',
    groupKey: '{}:{alertname="PodDown"}',
    title: 'cart-0 is down',
    text: '',
    labels: { alertname: 'PodDown', namespace: 'shop', severity: 'critical' },
    status: 'firing',
    severity: 'high',
    startsAt: T0 - MINUTE,
    lastSeenAt: now,
    staleAt: now + 8 * 60 * MINUTE,
    ...change,
  };
}
const take = (alerts: readonly ExternalAlert[], now: number) => takeAlerts(world.book, alerts, now, settings);
const only = async () => (await world.incidents())[0];

describe('an alert of another system', () => {
  it('lives as any other: opened, repeated without a word, resolved', async () => {
    await take([alert()], T0);
    expect(await only()).toMatchObject({
      kind: 'external',
      severity: 'high',
      cause: 'cart-0 is down',
      channel: 'CALERTS',
    });
    expect(await only()).toMatchObject({ root: { namespace: 'shop', name: 'PodDown' }, startedAt: T0 - MINUTE });

    await take([alert({}, T0 + 30 * SECOND)], T0 + 30 * SECOND);
    expect((await only())?.external?.lastSeenAt).toBe(T0);
    await take([alert({}, T0 + 2 * MINUTE)], T0 + 2 * MINUTE);
    expect(await only()).toMatchObject({ generation: 1, external: { lastSeenAt: T0 + 2 * MINUTE } });
    await take([alert({ status: 'resolved' })], T0 + 3 * MINUTE);

    expect(await only()).toMatchObject({ status: 'resolved', resolution: { how: 'external' }, generation: 2 });
  });

  it('and others of its group are one incident, which ends with the last of them', async () => {
    await take([alert(), alert({ fingerprint: 'f2', title: 'cart-1 is down' })], T0);
    await take([alert({ fingerprint: 'f3', title: 'cart-2 is down' })], T0 + SECOND);
    expect((await only())?.signals.map(({ cause }) => cause)).toEqual([
      'cart-0 is down',
      'cart-1 is down',
      'cart-2 is down',
    ]);
    expect((await only())?.log.at(-1)?.text).toBe('Also fires: cart-2 is down.');

    await take([alert({ status: 'resolved' }), alert({ fingerprint: 'f2', status: 'resolved' })], T0 + MINUTE);
    expect(await only()).toMatchObject({ status: 'firing', cause: 'cart-2 is down' });
    await take([alert({ fingerprint: 'f3', status: 'resolved' })], T0 + 2 * MINUTE);

    expect(await world.incidents()).toMatchObject([{ status: 'resolved' }]);
  });

  it('that was never heard of and is over opens nothing', async () => {
    expect(await take([alert({ status: 'resolved' })], T0)).toEqual([]);
    expect(await world.incidents()).toEqual([]);
  });

  it('told to two replicas at the same moment is one incident', async () => {
    await Promise.all([1, 2, 3].map((n) => take([alert({ fingerprint: `f${n}` })], T0)));

    expect(await world.incidents()).toMatchObject([{ signals: { length: 3 } }]);
  });

  it('resolved by hand stays so while it is repeated, and opens again when it fires anew', async () => {
    await take([alert()], T0);
    await world.book.apply((await only())?.id ?? '', resolvedByHand(ADA));
    await take([alert({}, T0 + 5 * MINUTE)], T0 + 5 * MINUTE);
    expect((await only())?.status).toBe('resolved');

    await take([alert({ startsAt: T0 + 6 * MINUTE })], T0 + 6 * MINUTE);

    expect((await only())?.status).toBe('firing');
  });

  it('resolved by hand stays so while it is repeated by a sender that never says since when', async () => {
    const guessed = (now: number) => alert({ groupKey: undefined, startsAt: now, isStartGuessed: true }, now);
    await take([guessed(T0)], T0);
    await world.book.apply((await only())?.id ?? '', resolvedByHand(ADA));
    await take([guessed(T0 + 5 * MINUTE)], T0 + 5 * MINUTE);
    expect(await only()).toMatchObject({ status: 'resolved', startedAt: T0 });

    await take([alert({ ...guessed(T0 + 6 * MINUTE), severity: 'critical' })], T0 + 6 * MINUTE);

    expect((await only())?.status).toBe('firing');
  });

  it('keeps its words when its end comes in few', async () => {
    const end = alert({ status: 'resolved', title: 'f1', text: '', labels: {} });
    await take([alert({ text: 'It hangs.' })], T0);
    await take([end], T0 + MINUTE);

    expect(await only()).toMatchObject({
      status: 'resolved',
      external: { title: 'cart-0 is down', text: 'It hangs.' },
      labels: { namespace: 'shop' },
    });
  });

  it('of a group that is repeated without it is over after its time', async () => {
    const short = (fingerprint: string, now: number) =>
      alert({ fingerprint, title: `${fingerprint} is down`, staleAt: now + 10 * MINUTE }, now);
    await take([short('f1', T0), short('f2', T0)], T0);
    for (const after of [6, 12]) await take([short('f2', T0 + after * MINUTE)], T0 + after * MINUTE);
    expect((await only())?.signals.map(({ cause }) => cause)).toEqual(['f2 is down']);

    await take([alert({ fingerprint: 'f2', status: 'resolved' })], T0 + 13 * MINUTE);

    expect(await only()).toMatchObject({ status: 'resolved', resolution: { how: 'external' } });
  });

  it('is where all of its group are, and no more', async () => {
    const of = (pod: string) => alert({ fingerprint: pod, labels: { alertname: 'PodDown', namespace: 'shop', pod } });
    await take([of('cart-0')], T0);
    expect((await only())?.labels).toMatchObject({ pod: 'cart-0' });

    await take([of('cart-0'), of('cart-1')], T0 + SECOND);

    expect((await only())?.labels).toEqual({ alertname: 'PodDown', namespace: 'shop' });
  });

  it('that falls silent is over after its time, says the ledger of no cluster', async () => {
    await take([alert()], T0);
    const house = world.ledger({ cluster: '' });
    await house.start([], T0);
    expect(house.nextDue()).toBe(T0 + 8 * 60 * MINUTE);

    await house.due(T0 + 8 * 60 * MINUTE);

    expect(await only()).toMatchObject({ status: 'resolved', resolution: { how: 'stale' } });
  });

  it('is silenced as any other, and told when the silence ends', async () => {
    const matches = compileMatch({ rules: ['poddown'] });
    world.quiets = [{ id: 's1', label: 'silence s1', from: 0, until: T0 + 5 * MINUTE, matches }];
    await take([alert()], T0);
    expect(await only()).toMatchObject({ silencedBy: 's1' });
    expect(await world.words()).toEqual([]);
    const house = world.ledger({ cluster: '' });
    await house.start([], T0);

    await house.due(T0 + 5 * MINUTE);

    expect(await only()).toMatchObject({ channel: 'CALERTS' });
  });
});

describe('a drill', () => {
  it('that nobody ends is over by itself', async () => {
    const after = drillOf(
      p01,
      { person: ADA, channel: 'CTEST', id: 'i1', typed: '/alerts test P01' },
      settings.route,
      T0,
    );
    await world.book.record([{ before: undefined, after }]);
    const house = world.ledger({ cluster: '' });
    await house.start([], T0);

    await house.due(T0 + 10 * MINUTE);

    expect(await only()).toMatchObject({ status: 'resolved', resolution: { how: 'drill-over' } });
  });
});

describe('hundreds of alerts of another system', () => {
  const groups = (count: number, change: Partial<ExternalAlert> = {}, now = T0) =>
    Array.from({ length: count }, (_, n) => alert({ groupKey: `g${n}`, fingerprint: `f${n}`, ...change }, now));

  it('are a few messages and one digest, which counts them and ends with the last', async () => {
    const crowd = new Crowd({ incidents: 10, withinMs: 5 * MINUTE });
    const house = world.ledger({ cluster: '' });
    await house.start([], T0);
    await takeAlerts(world.book, groups(300), T0, { ...settings, crowd });
    await expect.poll(() => house.nextDue()).toBeLessThanOrEqual(T0 + SECOND);
    await expect.poll(() => house.open().length).toBe(300);
    await house.due(T0 + SECOND);

    const told = (await world.incidents()).filter(({ channel }) => channel !== undefined);
    const digest = told.find(({ kind }) => kind === 'storm');
    expect(told).toHaveLength(5);
    expect(digest).toMatchObject({ channel: 'CALERTS', storm: { count: 300, open: 300 } });

    await takeAlerts(world.book, groups(300, { status: 'resolved' }), T0 + MINUTE, { ...settings, crowd });
    await expect.poll(() => house.open().filter(({ kind }) => kind === 'external').length).toBe(0);
    await house.due(T0 + 2 * MINUTE);

    expect((await world.book.get(digest?.id ?? ''))?.value).toMatchObject({ status: 'resolved', storm: { open: 0 } });
  }, 30_000);

  it('of which few are left are told by themselves after all', async () => {
    const crowd = { mayTell: () => false };
    const house = world.ledger({ cluster: '' });
    await house.start([], T0);
    await takeAlerts(world.book, groups(2), T0, { ...settings, crowd });
    await expect.poll(() => house.open().length).toBe(2);
    await house.due(T0 + SECOND);

    expect(await world.incidents()).toMatchObject([{ channel: 'CALERTS' }, { channel: 'CALERTS' }]);
  });
});
