import { ConflictError, UsageError } from '../errors.ts';
import type { EtcdCluster, KeyEvent, KeyValue } from './etcd-cluster.ts';
import { displayKey, displayValueShort } from './text.ts';

/** What the history of a key says about one conditional write. */
export type Trace =
  | { readonly found: true; readonly revision: string }
  | { readonly found: false }
  /** The history cannot be read; `why` is for people. */
  | { readonly found: 'unknown'; readonly why: string };

/** Facts of the plan that the write compared with. */
export interface Expected {
  /** Mod revision of the key when the plan was made; `0` when it did not exist. */
  readonly modRevision: string;
  /** Revision of the cluster when the plan was made. */
  readonly seenAt: string;
}

/**
 * Whether a write that compared the key's mod revision with the plan's has happened. Such a write can only be the first one after a moment
 * at which the key stood as planned, so the history since the plan decides. An equal write by somebody else at that very place cannot be
 * told from ours, and makes no difference.
 * @param isOurs whether an event is what our write would have left.
 */
export async function traceWrite(
  cluster: EtcdCluster,
  key: Uint8Array,
  expected: Expected,
  isOurs: (event: KeyEvent) => boolean,
): Promise<Trace> {
  const answer = await cluster.range({ key });
  const current = answer.kvs[0];
  const now = current?.modRevision ?? '0';
  if (now === expected.modRevision && (now !== '0' || answer.revision === expected.seenAt)) return { found: false };
  const after = expected.modRevision === '0' ? expected.seenAt : expected.modRevision;
  let events: readonly KeyEvent[];
  try {
    events = await cluster.history(key, after, current?.modRevision);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return {
      found: 'unknown',
      why: `the history of ${displayKey(key)} since rev ${after} is compacted`,
    };
  }
  if (now !== expected.modRevision && events.length === 0) {
    return {
      found: 'unknown',
      why: `${displayKey(key)} has changed, but etcd told no history of it`,
    };
  }
  return firstOfOurs(events, expected.modRevision, isOurs);
}

function firstOfOurs(events: readonly KeyEvent[], planned: string, isOurs: (event: KeyEvent) => boolean): Trace {
  let before = planned;
  for (const event of events) {
    if (before === planned && isOurs(event)) return { found: true, revision: event.revision };
    before = event.kind === 'delete' ? '0' : event.revision;
  }
  return { found: false };
}

/** The refusal when a key does not stand as planned. @param current the key now; absent when it is gone. */
export function changedSincePlan(key: Uint8Array, planned: string, current: KeyValue | undefined): ConflictError {
  const name = displayKey(key);
  const now =
    current === undefined
      ? 'it is gone'
      : `at rev ${current.modRevision} it is "${displayValueShort(current.value, 80)}"`;
  const was = planned === '0' ? 'when you asked it did not exist' : `you were shown rev ${planned}`;
  return new ConflictError(`${name} was changed by someone else: ${now}; ${was}. Nothing was written.`, {
    hint: 'Run the command again to see the present value.',
  });
}
