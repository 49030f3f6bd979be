import { Redis } from 'ioredis';

const b64of = (text: string): string => Buffer.from(text).toString('base64');

/** etcd's JSON gateway. */
export async function askEtcd(
  endpoint: string,
  method: 'put' | 'range',
  body: object,
): Promise<{ kvs?: { key: string; value: string }[] }> {
  const url = endpoint.replace(/^(?!http)/, 'http://');
  const answer = await fetch(`${url}/v3/kv/${method}`, { method: 'POST', body: JSON.stringify(body) });
  return (await answer.json()) as { kvs?: { key: string; value: string }[] };
}

/** All keys from one up to another, with their values, as text. */
export async function dumpEtcd(endpoint: string, from: string, to: string): Promise<string> {
  const { kvs = [] } = await askEtcd(endpoint, 'range', { key: b64of(from), range_end: b64of(to) });
  return kvs.map(({ key, value }) => `${Buffer.from(key, 'base64')}\n${Buffer.from(value, 'base64')}`).join('\n');
}

/** Everything that a Redis holds, as text. */
export async function dumpRedis(url: string): Promise<string> {
  const redis = new Redis(url);
  const parts: unknown[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    if (type === 'string') parts.push(key, await redis.get(key));
    if (type === 'hash') parts.push(key, await redis.hgetall(key));
    if (type === 'list') parts.push(key, await redis.lrange(key, 0, -1));
    if (type === 'set') parts.push(key, await redis.smembers(key));
    if (type === 'zset') parts.push(key, await redis.zrange(key, '0', '-1'));
    if (type === 'stream') parts.push(key, await redis.xrange(key, '-', '+'));
  }
  redis.disconnect();
  return JSON.stringify(parts);
}
