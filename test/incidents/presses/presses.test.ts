import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ButtonPress } from '../../../src/chat/invocation.ts';
import type { Message } from '../../../src/chat/message.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { resolved } from '../../../src/incidents/lifecycle/resolve.ts';
import { incidentPresses } from '../../../src/incidents/presses/presses.ts';
import type { Doors, PressHandler } from '../../../src/pipeline/wing.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { type Office, openOffice } from '../desk/office.ts';
import { ADA, T0 } from '../ledger/world.ts';

let etcd: EtcdService;
let office: Office;
let presses: Readonly<Record<string, PressHandler>>;
let invoked: Parameters<Doors['invoke']>[0][];
let told: Message[];
let zone: string | undefined;
let incident: Incident;
beforeAll(async () => {
  etcd = await startEtcd();
});
beforeEach(async () => {
  office = await openOffice(etcd.endpoint);
  [invoked, told, zone] = [[], [], 'Europe/Berlin'];
  const { deeds, world } = office;
  presses = incidentPresses({
    book: world.book,
    deeds,
    clock: () => world.now,
    invoke: async (line) => void invoked.push(line),
    chat: {
      answer: async (_target, message) => {
        told.push(message);
        return { kind: 'message', ref: { channel: 'D1', ts: '1.0' } };
      },
      person: async () => ({
        teams: [],
        isGuest: false,
        isDeactivated: false,
        isBot: false,
        isStranger: false,
        timeZone: zone,
      }),
    },
  });
  incident = await office.opens('web');
  return () => office.close();
});
afterAll(() => etcd.stop());

let clicks = 0;
async function press(action: string, more: Partial<ButtonPress> = {}): Promise<void> {
  clicks += 1;
  await presses[action]?.({
    id: `i-click-${clicks}`,
    action,
    value: `${incident.id}.1`,
    person: ADA,
    channel: 'CALERTS',
    message: { channel: 'CALERTS', ts: '17.5' },
    ephemeral: false,
    receivedAt: T0,
    ...more,
  });
}
const now = async (): Promise<Incident | undefined> => (await office.world.book.get(incident.id))?.value;
const ends = () => office.world.book.apply(incident.id, (one, at) => resolved(one, { how: 'recovered' }, at));

describe('a button that starts a command', () => {
  test('types it for the clicker in the thread of the incident, once for a double click', async () => {
    await press('describe');
    await press('more', { option: 'describe', receivedAt: T0 + 400 });

    expect(invoked[0]).toMatchObject({ person: ADA, channel: 'CALERTS', thread: '17.5' });
    expect(invoked[0]?.text).toMatch(/^k8s describe .*--cluster eu1$/);
    expect(invoked[1]?.id).toBe(invoked[0]?.id);
    await press('describe', { receivedAt: T0 + 60_000 });
    expect(invoked[2]?.id).not.toBe(invoked[0]?.id);
  });

  test('changes nothing once it is over, but still shows', async () => {
    await ends();

    await expect(press('restart')).rejects.toThrow(/has been over since .*; nothing was started/);
    await press('logs');

    expect(invoked).toHaveLength(1);
  });

  test('that makes no sense here says so', async () => {
    await expect(press('cordon')).rejects.toThrow('There is nothing to "cordon" here');
    await expect(press('more', { option: 'make-coffee' })).rejects.toThrow('no longer known');
    await expect(press('more', { option: 'more' })).rejects.toThrow('no longer known');
  });
});

describe('a button of its life', () => {
  test.each(['ack', 'escalate', 'resolve'])('%s, pressed on what is over, is refused with the time', async (action) => {
    await ends();

    await expect(press(action)).rejects.toThrow('has been over since');
  });

  test('pressed on what nobody remembers, says where to look', async () => {
    await expect(press('ack', { value: 'gone123.4' })).rejects.toThrow('No incident "gone123" is known');
    await expect(press('logs', { value: '' })).rejects.toThrow('no longer known');
  });

  test('snooze until tomorrow is until nine on the clicker’s wall, and says so', async () => {
    await press('snooze', { option: 'morning' });

    expect((await now())?.snooze?.until).toBe(Date.parse('2026-01-02T08:00Z'));
    expect(told.map(({ title }) => title)).toEqual(['Snoozed until Fri 2 Jan 09:00 Europe/Berlin.']);
    await press('snooze', { option: 'morning' });
    expect((await now())?.log.filter(({ text }) => text.startsWith('Snoozed'))).toHaveLength(1);
  });

  test('snooze without a known time zone is in UTC, and says so', async () => {
    zone = undefined;

    await press('snooze', { option: 'morning' });

    expect((await now())?.snooze?.until).toBe(Date.parse('2026-01-02T09:00Z'));
    expect(told[0]?.title).toContain('09:00 UTC. Slack does not tell your time zone');
  });

  test('noise asks why, once', async () => {
    await press('noise');
    await press('noise');

    expect((await now())?.noise).toMatchObject({ by: ADA, why: '' });
    expect(told).toHaveLength(1);
  });
});
