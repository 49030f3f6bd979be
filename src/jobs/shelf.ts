import type { Cluster, Redis } from 'ioredis';
import { UnavailableError, UsageError } from '../errors.ts';
import type { Shelf } from './queues.ts';

const MAX_BYTES = 1_048_576;

/** Small values with an end, in Redis. Losing them loses convenience (a page to turn), never a fact. */
export function redisShelf(redis: Redis | Cluster, prefix: string): Shelf {
  return {
    async put(key, value, ttlMs) {
      const text = JSON.stringify(value);
      if (Buffer.byteLength(text) > MAX_BYTES)
        throw new UsageError('The result is larger than 1 MiB.', { hint: 'Narrow it with a name, -n or -l.' });
      await asked(redis.set(prefix + key, text, 'PX', ttlMs));
    },
    async get<T>(key: string) {
      const text = await asked(redis.get(prefix + key));
      return text === null ? undefined : (JSON.parse(text) as T);
    },
    async claim(key, ttlMs) {
      return (await asked(redis.set(prefix + key, '1', 'PX', ttlMs, 'NX'))) === 'OK';
    },
  };
}

/** Redis' own failures in our words. */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new UnavailableError('Redis did not answer in time.', {
      hint: 'Try again in a moment; `/shipmate status` shows when it is back.',
      cause,
    });
  }
}
