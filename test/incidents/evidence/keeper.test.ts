import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { NotFoundError } from '../../../src/errors.ts';
import { type KeptBook, openBook } from '../../../src/incidents/book/book.ts';
import { readEvidence } from '../../../src/incidents/evidence/evidence.ts';
import { createEvidenceKeeper, type EvidenceKeeper } from '../../../src/incidents/evidence/keeper.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import type { Call, Cluster } from '../../../src/kubernetes/cluster.ts';
import { createLogger } from '../../../src/log.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../../support/services.ts';
import { incident, signal, T0 } from '../card/incidents.ts';

let etcd: EtcdService;
let store: Store;
let book: KeptBook;
let keeper: EvidenceKeeper;
let calls: Call[];
/** Calls wait here while a test holds them. */
let held: Promise<void>;

beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(() => etcd?.stop());

const POD = {
  metadata: { name: 'web-7d9f-abc', namespace: 'shop', uid: 'uid-pod' },
  spec: { containers: [{ name: 'main', image: 'shop/web:9' }] },
  status: {
    containerStatuses: [
      {
        name: 'main',
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T00:00:00Z' } },
      },
    ],
  },
};

const cluster: Cluster = {
  ...{ name: 'demo', defaultNamespace: 'shop', isProduction: false },
  request: async <T>(call: Call): Promise<T> => {
    calls.push(call);
    await held;
    if (call.subresource === 'log') return 'starting\nlevel=fatal msg="no database"\n' as T;
    if (call.resource.plural === 'pods' && call.name) return POD as T;
    throw new NotFoundError('not here');
  },
  watch: () => {
    throw new Error('not watched');
  },
  resolve: async () => [],
  version: async () => 'v1.36.0',
};

beforeEach(() => {
  calls = [];
  held = Promise.resolve();
  store = openStore({ endpoints: [etcd.endpoint] }, { log: createLogger('silent'), prefix: ownPrefix() });
  const clock = () => T0;
  const log = createLogger('silent');
  book = openBook({
    ...{ store, clock, log, companions: [], keep: '90d' },
    listeners: [(before, after) => keeper.listener(before, after)],
  });
  keeper = createEvidenceKeeper({ book, store, clusters: { get: () => cluster }, clock, log, atOnce: 2, queue: 3 });
  return async () => {
    await keeper.stop();
    await store.close();
  };
});

async function recorded(more: Partial<Incident> = {}): Promise<Incident> {
  const { written } = await book.record([{ before: undefined, after: incident({ generation: 0, ...more }) }]);
  if (!written[0]) throw new Error('lost');
  return written[0].value;
}

test('an incident that opens gets its evidence, and then its message is edited', async () => {
  const opened = await recorded();
  expect(opened.generation).toBe(1);

  await vi.waitFor(async () => expect((await book.get('k3f9q2x'))?.value.generation).toBe(2));

  const now = (await book.get('k3f9q2x'))?.value;
  expect(now?.log.at(-1)?.text).toBe('Last log line of web-7d9f-abc/main: level=fatal msg="no database"');
  expect((await readEvidence(store, 'k3f9q2x'))?.value.logs[0]?.lines).toEqual([
    'starting',
    'level=fatal msg="no database"',
  ]);
  expect(keeper.pending()).toBe(0);
});

test('recording does not wait for the cluster', async () => {
  const gate = Promise.withResolvers<void>();
  held = gate.promise;
  await recorded();

  expect(keeper.pending()).toBe(1);
  expect(await readEvidence(store, 'k3f9q2x')).toBeUndefined();
  gate.resolve();
  await vi.waitFor(() => expect(keeper.pending()).toBe(0));
});

test('a rule that did not fire before is a reason to look again; one more pod of the same rule is not', async () => {
  await recorded();
  await vi.waitFor(() => expect(keeper.pending()).toBe(0));
  const asked = calls.length;
  const another = signal({ object: { ...signal().object, uid: 'uid-pod-2' } });

  await book.apply('k3f9q2x', (found) => ({ ...found, signals: [...found.signals, another] }));
  expect(keeper.pending()).toBe(0);
  expect(calls).toHaveLength(asked);

  await book.apply('k3f9q2x', (found) => ({
    ...found,
    signals: [...found.signals, signal({ rule: 'P02', evidence: ['X'] })],
  }));
  await vi.waitFor(async () => {
    const evidence = (await readEvidence(store, 'k3f9q2x'))?.value;
    expect(evidence?.codes).toEqual(['L', 'E', 'I', 'X']);
    expect(evidence?.exits[0]?.exitCode).toBe(1);
  });
});

test.each<[string, Partial<Incident>]>([
  ['a member of a storm', { partOf: { id: 'st0rm12', key: 'k', why: 'storm' } }],
  ['a storm itself', { kind: 'storm' }],
  ['an alert from elsewhere', { kind: 'external' }],
  ['Shipmate itself', { root: { apiVersion: '', kind: 'Shipmate', namespace: '', name: 'shipmate', uid: 's' } }],
  ['what is over', { status: 'resolved', resolvedAt: T0 }],
  ['what no rule wants evidence of', { signals: [signal({ evidence: [] })] }],
])('%s costs no call', async (_, more) => {
  await recorded(more);

  expect(keeper.pending()).toBe(0);
  expect(calls).toEqual([]);
});

test('only a few are looked at together, a few more wait, and the rest go without', async () => {
  const gate = Promise.withResolvers<void>();
  held = gate.promise;
  for (let n = 0; n < 8; n += 1) await recorded({ id: `inc000${n}`, key: `${n}`.repeat(32) });

  expect(keeper.pending()).toBe(5);
  gate.resolve();
  await vi.waitFor(() => expect(keeper.pending()).toBe(0));
  const found = await Promise.all(Array.from({ length: 8 }, (_one, n) => readEvidence(store, `inc000${n}`)));
  expect(found.map((one) => one !== undefined)).toEqual([true, true, true, true, true, false, false, false]);
});

test('one that ends or joins a storm while it waits is not looked at', async () => {
  const gate = Promise.withResolvers<void>();
  held = gate.promise;
  for (let n = 0; n < 3; n += 1) await recorded({ id: `inc000${n}`, key: `${n}`.repeat(32) });
  expect(keeper.pending()).toBe(3);

  await book.apply('inc0002', (found) => ({ ...found, partOf: { id: 'st0rm12', key: 'k', why: 'storm' } }));

  expect(keeper.pending()).toBe(2);
  gate.resolve();
});

test('what was opened by a process that ended is looked at after take-over', async () => {
  const silent = openBook({
    ...{ store, clock: () => T0, log: createLogger('silent'), companions: [], keep: '90d', listeners: [] },
  });
  await silent.record([{ before: undefined, after: incident({ generation: 0 }) }]);

  await keeper.catchUp('another');
  expect(keeper.pending()).toBe(0);
  await keeper.catchUp('demo');

  await vi.waitFor(async () => expect(await readEvidence(store, 'k3f9q2x')).toBeDefined());
});

test('many that open at once are told first, and gathered when it is quieter', async () => {
  const gathering: string[] = [];
  const burst = createEvidenceKeeper({
    ...{ book, store, clusters: { get: () => cluster }, clock: () => T0, log: createLogger('silent') },
    sightOf: (alias) => {
      gathering.push(alias);
      return undefined;
    },
    ...{ atOnce: 20, queue: 100 },
  });
  const ids = Array.from({ length: 12 }, (_, at) => `burst${String(at).padStart(2, '0')}`);

  for (const id of ids) burst.listener(undefined, incident({ id, key: id }));

  // The first few began before it was known to be a burst; the others wait until it is over.
  expect(gathering.length).toBeLessThan(ids.length);
  await vi.waitFor(() => expect(burst.pending()).toBe(0), { timeout: 10_000 });
  expect(gathering).toHaveLength(ids.length);
  await burst.stop();
});
