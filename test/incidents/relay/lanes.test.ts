import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Delivery, OutgoingAlert, SendOptions, Target } from '../../../src/bridges/alert.ts';
import { type BridgeOutConfig, bridgesSchema } from '../../../src/config/bridges.ts';
import { openBook } from '../../../src/incidents/book/book.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { opened } from '../../../src/incidents/lifecycle/open.ts';
import { resolvedByHand } from '../../../src/incidents/lifecycle/presses.ts';
import { wants } from '../../../src/incidents/relay/outgoing.ts';
import { createRelay, type RelayDeps } from '../../../src/incidents/relay/relay.ts';
import { listAddressed, ROWS, relayCompanion, TOLD } from '../../../src/incidents/relay/rows.ts';
import { createLogger } from '../../../src/log.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../../support/services.ts';
import { ADA, state } from '../ledger/world.ts';

const log = createLogger('silent');
const WAIT = { timeout: 5_000 };
let etcd: EtcdService;
let store: Store;
let now: number;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(() => etcd.stop());
beforeEach(() => {
  now = Date.parse('2026-05-04T10:00:00Z');
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: ownPrefix(), log });
  return async () => {
    for (const stop of stops.splice(0)) await stop();
    await store.close();
  };
});

/** Takes or refuses as told, and remembers. */
class Sink implements Target {
  readonly name = 'pager';
  readonly linkWaitMs: number | undefined;
  readonly repeatEveryMs: number | undefined;
  readonly took: (OutgoingAlert & Pick<SendOptions, 'knownAs'>)[] = [];
  asked = 0;
  next: Delivery = { ok: true };

  constructor(more: Pick<Target, 'linkWaitMs' | 'repeatEveryMs'> = {}) {
    this.linkWaitMs = more.linkWaitMs;
    this.repeatEveryMs = more.repeatEveryMs;
  }

  async send(alert: OutgoingAlert, { knownAs }: SendOptions): Promise<Delivery> {
    this.asked += 1;
    if (this.next.ok) this.took.push({ ...alert, knownAs });
    return this.next;
  }
}

function lane(sink: Sink, more: object = {}, deps: Partial<RelayDeps> = {}) {
  const config = bridgesSchema.parse({
    out: [{ name: 'pager', kind: 'alertmanager', url: 'http://127.0.0.1:1', ...more }],
  }).out[0] as BridgeOutConfig;
  const companions = [relayCompanion([config])];
  const book = openBook({ store, clock: () => now, log, companions, listeners: [], keep: '90d' });
  const relay = createRelay({
    bridges: [{ config, target: sink }],
    book,
    store,
    clock: () => now,
    log,
    random: () => 0.5,
    isSlackWell: () => true,
    link: async () => 'https://slack.example.com/archives/C1/p1',
    ...deps,
  });
  const stopping = new AbortController();
  const check = { op: 'check', path: 'leaders/nobody', expect: 'absent' } as const;
  const running = relay.run({ signal: stopping.signal, check });
  stops.push(async () => {
    stopping.abort();
    await running;
  });
  const record = async (name: string, change: Partial<Incident> = {}): Promise<Incident> => {
    const { written } = await book.record([{ before: undefined, after: { ...opened(state(name), now), ...change } }]);
    return written[0]?.value as Incident;
  };
  return { book, record };
}

const statuses = ({ took }: Sink): string[] => took.map(({ status }) => status);
const rows = async (): Promise<number> => (await listAddressed(store, ROWS)).length;

describe('a lane', () => {
  test('is held back as a whole for as long as the receiver asks', async () => {
    const sink = new Sink();
    sink.next = { ok: false, permanent: false, error: 'answered 429', retryAfterMs: 60_000 };
    const { record } = lane(sink);
    await record('cart');
    await vi.waitFor(() => expect(sink.asked).toBe(1), WAIT);

    sink.next = { ok: true };
    now += 30_000;
    await record('web');
    await vi.waitFor(async () => expect(await rows()).toBe(2), WAIT);
    now += 20_000;
    expect(sink.asked).toBe(1);
    now += 11_000;

    await vi.waitFor(() => expect(statuses(sink)).toEqual(['firing', 'firing']), WAIT);
  });

  test('holds a beginning back for the link of its message, and no longer than that', async () => {
    const sink = new Sink({ linkWaitMs: 3_000 });
    const { record, book } = lane(sink);
    const posted = await record('cart', { channel: 'C1' });
    await record('web', { channel: 'C1' });
    await book.apply(posted.id, (incident) => ({ ...incident, notifiedAt: now }));
    await vi.waitFor(
      () => expect(sink.took).toMatchObject([{ url: 'https://slack.example.com/archives/C1/p1' }]),
      WAIT,
    );

    now += 3_001;
    await vi.waitFor(() => expect(sink.took).toHaveLength(2), WAIT);

    expect(sink.took[1]?.url).toBeUndefined();
  });

  test('says under which severity the other side knows what has become worse, and repeats under the one it knows', async () => {
    const sink = new Sink({ repeatEveryMs: 60_000 });
    const { record, book } = lane(sink);
    const incident = await record('cart', { severity: 'warning', peak: 'warning' });
    await vi.waitFor(() => expect(sink.took).toMatchObject([{ severity: 'warning', knownAs: undefined }]), WAIT);
    await book.apply(incident.id, (one) => ({ ...one, severity: 'critical', peak: 'critical' }));
    await vi.waitFor(() => expect(sink.took[1]).toMatchObject({ severity: 'critical', knownAs: 'warning' }), WAIT);

    now += 60_000;
    await vi.waitFor(() => expect(sink.took[2]).toMatchObject({ severity: 'critical', knownAs: 'critical' }), WAIT);
  });

  test('does not repeat what nobody remembers any more', async () => {
    const sink = new Sink({ repeatEveryMs: 60_000 });
    lane(sink);
    const value = { schemaVersion: 1, key: 'k', status: 'firing', severity: 'high', at: now - 120_000 };
    await store.commit([{ op: 'put', path: `${TOLD}pager/gone123`, value, expect: 'absent' }]);
    now += 1_001;

    await vi.waitFor(async () => expect(await listAddressed(store, TOLD)).toEqual([]), WAIT);
    expect(sink.asked).toBe(0);
  });
});

describe('a fallback', () => {
  test('ends what it began although Slack is well again', async () => {
    const sink = new Sink();
    let isSlackWell = false;
    const { record, book } = lane(sink, { fallback: true }, { isSlackWell: () => isSlackWell });
    const incident = await record('cart');
    await vi.waitFor(() => expect(statuses(sink)).toEqual(['firing']), WAIT);

    isSlackWell = true;
    await book.apply(incident.id, resolvedByHand(ADA));

    await vi.waitFor(() => expect(statuses(sink)).toEqual(['firing', 'resolved']), WAIT);
  });

  test('tells of Shipmate itself at once, and drops what Slack has had time for', async () => {
    const sink = new Sink();
    const { record } = lane(sink, { fallback: true });
    await record('cart');
    await record('shipmate', { root: { apiVersion: '', kind: 'Shipmate', namespace: '', name: 'shipmate', uid: 's' } });
    await vi.waitFor(() => expect(sink.took).toMatchObject([{ object: 'shipmate/shipmate' }]), WAIT);

    now += 121_000;
    await vi.waitFor(async () => expect(await rows()).toBe(0), WAIT);

    expect(sink.took).toHaveLength(1);
  });
});

test('what an Alertmanager told is told to other systems, but to no Alertmanager', () => {
  const at = Date.parse('2026-05-04T10:00:00Z');
  const from = (groupKey: string | undefined): Incident =>
    ({ ...opened(state('cart'), at), external: { groupKey } }) as unknown as Incident;
  const everywhere = (): boolean => true;

  expect(wants({ severity: 'info', kind: 'pagerduty' }, from('{}'), everywhere)).toBe(true);
  expect(wants({ severity: 'info', kind: 'alertmanager' }, from(undefined), everywhere)).toBe(true);
  expect(wants({ severity: 'info', kind: 'alertmanager' }, from('{}'), everywhere)).toBe(false);
});
