import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePorts, PortTaken, type Service, startProgram } from './child.ts';

/** Private Redis and etcd for the sandbox and the tests: on 127.0.0.1, on free ports, each with its own data. */
export interface RedisService extends Service {
  /** `redis://127.0.0.1:PORT` */
  readonly url: string;
}
export interface EtcdService extends Service {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
}

const ATTEMPTS = 5;

/**
 * Starts `redis-server`.
 * @param options.dir where its data lives; a temporary directory, removed by `stop`, when absent.
 * @param options.persistence `aof` (default) survives `kill` and `restart`; `none` starts empty again.
 * @throws Error that says how to install it, or shows its log.
 */
export async function startRedis(options: { dir?: string; persistence?: 'aof' | 'none' } = {}): Promise<RedisService> {
  const file = findProgram('redis-server', {
    debian: 'redis-server',
    homebrew: 'redis',
  });
  const home = await homeOf(options.dir, 'redis');
  return withFreePorts(1, async ([port]) => {
    const service = await startProgram({
      name: 'redis-server',
      file,
      args: [
        ...['--bind', '127.0.0.1', '--port', `${port}`, '--dir', home.dir, '--save', '', '--daemonize', 'no'],
        ...['--appendonly', options.persistence === 'none' ? 'no' : 'yes', '--maxmemory-policy', 'noeviction'],
      ],
      logFile: join(home.dir, 'redis.log'),
      isReady: () => answersPing(port as number),
      cleanUp: home.remove,
    });
    return withAddress(service, { url: `redis://127.0.0.1:${port}` });
  });
}

/**
 * Starts a single-member `etcd`. In a temporary directory it runs without fsync: a killed process loses nothing, a power cut would.
 * @param options.dir where its data lives; a temporary directory, removed by `stop`, when absent.
 * @param options.args further flags, such as TLS files; they win over the usual ones.
 * @param options.healthEndpoint where to ask for readiness when `args` moves the listeners.
 * @param options.file the program, absolute; the system's own `etcd` when absent.
 * @throws Error that says how to install it, or shows its log.
 */
export async function startEtcd(
  options: { dir?: string; args?: readonly string[]; file?: string; healthEndpoint?: string } = {},
): Promise<EtcdService> {
  const file = options.file ?? findProgram('etcd', { debian: 'etcd-server', homebrew: 'etcd' });
  const home = await homeOf(options.dir, 'etcd');
  return withFreePorts(2, async ([clientPort, peerPort]) => {
    const endpoint = `http://127.0.0.1:${clientPort}`;
    const peer = `http://127.0.0.1:${peerPort}`;
    const service = await startProgram({
      name: 'etcd',
      file,
      args: [
        ...['--name', 'sandbox', '--data-dir', join(home.dir, 'member'), '--logger', 'zap', '--log-level', 'warn'],
        // A lone member elects itself; it need not wait a second for others.
        ...['--heartbeat-interval', '20', '--election-timeout', '200'],
        ...['--listen-client-urls', endpoint, '--advertise-client-urls', endpoint],
        ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `sandbox=${peer}`],
        ...(options.dir === undefined ? ['--unsafe-no-fsync'] : []),
        ...(options.args ?? []),
      ],
      logFile: join(home.dir, 'etcd.log'),
      isReady: () => isHealthy(options.healthEndpoint ?? endpoint),
      cleanUp: home.remove,
    });
    return withAddress(service, { endpoint });
  });
}

/** Keeps `pid` a getter, which object spread would freeze. */
function withAddress<A extends object>(service: Service, address: A): Service & A {
  return Object.assign(service, address);
}

async function homeOf(dir: string | undefined, name: string): Promise<{ dir: string; remove: () => void }> {
  if (dir !== undefined) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return { dir, remove: () => {} };
  }
  const temporary = await mkdtemp(join(tmpdir(), `shipmate-${name}-`));
  return {
    dir: temporary,
    remove: () => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function withFreePorts<T>(count: number, start: (ports: readonly number[]) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePorts(count));
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** True when Redis says PONG: it accepts connections and has loaded its data. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(500, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/** etcd's own health answer: it has a leader and can commit. */
export async function isHealthy(endpoint: string): Promise<boolean> {
  const response = await fetch(`${endpoint}/health`, {
    signal: AbortSignal.timeout(500),
  });
  return ((await response.json()) as { health?: string }).health === 'true';
}
