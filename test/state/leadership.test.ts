import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Etcd3 } from 'etcd3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConflictError } from '../../src/errors.ts';
import { hexId } from '../../src/etcd/members.ts';
import { createLogger } from '../../src/log.ts';
import { connectState, type StateConnection, storeOn } from '../../src/state/etcd-store.ts';
import { openLeadership, type Term } from '../../src/state/leadership.ts';
import { grantLease } from '../../src/state/lease.ts';
import { takeLock } from '../../src/state/locks.ts';
import { startLossyLine } from '../etcd/lossy-line.ts';
import { type EtcdService, lookUp, ownPrefix, startEtcd } from '../support/services.ts';

let etcd: EtcdService;
const opened: StateConnection[] = [];

beforeAll(async () => {
  etcd = await startEtcd();
});
afterEach(() => {
  for (const state of opened.splice(0)) state.members.close();
});
afterAll(() => etcd.stop());

function connect(prefix: string, endpoint = etcd.endpoint): StateConnection {
  const state = connectState({ endpoints: [endpoint] }, { prefix, log: createLogger('silent') });
  opened.push(state);
  return state;
}

/** Leads until told otherwise and keeps a record of it. */
function candidate(state: StateConnection, owner: string, ttlSeconds = 2) {
  const terms: Term[] = [];
  const campaign = openLeadership(state, { owner, ttlSeconds }).campaign('watcher', async (term) => {
    terms.push(term);
    await new Promise((resolve) => term.signal.addEventListener('abort', resolve, { once: true }));
  });
  return { ...campaign, terms };
}

describe('leadership', () => {
  it('belongs to one process at a time, and passes on at once when that one stops', async () => {
    const prefix = ownPrefix();
    const ada = candidate(connect(prefix), 'ada', 10);
    await expect.poll(() => ada.isLeader()).toBe(true);
    const grace = candidate(connect(prefix), 'grace', 10);
    await expect
      .poll(() =>
        storeOn(connect(prefix))
          .list('leaders/watcher/')
          .then((keys) => keys.length),
      )
      .toBe(2);
    expect(grace.isLeader()).toBe(false);

    await ada.stop();
    await expect.poll(() => grace.isLeader(), { timeout: 3_000 }).toBe(true);

    expect(ada.isLeader()).toBe(false);
    expect(BigInt(grace.terms[0]?.fence as string)).toBeGreaterThan(BigInt(ada.terms[0]?.fence as string));
    await grace.stop();
  });

  it('ends before etcd gives it to another when the leader is cut off, and its late commits fail', async () => {
    const prefix = ownPrefix();
    const line = await startLossyLine(etcd.endpoint);
    const ada = candidate(connect(prefix, line.endpoint), 'ada', 2);
    await expect.poll(() => ada.isLeader()).toBe(true);
    const grace = candidate(connect(prefix), 'grace', 2);
    const store = storeOn(connect(prefix));
    const [adaTerm] = ada.terms;
    const overlaps: boolean[] = [];
    adaTerm?.signal.addEventListener('abort', () => overlaps.push(grace.isLeader()), { once: true });

    line.loseAnswers();
    await expect.poll(() => adaTerm?.signal.aborted, { timeout: 5_000 }).toBe(true);
    // The lossy line still carries ada's keep-alives to etcd; only cutting it lets the lease run out.
    line.mend();
    await ada.stop();
    await expect.poll(() => grace.isLeader(), { timeout: 6_000 }).toBe(true);

    expect(overlaps).toEqual([false]);
    const late = [adaTerm?.check, { op: 'put', path: 'x', value: {}, expect: 'any' }] as never;
    expect(await store.commit(late)).toBeUndefined();
    const present = [grace.terms[0]?.check, { op: 'put', path: 'x', value: {}, expect: 'any' }] as never;
    expect(await store.commit(present)).toBeDefined();
    await grace.stop();
    await line.stop();
  });

  it('is lost and won again when etcd is frozen for longer than the lease', async () => {
    const ada = candidate(connect(ownPrefix()), 'ada', 2);
    await expect.poll(() => ada.isLeader()).toBe(true);

    etcd.pause();
    await expect.poll(() => ada.isLeader(), { timeout: 5_000 }).toBe(false);
    etcd.resume();
    await expect.poll(() => ada.terms.length, { timeout: 10_000 }).toBe(2);

    expect(ada.terms[0]?.signal.aborted).toBe(true);
    await expect.poll(() => ada.isLeader()).toBe(true);
    await ada.stop();
  });

  it('survives a restart of etcd that is shorter than the lease', async () => {
    const ada = candidate(connect(ownPrefix()), 'ada', 10);
    await expect.poll(() => ada.isLeader()).toBe(true);

    await etcd.kill();
    await etcd.restart();
    const store = storeOn(opened[0] as StateConnection);
    await expect
      .poll(() => store.commit([ada.terms[0]?.check as never]).catch(() => undefined), { timeout: 5_000 })
      .toBeDefined();

    expect(ada.isLeader()).toBe(true);
    expect(ada.terms).toHaveLength(1);
    await ada.stop();
  });

  it('ends when somebody deletes the key by hand, or revokes the lease', async () => {
    const prefix = ownPrefix();
    const ada = candidate(connect(prefix), 'ada', 10);
    await expect.poll(() => ada.isLeader()).toBe(true);
    const raw = new Etcd3({ hosts: [etcd.endpoint] });

    await raw.delete().prefix(`${prefix}leaders/watcher/`);
    await expect.poll(() => ada.terms[0]?.signal.aborted, { timeout: 4_000 }).toBe(true);
    await expect.poll(() => ada.terms.length, { timeout: 4_000 }).toBe(2);

    const { kvs } = await raw.getAll().prefix(`${prefix}leaders/watcher/`).exec();
    await raw.leaseClient.leaseRevoke({ ID: kvs[0]?.lease as string });
    raw.close();
    await expect.poll(() => ada.terms[1]?.signal.aborted, { timeout: 4_000 }).toBe(true);
    await ada.stop();
  });

  it('is visible to etcdctl as an election', async (context) => {
    const etcdctl = lookUp('etcdctl');
    if (!etcdctl) return context.skip('etcdctl is not installed');
    const prefix = ownPrefix();
    const ada = candidate(connect(prefix), 'ada', 10);
    await expect.poll(() => ada.isLeader()).toBe(true);

    const words = ['--endpoints', etcd.endpoint, 'get', `${prefix}leaders/watcher/`, '--prefix', '-w', 'json'];
    const env = { ...process.env, ETCDCTL_API: '3' };
    const seen = JSON.parse(
      (await promisify(execFile)(etcdctl, words, { env })).stdout.replaceAll(/:(\d{16,})/g, ':"$1"'),
    );
    const [kv] = seen.kvs;

    expect(Buffer.from(kv.key, 'base64').toString()).toBe(`${prefix}leaders/watcher/${hexId(String(kv.lease))}`);
    expect(String(kv.create_revision)).toBe(ada.terms[0]?.fence);
    expect(Buffer.from(kv.value, 'base64').toString()).toContain('"owner":"ada"');
    await ada.stop();
  });
});

describe('a lock', () => {
  it('is refused to the second with the name of the first, and free after release', async () => {
    const prefix = ownPrefix();
    const first = await takeLock(connect(prefix), 'drain-node-7', 'worker ada');

    await expect(takeLock(connect(prefix), 'drain-node-7', 'worker grace')).rejects.toThrow(ConflictError);
    await expect(takeLock(connect(prefix), 'drain-node-7', 'worker grace')).rejects.toThrow('locked by worker ada');
    await first.release();
    const second = await takeLock(connect(prefix), 'drain-node-7', 'worker grace');

    expect(BigInt(second.fence)).toBeGreaterThan(BigInt(first.fence));
    await second.release();
  });
});

describe('a lease', () => {
  it('is kept alive beyond its time, and its key goes when it is revoked', async () => {
    const state = connect(ownPrefix());
    const store = storeOn(state);
    const lease = await grantLease(state.members, 2);
    await store.commit([{ op: 'put', path: 'k', value: {}, expect: 'absent', lease: lease.id }]);
    const raw = new Etcd3({ hosts: [etcd.endpoint] });
    const left = async () => Number((await raw.leaseClient.leaseTimeToLive({ ID: lease.id })).TTL);

    const grantedAt = performance.now();
    await expect.poll(() => performance.now() - grantedAt > 2_500, { timeout: 4_000 }).toBe(true);
    expect(await left()).toBeGreaterThan(0);
    expect(lease.signal.aborted).toBe(false);
    await lease.revoke();

    expect(await left()).toBe(-1);
    expect(await store.get('k')).toBeUndefined();
    raw.close();
  });
});
