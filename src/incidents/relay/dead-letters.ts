import type { Store } from '../../state/store.ts';
import {
  type Addressed,
  DEAD,
  type DeadLetter,
  listAddressed,
  pathOf,
  type RelayRow,
  ROWS,
  TOLD,
  type Told,
} from './rows.ts';

/** What was given up: read, tried again, swept. */
export interface DeadLetters {
  list(): Promise<readonly Addressed<DeadLetter>[]>;
  /** Puts them back to be delivered. @param bridge all of one bridge; default all. @returns how many. */
  replay(now: number, bridge?: string): Promise<number>;
  /** Forgets notes of what was told and dead letters that are older than `keepMs`. */
  sweep(now: number, keepMs: number): Promise<void>;
}

export function deadLettersOn(store: Store): DeadLetters {
  const list = (): Promise<readonly Addressed<DeadLetter>[]> => listAddressed<DeadLetter>(store, DEAD);
  return {
    list,
    async replay(now, bridge) {
      let count = 0;
      for (const letter of await list()) {
        if (bridge !== undefined && letter.bridge !== bridge) continue;
        const { key } = letter.entry.value;
        const row: RelayRow = { schemaVersion: 1, key, since: now, attempts: 0, notBefore: 0 };
        const moved = await store.commit([
          { op: 'del', path: letter.entry.path, expect: { revision: letter.entry.revision } },
          { op: 'put', path: pathOf(ROWS, letter.bridge, letter.incident), value: row, expect: 'any' },
        ]);
        if (moved !== undefined) count += 1;
      }
      return count;
    },
    async sweep(now, keepMs) {
      const told = await listAddressed<Told>(store, TOLD);
      const old = [
        ...told.filter(({ entry }) => entry.value.status === 'resolved' && now - entry.value.at > 86_400_000),
        ...(await list()).filter(({ entry }) => now - entry.value.gaveUpAt > keepMs),
      ];
      for (const { entry } of old) {
        await store.commit([{ op: 'del', path: entry.path, expect: { revision: entry.revision } }]);
      }
    },
  };
}
