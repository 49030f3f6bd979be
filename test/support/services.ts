import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePorts, startProgram } from '../../deploy/sandbox/child.ts';
import { type EtcdService, isHealthy } from '../../deploy/sandbox/services.ts';

/** The sandbox's private services, for tests; and a key prefix of one's own, so that tests can share a server. */
export { freePorts, lookUp } from '../../deploy/sandbox/child.ts';
export {
  type EtcdService,
  type RedisService,
  startEtcd,
  startRedis,
} from '../../deploy/sandbox/services.ts';

let counter = 0;

/** A prefix nobody else in this process or another uses: `t/1234-1/`. */
export function ownPrefix(): string {
  counter += 1;
  return `t/${process.pid}-${counter}/`;
}

/** Three etcd members of one cluster: what it takes to lose a leader. */
export async function startEtcdTrio(): Promise<EtcdService[]> {
  const file = findProgram('etcd', { debian: 'etcd-server', homebrew: 'etcd' });
  const ports = await freePorts(6);
  const home = mkdtempSync(join(tmpdir(), 'shipmate-trio-'));
  const members = [0, 1, 2].map((n) => ({
    name: `m${n}`,
    endpoint: `http://127.0.0.1:${ports[n]}`,
    peer: `http://127.0.0.1:${ports[n + 3]}`,
  }));
  let running = members.length;
  const initialCluster = members.map(({ name, peer }) => `${name}=${peer}`).join(',');
  return await Promise.all(
    members.map(async ({ name, endpoint, peer }) => {
      const service = await startProgram({
        name: `etcd ${name}`,
        file,
        args: [
          ...['--name', name, '--data-dir', join(home, name), '--logger', 'zap', '--log-level', 'warn'],
          ...['--listen-client-urls', endpoint, '--advertise-client-urls', endpoint, '--unsafe-no-fsync'],
          ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', initialCluster],
        ],
        logFile: join(home, `${name}.log`),
        isReady: () => isHealthy(endpoint),
        cleanUp: () => {
          running -= 1;
          if (running === 0) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
        },
      });
      return Object.assign(service, { endpoint });
    }),
  );
}
