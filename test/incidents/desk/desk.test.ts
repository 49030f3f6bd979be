import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DRILL_MS } from '../../../src/incidents/lifecycle/stale.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { ADA, GRACE, T0 } from '../ledger/world.ts';
import { type Office, openOffice } from './office.ts';

const HOUR = 3_600_000;
let etcd: EtcdService;
let office: Office;
beforeAll(async () => {
  etcd = await startEtcd();
});
beforeEach(async () => {
  office = await openOffice(etcd.endpoint);
  return () => office.close();
});
afterAll(() => etcd.stop());

const names = (incidents: readonly { root: { name: string } }[]): string[] =>
  incidents.map(({ root }) => root.name).sort();

describe('lists', () => {
  test('leave out what the asker may not see', async () => {
    await office.opens('web');
    await office.opens('vault', 'bank');
    office.allow(GRACE, 'alerts:read', 'shop');

    expect(names(await office.desk.list({}, office.as(ADA)))).toEqual(['vault', 'web']);
    expect(names(await office.desk.list({}, office.as(GRACE)))).toEqual(['web']);
  });

  test('are narrowed by place, rule, severity, status and owner', async () => {
    const { id } = await office.opens('web');
    await office.opens('vault', 'bank');
    await office.desk.ack(id, office.as(ADA));
    const list = async (filter: object) => names(await office.desk.list(filter, office.as(ADA)));

    expect(await list({ namespace: 'bank' })).toEqual(['vault']);
    expect(await list({ cluster: 'eu2' })).toEqual([]);
    expect(await list({ rule: 'p01' })).toEqual(['vault', 'web']);
    expect(await list({ severity: 'critical' })).toEqual([]);
    expect(await list({ status: 'acked' })).toEqual(['web']);
    expect(await list({ status: 'firing' })).toEqual(['vault']);
    expect(await list({ mine: true })).toEqual(['web']);
  });
});

describe('names', () => {
  test('are ids, their beginnings, names with and without namespace and kind', async () => {
    const { id } = await office.opens('web');
    for (const name of [
      id,
      id.toUpperCase(),
      id.slice(0, 4),
      'web',
      'shop/web',
      'deployment/web',
      'shop/deployment/web',
    ])
      expect((await office.desk.find(name, office.as(ADA))).id).toBe(id);
  });

  test('of what is over are the beginnings of ids', async () => {
    const { id } = await office.opens('web');
    await office.desk.resolve(id, undefined, office.as(ADA));
    office.world.now = T0 + 2 * HOUR;
    await office.world.book.apply(id, (one, now) => ({ ...one, endedAt: now }));
    await office.world.book.sweep();

    expect(await office.desk.list({ status: 'all' }, office.as(ADA))).toEqual([]);
    expect((await office.desk.find(id.slice(0, 4), office.as(ADA))).id).toBe(id);
  });

  test('that several have are asked for again, with the ids', async () => {
    const first = await office.opens('web');
    const second = await office.opens('web', 'bank');

    await expect(office.desk.find('web', office.as(ADA))).rejects.toThrow(
      new RegExp(`2 incidents match "web": .*(${first.id}|${second.id})`),
    );
    expect((await office.desk.find('bank/web', office.as(ADA))).id).toBe(second.id);
  });

  test('that nothing has are answered with the nearest', async () => {
    await office.opens('web');

    await expect(office.desk.ack('shop/wep', office.as(ADA))).rejects.toMatchObject({ hint: 'Did you mean shop/web?' });
  });

  test('of what one may not see are unknown, and by id refused', async () => {
    const { id } = await office.opens('vault', 'bank');
    office.allow(GRACE, 'alerts:read', 'shop');

    await expect(office.desk.find('bank/vault', office.as(GRACE))).rejects.toThrow('No incident "bank/vault" is known');
    await expect(office.desk.find(id, office.as(GRACE))).rejects.toThrow('You may not alerts:read');
  });
});

describe('history and figures', () => {
  test('tell what is over, how fast it was taken and ended, and what nobody needed', async () => {
    const { id } = await office.opens('web');
    office.world.now = T0 + 60_000;
    await office.desk.ack(id, office.as(ADA));
    office.world.now = T0 + 300_000;
    await office.desk.resolve(id, 'rolled back', office.as(ADA));
    await office.desk.noise(id, 'planned', office.as(ADA));

    const past = await office.desk.history({ since: T0 - HOUR, limit: 10 }, office.as(ADA));
    const [figures] = await office.desk.stats(T0 - HOUR, office.as(ADA));

    expect(past).toMatchObject([{ id, resolution: { how: 'by-hand', why: 'rolled back' } }]);
    expect(figures).toMatchObject({
      rule: 'P01',
      count: 1,
      ack: { median: 60_000, p95: 60_000 },
      resolve: { median: 300_000 },
      unattended: 0,
      noise: 1,
    });
  });
});

describe('silences', () => {
  test('need the right wherever they reach, are listed, and end', async () => {
    await office.opens('web');
    office.allow(GRACE, 'alerts:silence', 'shop');
    const wish = { lastingMs: HOUR, reason: 'load test' };

    await expect(office.desk.silence({ ...wish, match: { rules: ['P01'] } }, office.as(GRACE))).rejects.toThrow(
      'You may not',
    );
    const { silence, matching } = await office.desk.silence(
      { ...wish, match: { namespaces: ['shop'] } },
      office.as(GRACE),
    );

    expect(matching).toBe(0);
    expect((await office.desk.silences(office.as(ADA))).map(({ id }) => id)).toEqual([silence.id]);
    await office.desk.unsilence(silence.id.slice(0, 4), office.as(GRACE));
    expect(await office.desk.silences(office.as(ADA))).toEqual([]);
    expect(office.audit.map(({ command, type }) => `${command} ${type}`)).toEqual([
      'alerts silence intent',
      'alerts silence outcome',
      'alerts unsilence intent',
      'alerts unsilence outcome',
    ]);
  });

  test('of everything are refused', async () => {
    await expect(office.desk.silence({ match: {}, lastingMs: HOUR, reason: 'peace' }, office.as(ADA))).rejects.toThrow(
      'needs something to match',
    );
  });
});

describe('drills', () => {
  test('are one per rule, marked as such, and end by themselves', async () => {
    const drill = await office.desk.test('p01', office.as(ADA));
    const again = await office.desk.test('P01', office.as(ADA));

    expect(again.id).toBe(drill.id);
    expect(drill).toMatchObject({ kind: 'drill', channel: 'CALERTS', status: 'firing' });
    const house = office.world.ledger({ cluster: '' });
    await house.start([], T0);
    expect(house.nextDue()).toBe(T0 + DRILL_MS);
    await house.due(T0 + DRILL_MS);
    expect((await office.world.book.get(drill.id))?.value.resolution).toEqual({ how: 'drill-over' });
    expect((await office.desk.test('P01', office.as(ADA))).status).toBe('firing');
  });

  test('of unknown rules are answered with the nearest', async () => {
    await expect(office.desk.test('P1', office.as(ADA))).rejects.toThrow('There is no rule "P1"');
  });
});

test('what is not watched here cannot be explained here', async () => {
  const target = { cluster: 'eu1', namespace: 'shop', kind: 'Deployment', name: 'web' };

  await expect(office.desk.explain(target, office.as(ADA))).rejects.toThrow('does not watch eu1');
});
