import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EtcdService, startEtcd } from '../../../deploy/sandbox/services.ts';
import { CLAIM_WINDOW_MS, claimsOn } from '../../../src/access/policy/claim.ts';
import { newId } from '../../../src/ids.ts';
import { createLogger } from '../../../src/log.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import type { Store } from '../../../src/state/store.ts';

const ADA = { team: 'T1', user: 'U1ADA' };
const EVE = { team: 'T1', user: 'U1EVE' };
const CODE = 'k4m6-p8q0-r2t';

let etcd: EtcdService;
let store: Store;
let now = 1_000_000;
beforeAll(async () => {
  etcd = await startEtcd();
});
beforeEach(() => {
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: `${newId()}/`, log: createLogger('silent') });
});
afterAll(() => etcd.stop());

const claims = () => claimsOn(store, () => now);

test('the code makes one administrator, whichever way it is spelt, and no second one', async () => {
  expect(await claims().offer(CODE)).toMatchObject({ isOurs: true });
  const here = claims();

  await here.claim('K4M6 P8Q0 R2T', ADA);

  expect([...here.admins()]).toEqual(['T1/U1ADA']);
  await expect(claims().claim(CODE, EVE)).rejects.toThrow('claimed already');
});

test('other replicas hear of the administrator', async () => {
  const other = claims();
  const following = await other.follow();
  await claims().offer(CODE);

  await claims().claim(CODE, ADA);

  await expect.poll(() => [...other.admins()]).toEqual(['T1/U1ADA']);
  await following.stop();
});

test('of two who claim at once, one wins', async () => {
  await claims().offer(CODE);

  const outcomes = await Promise.allSettled([claims().claim(CODE, ADA), claims().claim(CODE, EVE)]);

  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await store.list('access/admins/')).toHaveLength(1);
});

test('a code cannot be guessed: five wrong tries close the offer, for the right code too', async () => {
  await claims().offer(CODE);
  for (let left = 4; left >= 0; left--) {
    await expect(claims().claim('aaaa-bbbb-ccc', EVE)).rejects.toMatchObject({
      hint: expect.stringContaining(`${left} tr`),
    });
  }

  await expect(claims().claim(CODE, ADA)).rejects.toThrow('nothing to claim');
});

test('the offer ends after 30 minutes, and only then can another be made', async () => {
  await claims().offer(CODE);
  expect(await claims().offer('another')).toMatchObject({ isOurs: false });
  now += CLAIM_WINDOW_MS;

  await expect(claims().claim(CODE, ADA)).rejects.toThrow('nothing to claim');
  expect(await claims().offer('another')).toMatchObject({ isOurs: true });
});

test('what is kept does not hold the code', async () => {
  await claims().offer(CODE);

  expect(JSON.stringify(await store.get('access/claim'))).not.toContain('k4m6');
});
