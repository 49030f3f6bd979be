import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NotDelivered } from '../../../src/chat/delivery.ts';
import { openBook } from '../../../src/incidents/book/book.ts';
import { incidentWords } from '../../../src/incidents/book/words.ts';
import { incidentRenderers, membersWrites } from '../../../src/incidents/card/renderers.ts';
import type { Incident, Step } from '../../../src/incidents/incident.ts';
import { acked, noted } from '../../../src/incidents/lifecycle/presses.ts';
import { resolved } from '../../../src/incidents/lifecycle/resolve.ts';
import { createLogger } from '../../../src/log.ts';
import { type Courier, createCourier } from '../../../src/pipeline/courier.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import { pending } from '../../../src/state/outbox.ts';
import type { Store } from '../../../src/state/store.ts';
import { Practice } from '../../chat/practice.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../../support/services.ts';
import { ADA, incident, storm } from './incidents.ts';

const WAIT = { timeout: 15_000, interval: 25 };
let etcd: EtcdService;
let slack: Practice;
let store: Store;
let courier: Courier;
let book: ReturnType<typeof openBook>;

beforeAll(async () => {
  [etcd, slack] = await Promise.all([startEtcd(), Practice.open({ config: { pace: { burst: 100, perSecond: 100 } } })]);
});
afterAll(async () => {
  await slack[Symbol.asyncDispose]();
  await etcd.stop();
});
beforeEach(() => {
  const log = createLogger('silent');
  const clock = Date.now;
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: ownPrefix(), log });
  book = openBook({ store, clock, log, companions: [incidentWords, membersWrites], listeners: [], keep: '90d' });
  const route = () => ({ channel: 'C0ALERTS', escalateTo: [], runbook: undefined });
  courier = createCourier(incidentRenderers({ book, store, clock, route, fallback: undefined }), {
    store,
    chat: slack.chat,
    clock,
    log,
    worker: 'w1',
    pending: (limit, kind) => pending(store, limit, kind),
    isRefusedChannel: () => false,
    isGoneMessage: (error) => error instanceof NotDelivered && error.slackError === 'message_not_found',
    isShared: async () => false,
  });
  return async () => {
    await courier.stop();
    await store.close();
  };
});

let count = 0;
async function opens(of: Incident): Promise<Incident> {
  count += 1;
  const now = Date.now();
  const own = { ...of, id: `t${count}x${of.id.slice(0, 4)}`, key: `key-${count}`, openedAt: now, startedAt: now };
  const { written } = await book.record([{ before: undefined, after: own }]);
  return written[0]?.value as Incident;
}
const living = async (id: string) => (await slack.sees('ada', 'prod-alerts')).filter((one) => one.plain.includes(id));
const applies = (id: string, step: Step): Promise<Incident | undefined> => book.apply(id, step);
const updates = async (): Promise<number> => (await slack.calls('chat.update')).length;

describe('words about an incident', () => {
  test('wait for its message, then stand in its thread; the loud ones in the channel, too', async () => {
    const { id } = await opens(incident({ peak: 'critical', severity: 'critical' }));
    await applies(id, noted('P08 not ready also fires: 0 of 3.', ADA));
    courier.kick('incident-note', `${id}.2`);
    await expect.poll(async () => (await pending(store, 10)).length, WAIT).toBe(2);
    expect(await living(id)).toHaveLength(0);

    courier.kick('incident', id);
    await expect.poll(async () => (await living(id)).length, WAIT).toBe(1);
    const [message] = await living(id);
    await expect.poll(async () => (await slack.sees('ada', 'prod-alerts', message?.ts)).length, WAIT).toBe(2);
    expect((await book.get(id))?.value.notifiedAt).toBeGreaterThan(0);

    await applies(id, (one, now) => resolved(one, { how: 'recovered' }, now));
    await courier.deliverPending();
    const thread = await slack.sees('ada', 'prod-alerts', message?.ts);
    expect(thread.map(({ plain }) => plain.split('\n')[0])).toEqual([
      expect.stringContaining('Resolved'),
      'P08 not ready also fires: 0 of 3.',
      expect.stringMatching(/^Recovered after/),
    ]);
    const inChannel = (await slack.sees('ada', 'prod-alerts')).filter(({ plain }) =>
      plain.startsWith('Recovered after'),
    );
    expect(inChannel).toHaveLength(1);
    expect(await pending(store, 10)).toEqual([]);
  }, 40_000);

  test('that show nothing new are no edit, and edits of one message are seconds apart', async () => {
    const { id } = await opens(incident());
    await courier.deliverPending();
    const before = await updates();

    await applies(id, (one) => ({ ...one, detectedAt: one.detectedAt + 1 }));
    await courier.deliverPending();
    expect(await updates()).toBe(before);

    const startedAt = performance.now();
    await applies(id, acked(ADA));
    const first = courier.deliverPending();
    await applies(id, (one) => ({ ...one, impact: { available: 0, desired: 3 } }));
    courier.kick('incident', id);
    await first;
    await expect.poll(async () => (await living(id))[0]?.plain, WAIT).toMatch(/Acked.*0 of 3/s);
    expect(await updates()).toBe(before + 1);
    expect(performance.now() - startedAt).toBeGreaterThan(1_500);
  }, 40_000);

  test('that wait do not stand before the message that they wait for, however many', async () => {
    const { id } = await opens(incident());
    for (let n = 2; n <= 6; n += 1) await applies(id, noted(`Line ${n}.`, ADA));
    expect((await pending(store, 10)).map(({ subjectKind }) => subjectKind)[0]).toBe('incident-note');

    await courier.deliverPending();
    await expect.poll(async () => (await pending(store, 10)).length, WAIT).toBe(0);

    const [message] = await living(id);
    expect(await slack.sees('ada', 'prod-alerts', message?.ts)).toHaveLength(6);
  }, 40_000);

  test('are posted anew when somebody deleted the message', async () => {
    const { id } = await opens(incident());
    await courier.deliverPending();
    const [message] = await living(id);
    await fetch(`${slack.slack.apiUrl}chat.delete`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${slack.slack.world.app.botToken}` },
      body: JSON.stringify({ channel: message?.channel, ts: message?.ts }),
    });
    expect(await living(id)).toHaveLength(0);

    await applies(id, acked(ADA));
    await courier.deliverPending();

    expect((await living(id)).map(({ plain }) => plain)).toEqual([expect.stringContaining('Acked')]);
  }, 40_000);

  test('name each of 700 members of a storm in its thread', async () => {
    const { id } = await opens(storm(700));
    await courier.deliverPending();
    await courier.deliverPending();

    const [message] = await living(id);
    const thread = await slack.sees('ada', 'prod-alerts', message?.ts);
    const told = thread.map(({ plain }) => plain).join('\n');
    for (let n = 0; n < 700; n += 1) expect(told).toMatch(new RegExp(`service-${n}\\b`));
    expect(thread.length).toBeLessThanOrEqual(5);
    expect(await pending(store, 10)).toEqual([]);
  }, 40_000);
});
