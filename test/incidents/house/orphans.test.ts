import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { endOrphans } from '../../../src/incidents/house/orphans.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { openWorld, state, T0, type World } from '../ledger/world.ts';

const DAY = 24 * 3_600_000;

let etcd: EtcdService;
let world: World;

beforeAll(async () => {
  etcd = await startEtcd();
});
beforeEach(async () => {
  world = openWorld(etcd.endpoint);
  await world.book.haveLooked('eu1');
  await world.ledger().start([state('web')], T0);
  return () => world.close();
});
afterAll(() => etcd.stop());

it('an incident of a cluster that is no longer configured ends when nobody has said anything about it for a day', async () => {
  expect(await endOrphans(world.book, [], T0 + DAY)).toBe(0);
  expect(await endOrphans(world.book, ['eu1'], T0 + DAY + 1)).toBe(0);
  expect(await world.incident('web')).toMatchObject({ status: 'firing' });

  expect(await endOrphans(world.book, ['eu2'], T0 + DAY + 1)).toBe(1);
  expect(await world.incident('web')).toMatchObject({ status: 'resolved' });
});
