import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { UsageError } from '../errors.ts';

/** How a `REDIS_URL` is to be dialled. Pure, so that a wrong one is refused before anything starts. */
export type RedisTarget =
  | { readonly kind: 'single'; readonly url: string }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly Host[];
      readonly name: string;
      readonly password?: string;
    }
  | { readonly kind: 'cluster'; readonly nodes: readonly Host[]; readonly password?: string };
interface Host {
  readonly host: string;
  readonly port: number;
}

/**
 * Understands `redis://`, `rediss://`, `redis-sentinel://[:password@]host:26379,host:26379/master-name` and `redis-cluster://[:password@]host:6379,…`.
 * @throws UsageError for anything else; the message never holds the password.
 */
export function parseRedisUrl(url: string): RedisTarget {
  const match = /^(redis|rediss|redis-sentinel|redis-cluster):\/\/(?:[^@/]*?:?([^@/:]*)@)?([^/]+)(?:\/([^?]*))?/.exec(
    url,
  );
  if (!match)
    throw new UsageError('REDIS_URL must start with redis://, rediss://, redis-sentinel:// or redis-cluster://.');
  const [, scheme, password, hosts, path] = match as unknown as [
    string,
    string,
    string | undefined,
    string,
    string | undefined,
  ];
  if (scheme === 'redis' || scheme === 'rediss') return { kind: 'single', url };
  const secret = password ? { password: decodeURIComponent(password) } : {};
  const list = hosts.split(',').map((host) => parseHost(host, scheme === 'redis-sentinel' ? 26_379 : 6_379));
  if (scheme === 'redis-cluster') return { kind: 'cluster', nodes: list, ...secret };
  if (!path) throw new UsageError('A redis-sentinel:// URL ends with /master-name.');
  return { kind: 'sentinel', sentinels: list, name: path, ...secret };
}

function parseHost(text: string, fallbackPort: number): Host {
  const [host, port] = text.split(':');
  return { host: host as string, port: port === undefined ? fallbackPort : Number(port) };
}

/**
 * Opens a connection. `quick` ones (for adding jobs on Slack's clock) fail a command after `commandTimeoutMs`; without it a frozen Redis
 * would hang `add()` for ever. Patient ones (for workers) wait without limit, as BullMQ requires.
 */
export function dialRedis(
  target: RedisTarget,
  options: { commandTimeoutMs?: number; connectionName: string },
): Redis | Cluster {
  const common: RedisOptions = {
    connectionName: options.connectionName,
    maxRetriesPerRequest: options.commandTimeoutMs === undefined ? null : 1,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
    connectTimeout: 2_000,
    ...(options.commandTimeoutMs === undefined ? {} : { commandTimeout: options.commandTimeoutMs }),
  };
  if (target.kind === 'single') return new Redis(target.url, common);
  const password = target.password === undefined ? {} : { password: target.password };
  if (target.kind === 'sentinel')
    return new Redis({ ...common, ...password, sentinels: [...target.sentinels], name: target.name });
  return new Cluster([...target.nodes], { redisOptions: { ...common, ...password } });
}
