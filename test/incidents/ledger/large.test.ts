import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { openWorld, signal, state, T0, type World, well } from './world.ts';

const MINUTE = 60_000;

let etcd: EtcdService;
let world: World;

beforeAll(async () => {
  etcd = await startEtcd();
});
beforeEach(async () => {
  world = openWorld(etcd.endpoint);
  await world.book.haveLooked('eu1');
  return () => world.close();
});
afterAll(() => etcd.stop());

describe('a storm of thousands with long names', () => {
  it('is counted whole, named as far as etcd has room, and ends', async () => {
    const names = Array.from({ length: 2_500 }, (_, at) => `${'n'.repeat(235)}-${at}`);
    const shared = signal({ shares: { registry: 'registry.example.com' } });
    const ledger = world.ledger();
    await ledger.start([], T0);

    await ledger.accept(
      names.map((name) => state(name, [shared])),
      T0,
    );
    const [storm] = (await world.incidents()).filter(({ kind }) => kind === 'storm');
    expect(storm?.storm).toMatchObject({ count: 2_500, open: 2_500 });
    expect(JSON.stringify(storm?.storm?.members).length).toBeLessThan(320_000);

    await ledger.accept(
      names.map((name) => well(name)),
      T0 + 2 * MINUTE,
    );
    expect((await world.book.get(storm?.id ?? ''))?.value).toMatchObject({ status: 'resolved' });
  }, 60_000);
});
