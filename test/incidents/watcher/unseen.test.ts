import { afterAll, beforeAll, expect, it } from 'vitest';
import stale from '../../../src/incidents/rules/m01-watch-stale.ts';
import type { FeedStatus } from '../../../src/incidents/scene/feed.ts';
import { settingsOf } from '../../../src/incidents/settings.ts';
import { mindUnseen } from '../../../src/incidents/watcher/unseen.ts';
import { createLogger } from '../../../src/log.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { alertsOf, openWorld, state, T0, type World } from '../ledger/world.ts';

let etcd: EtcdService;
let world: World;

beforeAll(async () => {
  etcd = await startEtcd();
  world = openWorld(etcd.endpoint);
});
afterAll(async () => {
  await world.close();
  await etcd.stop();
});

it('a cluster that cannot be reached from the beginning is told, and what was wrong in it stays as it was', async () => {
  await world.book.haveLooked('eu1');
  await world.ledger().start([state('web')], T0);
  const pods: FeedStatus = {
    ...{ kind: 'Pod', resource: 'pods', isOptional: false, state: 'failing', objects: 0 },
    ...{ lastSyncedAt: 0, lastEventAt: 0, staleSince: T0, error: 'connection refused' },
  };
  const seen = new AbortController();
  world.now = T0 + 10 * 60_000;
  const minding = mindUnseen({
    ...{ cluster: 'eu1', feed: { statuses: () => [pods] }, rules: [stale], settings: settingsOf(alertsOf(), [stale]) },
    ledger: () => world.ledger({ only: ({ root }) => root.kind === 'Shipmate' }),
    ...{ bornAt: T0, clock: () => world.now, log: createLogger('silent'), signal: seen.signal, patienceMs: 1 },
  });

  await expect
    .poll(async () => (await world.incidents()).find(({ root }) => root.kind === 'Shipmate'), { timeout: 10_000 })
    .toMatchObject({ status: 'firing', severity: 'critical', channel: 'CALERTS' });
  seen.abort();
  await minding;

  const told = await world.incident('shipmate');
  expect(told.cause).toMatch(/^blind for pods since .*: connection refused$/);
  expect(await world.incident('web')).toMatchObject({ status: 'firing' });
}, 20_000);
