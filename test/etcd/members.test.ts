import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { etcdClusterSchema } from '../../src/config/file.ts';
import { UnavailableError } from '../../src/errors.ts';
import { connectEtcdClusters } from '../../src/etcd/connect.ts';
import type { EtcdCluster } from '../../src/etcd/etcd-cluster.ts';
import { bytesOf } from '../../src/etcd/keys.ts';
import { createLogger } from '../../src/log.ts';
import { type EtcdService, ownPrefix, startEtcd, startEtcdTrio } from '../support/services.ts';

function connect(endpoints: readonly string[]): EtcdCluster {
  return connectEtcdClusters({ main: etcdClusterSchema.parse({ endpoints }) }, createLogger('silent')).get();
}

const look = (cluster: EtcdCluster) => cluster.range({ key: bytesOf('k') });
const put = (cluster: EtcdCluster, key: string, value = '1') =>
  cluster.txn({ compare: [], success: [{ put: { key: bytesOf(key), value: bytesOf(value) } }] });

async function timed<T>(run: () => Promise<T>): Promise<{ result: PromiseSettledResult<T>; tookMs: number }> {
  const startedAt = performance.now();
  const [result] = await Promise.allSettled([run()]);
  return { result: result as PromiseSettledResult<T>, tookMs: performance.now() - startedAt };
}

describe('three members', () => {
  let members: EtcdService[];
  let cluster: EtcdCluster;

  beforeAll(async () => {
    members = await startEtcdTrio();
    cluster = connect(members.map((member) => member.endpoint));
  });
  afterAll(async () => {
    await cluster.close();
    await Promise.all(members.map((member) => member.stop()));
  });

  const followers = async () => {
    const statuses = await cluster.status();
    return members.filter((member) => !statuses.find((status) => status.endpoint === member.endpoint)?.isLeader);
  };

  it('answer reads and writes while one of them is frozen, whichever was asked first', async () => {
    const [frozen] = await followers();
    const first = connect([frozen?.endpoint as string, ...members.map((member) => member.endpoint)]);
    await put(first, ownPrefix());
    frozen?.pause();

    const read = await timed(() => look(first));
    const write = await timed(() => put(first, ownPrefix()));
    frozen?.resume();

    expect(read.result.status).toBe('fulfilled');
    expect(write.result.status).toBe('fulfilled');
    expect(read.tookMs + write.tookMs).toBeLessThan(5_000);
    await first.close();
  });

  it('without a leader are reported within 5 s, and status says which problem each has', async () => {
    await put(cluster, ownPrefix());
    const [survivor, ...dead] = members;
    for (const member of dead) await member.kill();

    const read = await timed(() => look(cluster));
    const write = await timed(() => put(cluster, ownPrefix()));
    await expect
      .poll(async () => (await cluster.status())[0]?.error, { timeout: 10_000 })
      .toBe('etcdserver: no leader');
    const statuses = await cluster.status();
    await Promise.all(dead.map((member) => member.restart()));

    for (const { result, tookMs } of [read, write]) {
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(UnavailableError);
      expect(tookMs).toBeLessThan(5_000);
    }
    expect(statuses.find((status) => status.endpoint === survivor?.endpoint)?.version).toMatch(/^3\./);
    expect(statuses.filter((status) => /ECONNREFUSED|gave no answer/.test(status.error ?? ''))).toHaveLength(2);
    await expect
      .poll(
        () =>
          put(cluster, ownPrefix()).then(
            (answer) => answer.succeeded,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
  });
});

describe('members of two different clusters under one name', () => {
  it('are refused instead of mixed', async () => {
    const [one, other] = await Promise.all([startEtcd(), startEtcd({ args: ['--initial-cluster-token', 'other'] })]);
    const cluster = connect([one.endpoint, other.endpoint]);
    await look(cluster);
    await one.kill();

    // The first attempt may still notice the broken connection.
    const refusal = () =>
      put(cluster, 'k').then(
        () => 'written',
        (error: Error) => error.message,
      );
    await expect.poll(refusal).toContain('answers as cluster');
    const alone = connect([other.endpoint]);
    expect((await alone.range({ key: bytesOf('k') })).count).toBe(0);
    await Promise.all([cluster.close(), alone.close(), one.stop(), other.stop()]);
  });
});
