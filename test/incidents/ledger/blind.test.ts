import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { openWorld, signal, state, T0, type World } from './world.ts';

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

async function opens(name: string): Promise<void> {
  const ledger = world.ledger();
  await ledger.start([state(name)], T0);
}

describe('what a new leader cannot see', () => {
  it.each(['Pod', 'Deployment', 'Event'])('is not over because no %s is found', async (kind) => {
    await opens('web');
    const unseen = new Set([kind]);
    const ledger = world.ledger({ isBlindFor: (one) => unseen.has(one) });

    await ledger.start([], T0 + MINUTE);
    expect(await world.incident('web')).toMatchObject({ status: 'firing' });

    unseen.clear();
    await ledger.start([], T0 + 2 * MINUTE);
    expect(await world.incident('web')).toMatchObject({ status: 'resolved' });
  });

  it('holds up the end of nothing else', async () => {
    await opens('web');
    const ledger = world.ledger({ isBlindFor: (kind) => kind === 'Node' });

    await ledger.start([], T0 + MINUTE);

    expect(await world.incident('web')).toMatchObject({ status: 'resolved', resolution: { how: 'while-away' } });
  });
});

describe('while a cluster was never seen', () => {
  it("Shipmate's own trouble is told, and everything else stays as it was recorded", async () => {
    await opens('web');
    const only = world.ledger({ only: ({ root }) => root.kind === 'Shipmate' });
    const root = { apiVersion: 'shipmate/v1', kind: 'Shipmate', namespace: '', name: 'shipmate', uid: 'shipmate-eu1' };
    const blind = signal({
      rule: 'M01',
      object: root,
      domain: 'shipmate',
      severity: 'critical',
      cause: 'blind for pods',
    });
    const told = { ...state('shipmate', [blind]), root, domain: 'shipmate' as const };

    await only.start([told], T0 + MINUTE);

    expect(await world.incident('shipmate')).toMatchObject({ status: 'firing', channel: 'CALERTS' });
    expect(await world.incident('web')).toMatchObject({ status: 'firing' });

    await world.ledger().start([state('web')], T0 + 2 * MINUTE);
    expect(await world.incident('shipmate')).toMatchObject({ status: 'resolved', resolution: { how: 'recovered' } });
    expect(await world.incident('web')).toMatchObject({ status: 'firing' });
  });
});
