import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { resolved } from '../../../src/incidents/lifecycle/resolve.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { ADA, GRACE, T0 } from '../ledger/world.ts';
import { type Office, openOffice } from './office.ts';

const MINUTE = 60_000;
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

const now = async (id: string) => (await office.world.book.get(id))?.value;

describe('what people do to an incident', () => {
  test('stands in the audit before it happens, and how it ended after', async () => {
    const { id } = await office.opens('web');

    await office.deeds.ack(id, office.as(ADA, 'i-press'));

    expect((await now(id))?.ack?.by).toEqual(ADA);
    expect(office.audit).toMatchObject([
      {
        type: 'intent',
        invocation: 'i-press',
        who: ADA,
        command: 'alerts ack',
        where: { cluster: 'eu1', namespace: 'shop' },
      },
      { type: 'outcome', invocation: 'i-press', result: 'succeeded', said: 'Acked.' },
    ]);
  });

  test('done twice is done once: the same gesture, and the same wish by another', async () => {
    const { id } = await office.opens('web');
    await office.deeds.ack(id, office.as(ADA, 'i-one'));

    const again = await Promise.all([
      office.deeds.ack(id, office.as(ADA, 'i-one')),
      office.deeds.ack(id, office.as(ADA)),
    ]);

    expect(again.map(({ isNew }) => isNew)).toEqual([false, false]);
    expect((await now(id))?.log.filter(({ text }) => text === 'Acked.')).toHaveLength(1);
    expect(office.audit.filter(({ type }) => type === 'outcome')).toHaveLength(1);
  });

  test('is refused where the incident is, and leaves no trace of success', async () => {
    office.allow(GRACE, 'alerts:ack', 'bank');
    const { id } = await office.opens('web');

    await expect(office.deeds.ack(id, office.as(GRACE))).rejects.toThrow('You may not alerts:ack');

    expect(office.audit).toEqual([]);
    expect((await now(id))?.ack).toBeUndefined();
  });

  test('of two who take it at once one has it, and the other is told so', async () => {
    const { id } = await office.opens('web');
    office.allow(GRACE, 'alerts:ack', 'shop');

    const both = await Promise.allSettled([
      office.deeds.ack(id, office.as(ADA)),
      office.deeds.ack(id, office.as(GRACE)),
    ]);

    const lost = both.filter((one) => one.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(String(lost[0]?.reason)).toMatch(/Somebody else has had \w{7} since/);
    expect(office.audit.filter(({ result }) => result === 'succeeded')).toHaveLength(1);
  });

  test('that has ended meanwhile is said to be over, whoever ended it', async () => {
    const { id } = await office.opens('web');
    const end = office.world.book.apply(id, (one, at) => resolved(one, { how: 'recovered' }, at));

    await Promise.allSettled([end, office.deeds.ack(id, office.as(ADA))]);

    expect((await now(id))?.status).toBe('resolved');
    await expect(office.deeds.ack(id, office.as(GRACE))).rejects.toThrow();
    await expect(office.deeds.resolve(id, undefined, office.as(ADA))).rejects.toThrow('has been over since');
  });

  test('escalated twice within a minute calls people once, later again', async () => {
    const { id } = await office.opens('web');

    const first = await office.deeds.escalate(id, office.as(ADA));
    const second = await office.deeds.escalate(id, office.as(ADA));
    office.world.now = T0 + 2 * MINUTE;
    const third = await office.deeds.escalate(id, office.as(ADA));

    expect([first, second, third].map(({ isNew }) => isNew)).toEqual([true, false, true]);
    expect((await now(id))?.escalations.map(({ to }) => to)).toEqual(['S0ONCALL UGRACE', 'S0ONCALL UGRACE']);
  });

  test('snoozed without an end in sight is refused, and the audit says so only where it was tried', async () => {
    const { id } = await office.opens('web');

    await expect(office.deeds.snooze(id, T0 - 1, office.as(ADA))).rejects.toThrow('A snooze ends in the future');

    expect(office.audit).toEqual([]);
  });

  test('unknown ids are told as such', async () => {
    await expect(office.deeds.ack('nothere', office.as(ADA))).rejects.toThrow('No incident "nothere" is known');
  });
});
