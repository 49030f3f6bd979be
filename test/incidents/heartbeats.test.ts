import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type BridgesConfig, bridgesSchema } from '../../src/config/bridges.ts';
import { type Heartbeats, monitorsOf, openHeartbeats } from '../../src/incidents/heartbeats.ts';
import { createLogger } from '../../src/log.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import type { Store } from '../../src/state/store.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../support/services.ts';

const log = createLogger('silent');
const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);
const monitors = [{ name: 'eu1', title: 'Watchdog (eu1)', everyMs: 5 * MINUTE }];

let etcd: EtcdService;
let store: Store;
let now = START;
const opened: Heartbeats[] = [];

beforeAll(async () => {
  etcd = await startEtcd();
});
beforeEach(() => {
  now = START;
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: ownPrefix(), log });
  return async () => {
    await Promise.all(opened.splice(0).map((one) => one.stop()));
    await store.close();
  };
});
afterAll(() => etcd.stop());

async function open(): Promise<Heartbeats> {
  const heartbeats = await openHeartbeats({ store, clock: () => now, log, monitors });
  opened.push(heartbeats);
  return heartbeats;
}

test('a sender that falls silent is overdue after twice its interval, and well again with the next beat', async () => {
  const heartbeats = await open();
  await heartbeats.beat('eu1');

  expect(heartbeats.overdue(START + 10 * MINUTE - 1)).toEqual([]);
  expect(heartbeats.overdue(START + 10 * MINUTE)).toEqual([
    { name: 'Watchdog (eu1)', overdueSince: START + 10 * MINUTE },
  ]);

  now = START + 12 * MINUTE;
  await heartbeats.beat('eu1');
  await expect.poll(() => heartbeats.overdue(now)).toEqual([]);
});

test('a sender that has never been heard is overdue, too', async () => {
  const heartbeats = await open();

  expect(heartbeats.overdue(START + 10 * MINUTE)).toHaveLength(1);
});

test('a beat that one replica heard counts for the other', async () => {
  const [one, other] = [await open(), await open()];
  now = START + 8 * MINUTE;
  await one.beat('eu1');

  await expect.poll(() => other.overdue(START + 12 * MINUTE)).toEqual([]);
});

test('nobody is blamed for what was sent while Shipmate was away', async () => {
  await (await open()).beat('eu1');
  now = START + 60 * MINUTE;
  const restarted = await open();

  expect(restarted.overdue(now + MINUTE)).toEqual([]);
});

test('a silence that was noticed is not forgiven by a restart', async () => {
  const first = await open();
  await first.beat('eu1');
  await expect.poll(() => store.get('incidents/heartbeats/eu1')).toBeDefined();
  expect(first.overdue(START + 10 * MINUTE)).toHaveLength(1);
  await expect
    .poll(async () => {
      first.overdue(START + 10 * MINUTE);
      return (await store.get<{ silentSince?: number }>('incidents/heartbeats/eu1'))?.value.silentSince;
    })
    .toBe(START + 10 * MINUTE);

  now = START + 11 * MINUTE;
  const restarted = await open();

  expect(restarted.overdue(now)).toEqual([{ name: 'Watchdog (eu1)', overdueSince: START + 10 * MINUTE }]);
});

test('beats that follow each other closely are written once, and those of strangers never', async () => {
  const heartbeats = await open();
  await heartbeats.beat('eu1');
  const written = await store.get('incidents/heartbeats/eu1');
  now = START + MINUTE;
  await heartbeats.beat('eu1');
  await heartbeats.beat('stranger');

  expect((await store.get('incidents/heartbeats/eu1'))?.revision).toBe(written?.revision);
  expect(await store.list('incidents/heartbeats/')).toHaveLength(1);
});

test('the config file names the senders', () => {
  const bridges: BridgesConfig = bridgesSchema.parse({
    in: [
      { name: 'am-eu1', kind: 'alertmanager', tokenFile: '/t', heartbeat: { every: '2m' } },
      { name: 'plain', kind: 'generic', tokenFile: '/t' },
    ],
  });

  expect(monitorsOf(bridges.in)).toEqual([{ name: 'am-eu1', title: 'Watchdog (am-eu1)', everyMs: 2 * MINUTE }]);
});
