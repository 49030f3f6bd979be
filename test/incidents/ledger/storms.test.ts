import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/incidents/incident.ts';
import { acked, resolvedByHand } from '../../../src/incidents/lifecycle/presses.ts';
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

const names = (count: number, prefix = 'd'): string[] => Array.from({ length: count }, (_, at) => `${prefix}${at + 1}`);
const unpullable = (registry = 'registry.example.com') =>
  signal({ rule: 'P03', causeClass: 'image', cause: 'image cannot be pulled', shares: { registry } });
const storms = (incidents: readonly Incident[]) => incidents.filter(({ kind }) => kind === 'storm');
const members = (incidents: readonly Incident[], storm: Incident | undefined) =>
  incidents.filter(({ partOf }) => partOf?.id === storm?.id).map(({ root }) => root.name);

describe('many roots that share a cause', () => {
  it('in one batch are one message that names it', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);

    await ledger.accept(
      names(6).map((name) => state(name, [unpullable()])),
      T0,
    );

    const incidents = await world.incidents();
    const [storm] = storms(incidents);
    expect(storm).toMatchObject({
      storm: { shared: { what: 'registry', name: 'registry.example.com' }, count: 6, open: 6 },
      channel: 'CALERTS',
    });
    expect(storm?.cause).toBe('6 fail that share registry registry.example.com: image cannot be pulled');
    expect(storm?.storm?.members).toEqual({ shop: names(6).map((name) => `deployment/${name}`) });
    expect(members(incidents, storm)).toHaveLength(6);
    expect(await world.words()).toEqual([`incident/${storm?.id}`]);
  });

  it('are as bad as the worst that may speak: a silenced member raises nothing', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept(
      names(6).map((name) => state(name, [unpullable()])),
      T0,
    );
    const [before] = storms(await world.incidents());
    world.quiets = [
      { id: 's1', label: 'silence s1', from: 0, until: T0 + MINUTE, matches: ({ root }) => root.name === 'd2' },
    ];

    await ledger.accept([state('d2', [{ ...unpullable(), severity: 'critical' }])], T0 + 2 * SECOND);

    expect(await world.incident('d2')).toMatchObject({ silencedBy: 's1', severity: 'critical' });
    const [after] = storms(await world.incidents());
    expect(after).toMatchObject({ severity: before?.severity, peak: before?.peak });
  });

  it('make no digest of one more that fails beside them for a reason of its own', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);

    await ledger.accept([...names(6).map((name) => state(name, [unpullable()])), state('other')], T0);

    expect(storms(await world.incidents())).toHaveLength(1);
    expect((await world.incident('other')).partOf).toBeUndefined();
  });

  it('with a node that is one of them have its words for a cause', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    const onNode = signal({ rule: 'R04', cause: 'none of 2 pods available', shares: { node: 'n1' } });
    const node = state('n1', [
      signal({ rule: 'N09', domain: 'node', cause: 'kubelet silent', shares: { node: 'n1' } }),
    ]);
    const root = { ...node.root, kind: 'Node', namespace: '' };

    await ledger.accept([...names(5).map((name) => state(name, [onNode])), { ...node, root }], T0);

    expect(storms(await world.incidents())[0]?.cause).toBe('6 fail that share node n1: kubelet silent');
  });

  it('have the cause of the worst of them where none is said more often', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    const each = (name: string, cause: string, more: object = {}) => state(name, [signal({ cause, ...more })]);

    await ledger.accept([...names(5).map((name) => each(name, name)), each('x', 'down', { severity: 'critical' })], T0);

    expect(storms(await world.incidents())[0]?.cause).toMatch(/most often: down$/);
  });

  it('one after the other: the fifth makes the umbrella, and those already told say so', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    for (const [at, name] of names(5).entries()) {
      await ledger.accept([state(name, [unpullable()])], T0 + at * 30 * SECOND);
    }

    const incidents = await world.incidents();
    const [storm] = storms(incidents);

    expect(members(incidents, storm)).toHaveLength(5);
    expect((await world.incident('d1')).log.at(-1)?.text).toBe('One of many that fail together; told there.');
    expect((await world.incident('d5')).channel).toBeUndefined();
    expect((await world.words()).filter((word) => word.startsWith('incident-note'))).toEqual([]);
  });

  it('is over with the last of them, and whoever fails later joins while it is open', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept(
      names(5).map((name) => state(name, [unpullable()])),
      T0,
    );
    await ledger.accept([state('late', [unpullable()])], T0 + 2 * SECOND);
    expect((await world.incident('late')).partOf?.why).toBe('storm');
    expect(storms(await world.incidents())[0]?.storm?.count).toBe(5);
    expect(ledger.nextDue()).toBe(T0 + 10 * SECOND);
    await ledger.due(T0 + 10 * SECOND);
    expect(storms(await world.incidents())[0]?.storm?.count).toBe(6);

    await ledger.accept(
      [...names(5), 'late'].map((name) => well(name)),
      T0 + 5 * MINUTE,
    );

    expect(storms(await world.incidents())[0]).toMatchObject({ status: 'resolved', storm: { count: 6, open: 0 } });
  });

  it('leaves alone what somebody has acked', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept([state('d1', [unpullable()])], T0);
    await world.book.apply((await world.incident('d1')).id, acked(ADA));
    await ledger.due(T0 + SECOND);
    await expect.poll(() => ledger.open()[0]?.ack).toBeDefined();

    await ledger.accept(
      names(7)
        .slice(1)
        .map((name) => state(name, [unpullable()])),
      T0 + 2 * SECOND,
    );

    expect((await world.incident('d1')).partOf).toBeUndefined();
    expect(storms(await world.incidents())[0]?.storm?.count).toBe(6);
  });

  it('stays quiet when a person has said that it is done, until somebody new fails', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept(
      names(5).map((name) => state(name, [unpullable()])),
      T0,
    );
    const [storm] = storms(await world.incidents());
    await world.book.apply(storm?.id ?? '', resolvedByHand(ADA));
    await ledger.due(T0 + MINUTE);
    expect(storms(await world.incidents())[0]?.status).toBe('resolved');

    await ledger.accept(
      names(5, 'e').map((name) => state(name, [unpullable()])),
      T0 + 2 * MINUTE,
    );

    expect(storms(await world.incidents())).toMatchObject([{ id: storm?.id, status: 'firing', storm: { count: 10 } }]);
  });

  it('is told to each channel for its own', async () => {
    const routed = openWorld(etcd.endpoint, { routes: [{ match: { namespaces: ['bank'] }, channel: 'CBANK' }] });
    await routed.book.haveLooked('eu1');
    const ledger = routed.ledger();
    await ledger.start([], T0);

    const bank = (name: string) => ({
      ...state(name, [unpullable()]),
      root: { ...state(name).root, namespace: 'bank' },
    });
    await ledger.accept([...names(3).map((name) => state(name, [unpullable()])), ...names(3, 'b').map(bank)], T0);

    const found = storms(await routed.incidents()).map(({ channel, storm }) => [channel, storm?.count]);
    expect(found.sort()).toEqual([
      ['CALERTS', 3],
      ['CBANK', 3],
    ]);
    await routed.close();
  });
});

describe('many roots that share nothing', () => {
  it('all at once are one digest', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);

    await ledger.accept(
      names(5).map((name) => state(name)),
      T0,
    );

    const [digest] = storms(await world.incidents());
    expect(digest?.cause).toBe('5 fail at about the same time, most often: container "web" exits with 1');
    expect(await world.words()).toEqual([`incident/${digest?.id}`]);
  });

  it('one by one are told one by one up to ten, then as a digest', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);

    for (const [at, name] of names(12).entries()) await ledger.accept([state(name)], T0 + at * 20 * SECOND);

    const incidents = await world.incidents();
    expect(members(incidents, storms(incidents)[0]).sort()).toEqual(['d11', 'd12']);
    expect(incidents.filter(({ kind, channel }) => kind === 'root' && channel)).toHaveLength(10);
  });

  it('are told one by one again when the storm is over', async () => {
    const ledger = world.ledger();
    await ledger.start([], T0);
    await ledger.accept(
      names(12).map((name) => state(name)),
      T0,
    );

    await ledger.accept([state('later')], T0 + 6 * MINUTE);

    expect(await world.incident('later')).toMatchObject({ channel: 'CALERTS', partOf: undefined });
  });

  it('are never a digest when the config says so', async () => {
    const other = openWorld(etcd.endpoint, { storm: { incidents: 0 } });
    await other.book.haveLooked('eu1');
    const ledger = other.ledger();
    await ledger.start([], T0);

    await ledger.accept(
      names(20).map((name) => state(name)),
      T0,
    );

    expect(storms(await other.incidents())).toEqual([]);
    await other.close();
  });
});

describe('five hundred Deployments that fail within ten seconds', () => {
  it.each([
    ['sharing a registry', unpullable()],
    ['sharing nothing', signal()],
  ])('%s: each is recorded, at most ten messages are posted, and the last edit names all', async (_, found) => {
    const ledger = world.ledger();
    await ledger.start([], T0);

    const batches = Array.from({ length: 100 }, (_none, at) => names(5, `b${at}-`));
    for (const [at, batch] of batches.entries()) {
      const now = T0 + at * 100;
      for (const name of batch.slice(0, at === 0 ? 1 : 5)) await ledger.accept([state(name, [found])], now);
    }
    await ledger.due(T0 + 10 * SECOND + 500);
    await ledger.due(T0 + 70 * SECOND + 500);

    const incidents = await world.incidents();
    const [storm, ...others] = storms(incidents);
    const posted = (await world.words()).length;
    expect(others).toEqual([]);
    expect(incidents).toHaveLength(496 + 1);
    expect(posted).toBeLessThanOrEqual(10);
    const alone = incidents.filter(({ kind, partOf }) => kind === 'root' && !partOf).length;
    expect((storm?.storm?.count ?? 0) + alone).toBe(496);
  });
});
