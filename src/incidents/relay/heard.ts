import type { Logger } from '../../log.ts';
import type { Store } from '../../state/store.ts';
import type { Clock } from '../../time.ts';

/** When another system was heard last, and what was wrong with what it sent: `relay/heard/<bridge>`, `relay/refused/<bridge>`. */
export interface Heard {
  readonly schemaVersion: 1;
  /** Epoch ms. */
  readonly at: number;
  /** Of a refusal: what the sender was told. */
  readonly why?: string | undefined;
}

export interface Ear {
  /** Something came and was taken. Never throws, never waited for. */
  heard(bridge: string): void;
  /** Something came that could not be understood. */
  refused(bridge: string, why: string): void;
}

export const HEARD = 'relay/heard/';
export const REFUSED = 'relay/refused/';

/** People ask in minutes; a sender may come a hundred times a second. */
const WRITES_EVERY_MS = 60_000;

/** Keeps it, so that `/alerts bridges` can tell on any replica. */
export function createEar({ store, clock, log }: { store: Store; clock: Clock; log: Logger }): Ear {
  const writtenAt = new Map<string, number>();
  const write = (path: string, why?: string): void => {
    const now = clock();
    if (now - (writtenAt.get(path) ?? 0) < WRITES_EVERY_MS) return;
    writtenAt.set(path, now);
    const value: Heard = { schemaVersion: 1, at: now, ...(why !== undefined && { why }) };
    store.commit([{ op: 'put', path, value, expect: 'any' }]).catch((error: unknown) => {
      writtenAt.delete(path);
      log.debug({ err: error, path }, 'not kept when another system was heard');
    });
  };
  return {
    heard: (bridge) => write(`${HEARD}${bridge}`),
    refused: (bridge, why) => write(`${REFUSED}${bridge}`, why),
  };
}
