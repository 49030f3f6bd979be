import type { Logger } from '../log.ts';
import { watchOutbox } from '../state/outbox.ts';
import type { Store } from '../state/store.ts';
import { delay } from '../time.ts';

export interface FollowOutboxDeps {
  readonly store: Store;
  readonly log: Logger;
  /** Delivers one row. */
  kick(kind: string, id: string): void;
  /** Whoever wrote a row delivers it at once; after so long somebody else does. Default 1 s. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 1_000;
const RETRY_MS = 2_000;

/**
 * Sees to rows of the outbox that their writer did not deliver: it ended just then, or cannot reach Slack. Without this they would wait for
 * the sweep. A hint, no more: what it misses, the sweep finds.
 */
export function followOutbox(deps: FollowOutboxDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const waiting = new Map<string, AbortController>();
  const onRow = (kind: string, id: string, isThere: boolean): void => {
    const key = `${kind}/${id}`;
    if (!isThere) {
      waiting.get(key)?.abort();
      waiting.delete(key);
    } else if (!waiting.has(key) && !stopping.signal.aborted) {
      const delivered = new AbortController();
      waiting.set(key, delivered);
      delay(deps.patienceMs ?? PATIENCE_MS, AbortSignal.any([delivered.signal, stopping.signal])).then(
        () => {
          waiting.delete(key);
          deps.kick(kind, id);
        },
        () => undefined,
      );
    }
  };
  const opening = open(deps, onRow, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await (await opening)?.stop();
    },
  };
}

/** etcd may be away at the moment. */
async function open(
  { store, log }: FollowOutboxDeps,
  onRow: (kind: string, id: string, isThere: boolean) => void,
  signal: AbortSignal,
): Promise<{ stop(): Promise<void> } | undefined> {
  while (!signal.aborted) {
    try {
      return await watchOutbox(store, ({ subjectKind, subjectId }, isThere) => onRow(subjectKind, subjectId, isThere));
    } catch (error) {
      log.warn({ err: error }, 'the outbox is not followed yet; tried again');
      await delay(RETRY_MS, signal).catch(() => undefined);
    }
  }
  return undefined;
}
