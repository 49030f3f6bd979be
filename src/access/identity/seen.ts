import type { Clock } from '../../time.ts';

/** Facts as last read from Slack. */
export interface Seen<T> {
  readonly facts: T;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Why they could not be read again, when they are older than was asked for. */
  readonly failure?: unknown;
}

export interface SeenFacts<T> {
  /**
   * From memory when read within `maxAgeMs`, else asked anew; those who ask at the same time share one call.
   * @returns what was read last, with the failure, when asking failed.
   * @throws the failure when nothing is remembered.
   */
  get(key: string, maxAgeMs: number): Promise<Seen<T>>;
}

/** Remembers the most recently read facts about at most `most` things. */
export function seenFacts<T>(read: (key: string) => Promise<T>, clock: Clock, most: number): SeenFacts<T> {
  const known = new Map<string, Seen<T>>();
  const asking = new Map<string, Promise<Seen<T>>>();

  const ask = async (key: string): Promise<Seen<T>> => {
    const at = clock();
    const seen = { facts: await read(key), at };
    // Taken out first, so that the order of the map is the order of reading and the oldest leaves.
    known.delete(key);
    known.set(key, seen);
    for (const oldest of known.keys()) {
      if (known.size <= most) break;
      known.delete(oldest);
    }
    return seen;
  };

  return {
    async get(key, maxAgeMs) {
      const before = known.get(key);
      if (before && clock() - before.at < maxAgeMs) return before;
      let asked = asking.get(key);
      if (!asked) {
        asked = ask(key).finally(() => asking.delete(key));
        asking.set(key, asked);
      }
      try {
        return await asked;
      } catch (failure) {
        if (before) return { ...before, failure };
        throw failure;
      }
    },
  };
}
