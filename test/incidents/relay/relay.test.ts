import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Delivery, OutgoingAlert, Target } from '../../../src/bridges/alert.ts';
import { type BridgeOutConfig, bridgesSchema } from '../../../src/config/bridges.ts';
import type { KeptBook } from '../../../src/incidents/book/book.ts';
import { openBook } from '../../../src/incidents/book/book.ts';
import { opened } from '../../../src/incidents/lifecycle/open.ts';
import { acked, resolvedByHand } from '../../../src/incidents/lifecycle/presses.ts';
import { deadLettersOn } from '../../../src/incidents/relay/dead-letters.ts';
import { createRelay, type RelayDeps } from '../../../src/incidents/relay/relay.ts';
import { listAddressed, ROWS, relayCompanion } from '../../../src/incidents/relay/rows.ts';
import type { RootState } from '../../../src/incidents/signal.ts';
import { createLogger } from '../../../src/log.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../../support/services.ts';

const log = createLogger('silent');
const ada = { team: 'T1', user: 'UADA' };
let etcd: EtcdService;
let store: Store;
let book: KeptBook;
let now: number;

const bridge = (more: object = {}): BridgeOutConfig =>
  bridgesSchema.parse({ out: [{ name: 'pager', kind: 'alertmanager', url: 'http://127.0.0.1:1', ...more }] })
    .out[0] as BridgeOutConfig;

beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(() => etcd.stop());
beforeEach(() => {
  now = Date.parse('2026-05-04T10:00:00Z');
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: ownPrefix(), log });
  return () => store.close();
});

/** A small system that takes or refuses as told, and remembers. */
class Sink implements Target {
  readonly name = 'pager';
  readonly took: OutgoingAlert[] = [];
  readonly ids: string[] = [];
  next: Delivery = { ok: true };

  async send(alert: OutgoingAlert, { id }: { id: string }): Promise<Delivery> {
    this.ids.push(id);
    if (this.next.ok) this.took.push(alert);
    return this.next;
  }
}

function relaying(config: BridgeOutConfig, sink: Target, more: Partial<RelayDeps> = {}) {
  const relay = createRelay({
    bridges: [{ config, target: sink }],
    book,
    store,
    clock: () => now,
    log,
    random: () => 0.5,
    isSlackWell: () => true,
    link: async () => 'https://slack.example.com/archives/C1/p1',
    ...more,
  });
  const stopping = new AbortController();
  const running = relay.run({
    signal: stopping.signal,
    check: { op: 'check', path: 'leaders/nobody', expect: 'absent' },
  });
  return async () => {
    stopping.abort();
    await running;
  };
}

const open = (config: BridgeOutConfig): void => {
  book = openBook({ store, clock: () => now, log, companions: [relayCompanion([config])], listeners: [], keep: '90d' });
};

function state(severity: RootState['signals'][number]['severity'] = 'high'): RootState {
  const root = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart', uid: 'u1' };
  return {
    cluster: 'eu1',
    root,
    domain: 'rollout',
    namespaceLabels: {},
    labels: {},
    nodes: [],
    isPending: false,
    isGone: false,
    signals: [
      {
        rule: 'R01',
        title: 'deadline exceeded',
        object: root,
        key: '',
        domain: 'rollout',
        since: now - 60_000,
        firedAt: now,
        severity,
        cause: 'image not found',
        causeClass: 'image',
        facts: [{ label: 'pods', value: '3' }],
        shares: {},
        about: root,
        evidence: [],
        actions: [],
        isFolded: false,
      },
    ],
  };
}

const record = async (severity?: RootState['signals'][number]['severity']) => {
  const { written } = await book.record([{ before: undefined, after: opened(state(severity), now) }]);
  return (written[0] as (typeof written)[number]).value;
};
const statuses = (sink: Sink): string[] => sink.took.map(({ status }) => status);

describe('the relay', () => {
  test('tells the beginning, the acknowledgement and the end, in order and each once', async () => {
    open(bridge());
    const sink = new Sink();
    const stop = relaying(bridge(), sink);
    const incident = await record();
    await vi.waitFor(() => expect(statuses(sink)).toEqual(['firing']), { timeout: 5_000 });

    await book.apply(incident.id, acked(ada));
    await vi.waitFor(() => expect(statuses(sink)).toEqual(['firing', 'acked']), { timeout: 5_000 });
    await book.apply(incident.id, resolvedByHand(ada));
    await vi.waitFor(() => expect(statuses(sink)).toEqual(['firing', 'acked', 'resolved']), { timeout: 5_000 });
    await vi.waitFor(async () => expect(await listAddressed(store, ROWS)).toEqual([]));
    await stop();

    expect(new Set(sink.took.map(({ dedupKey }) => dedupKey))).toEqual(new Set([`shipmate-${incident.id}`]));
    expect(sink.took[0]).toMatchObject({ summary: '[eu1] shop/cart: image not found', details: { pods: '3' } });
  });

  test('tells an end that nobody heard the beginning of with its beginning first', async () => {
    open(bridge());
    const incident = await record();
    await book.apply(incident.id, resolvedByHand(ada));
    const sink = new Sink();

    const stop = relaying(bridge(), sink);
    await vi.waitFor(() => expect(statuses(sink)).toEqual(['firing', 'resolved']), { timeout: 5_000 });
    await stop();
  });

  test('keeps what was not taken, waits as asked, and tells it later under the same id', async () => {
    open(bridge());
    const sink = new Sink();
    sink.next = { ok: false, permanent: false, error: 'answered 429', retryAfterMs: 30_000 };
    await record();
    const stop = relaying(bridge(), sink);
    await vi.waitFor(async () => {
      const [row] = await listAddressed<{ attempts: number; notBefore: number }>(store, ROWS);
      expect(row?.entry.value).toMatchObject({ attempts: 1, notBefore: now + 30_000, error: 'answered 429' });
    });

    sink.next = { ok: true };
    now += 30_001;
    await vi.waitFor(() => expect(statuses(sink)).toEqual(['firing']), { timeout: 5_000 });
    await stop();

    expect(new Set(sink.ids).size).toBe(1);
  });

  test('lays aside what is refused for good, and replays it when asked', async () => {
    open(bridge());
    const sink = new Sink();
    sink.next = { ok: false, permanent: true, error: 'answered 400: bad key' };
    const incident = await record();
    const stop = relaying(bridge(), sink);
    const letters = deadLettersOn(store);
    await vi.waitFor(async () => expect(await letters.list()).toHaveLength(1), { timeout: 5_000 });
    expect((await letters.list())[0]).toMatchObject({
      bridge: 'pager',
      incident: incident.id,
      entry: { value: { error: 'answered 400: bad key' } },
    });

    sink.next = { ok: true };
    expect(await letters.replay(now, 'pager')).toBe(1);
    await vi.waitFor(() => expect(statuses(sink)).toEqual(['firing']), { timeout: 5_000 });
    await stop();

    expect(await letters.list()).toEqual([]);
  });

  test('does not tell what is not severe enough, or elsewhere', async () => {
    const config = bridge({ severity: 'critical', namespaces: ['pay*'] });
    open(config);

    await record('high');

    expect(await listAddressed(store, ROWS)).toEqual([]);
  });

  test('gives up after a day of trying, however old the incident is', async () => {
    open(bridge());
    const sink = new Sink();
    sink.next = { ok: false, permanent: false, error: 'answered 500' };
    await record();
    now += 48 * 3_600_000;
    const stop = relaying(bridge(), sink);
    const failing = { attempts: 1, failingSince: now };
    await vi.waitFor(async () => expect((await listAddressed(store, ROWS))[0]?.entry.value).toMatchObject(failing));

    now += 24 * 3_600_000;
    await vi.waitFor(async () => expect(await deadLettersOn(store).list()).toHaveLength(1), { timeout: 5_000 });
    await stop();
  });

  test('says nothing through a fallback while Slack is well, and everything when it is not', async () => {
    const config = bridge({ fallback: true });
    open(config);
    await record();
    const sink = new Sink();
    let isSlackWell = true;
    const stop = relaying(config, sink, { isSlackWell: () => isSlackWell });
    isSlackWell = false;

    await vi.waitFor(() => expect(statuses(sink)).toEqual(['firing']), { timeout: 5_000 });
    await stop();
  });

  test('writes nothing once another replica leads', async () => {
    open(bridge());
    await record();
    const sink = new Sink();
    const relay = createRelay({
      bridges: [{ config: bridge(), target: sink }],
      book,
      store,
      clock: () => now,
      log,
      random: () => 0.5,
      isSlackWell: () => true,
      link: async () => undefined,
    });
    const stopping = new AbortController();
    const running = relay.run({
      signal: stopping.signal,
      check: { op: 'check', path: 'leaders/gone', expect: { revision: '1' } },
    });
    await vi.waitFor(() => expect(sink.ids.length).toBeGreaterThan(0), { timeout: 5_000 });
    stopping.abort();
    await running;

    expect(await listAddressed(store, ROWS)).toHaveLength(1);
  });
});
