import { UnavailableError, UsageError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Change, Store, Versioned } from '../../state/store.ts';
import type { Companion } from '../book.ts';
import type { Incident } from '../incident.ts';
import { idPath, NOW, nowPath, pastPath } from './paths.ts';
import { looksTheSame } from './words.ts';

/** Another process leads this cluster now; nothing was written. */
export class LeadsNoMoreError extends UnavailableError {
  constructor() {
    super('Another replica watches this cluster now.', { hint: 'Nothing to do: it records what happens.' });
  }
}

export interface Entry {
  /** What was read; undefined: there was nothing under this key. */
  readonly before: Versioned<Incident> | undefined;
  readonly after: Incident;
}

export interface Recorder {
  readonly log: Logger;
  readonly store: Store;
  readonly companions: readonly Companion[];
  tell(before: Incident | undefined, written: Versioned<Incident>): void;
}

export interface Recorded {
  readonly written: Versioned<Incident>[];
  readonly lost: Incident[];
}

/** etcd takes 128 operations in a transaction (one of them may be the check of the term) and 1.5 MiB in a request. */
const MAX_CHANGES = 127;
const MAX_BYTES = 1_000_000;
const ROW_BYTES = 400;

interface Prepared {
  readonly entry: Entry;
  readonly changes: readonly Change[];
  readonly bytes: number;
}

/**
 * Writes the entries in order, as many as fit into each commit, all of one incident in the same one. When a commit is refused because of
 * somebody else's write, its halves are tried, so that one conflict costs the others nothing.
 * @throws LeadsNoMoreError when the check fails; UnavailableError.
 */
export async function recordAll(
  entries: readonly Entry[],
  recorder: Recorder,
  check?: Change,
  commitId?: string,
): Promise<Recorded> {
  const recorded: Recorded = { written: [], lost: [] };
  for (const batch of batchesOf(entries.map((entry) => prepare(entry, recorder.companions)))) {
    await commitBatch(batch, recorder, check, commitId, recorded);
  }
  return recorded;
}

async function commitBatch(
  batch: readonly Prepared[],
  recorder: Recorder,
  check: Change | undefined,
  commitId: string | undefined,
  recorded: Recorded,
): Promise<void> {
  const changes = [...(check ? [check] : []), ...batch.flatMap((one) => one.changes)];
  let revision: string | undefined;
  try {
    revision = await recorder.store.commit(changes, commitId === undefined ? {} : { commitId });
  } catch (error) {
    // etcd does not want this one: too large. The others must not suffer for it.
    if (!(error instanceof UsageError)) throw error;
    await withoutTheUnwanted(batch, error, (part) => commitBatch(part, recorder, check, commitId, recorded), recorder);
    return;
  }
  if (revision !== undefined) {
    for (const { entry } of batch) {
      const written = { path: entry.before?.path ?? nowPath(entry.after.key), value: entry.after, revision };
      recorded.written.push(written);
      recorder.tell(sameOccurrence(entry), written);
    }
    return;
  }
  if (check && (await recorder.store.commit([check])) === undefined) throw new LeadsNoMoreError();
  if (batch.length === 1) {
    recorded.lost.push(...batch.map(({ entry }) => entry.after));
    return;
  }
  const half = Math.ceil(batch.length / 2);
  await commitBatch(batch.slice(0, half), recorder, check, commitId, recorded);
  await commitBatch(batch.slice(half), recorder, check, commitId, recorded);
}

/** Tries the halves of what was refused; what is refused by itself is left as it was recorded before. */
async function withoutTheUnwanted(
  batch: readonly Prepared[],
  error: UsageError,
  commit: (part: readonly Prepared[]) => Promise<void>,
  { log }: Recorder,
): Promise<void> {
  const [first, ...others] = batch;
  if (first && others.length === 0) {
    const { id, root } = first.entry.after;
    log.error({ err: error, incident: id, root, bytes: first.bytes }, 'an incident cannot be recorded');
    return;
  }
  const half = Math.ceil(batch.length / 2);
  await commit(batch.slice(0, half));
  await commit(batch.slice(half));
}

function batchesOf(prepared: readonly Prepared[]): Prepared[][] {
  const batches: Prepared[][] = [];
  let changes = 0;
  let bytes = 0;
  for (const one of prepared) {
    const batch = batches.at(-1);
    if (!batch || changes + one.changes.length > MAX_CHANGES || bytes + one.bytes > MAX_BYTES) {
      batches.push([one]);
      changes = one.changes.length;
      bytes = one.bytes;
      continue;
    }
    batch.push(one);
    changes += one.changes.length;
    bytes += one.bytes;
  }
  return batches;
}

/** The generation counts what can be seen: it is the book's to give, so that no step can forget it. */
function prepare({ before, after }: Entry, companions: readonly Companion[]): Prepared {
  const previous = before?.value.id === after.id ? before.value : undefined;
  const isSame = previous !== undefined && looksTheSame(previous, after);
  const generation = previous === undefined ? 1 : previous.generation + (isSame ? 0 : 1);
  const stamped: Incident = { ...after, generation };
  const changes = [
    ...documents(before, previous, stamped),
    ...companions.flatMap((companion) => companion(previous, stamped)),
  ];
  return { entry: { before, after: stamped }, changes, bytes: sizeOf(stamped, changes) };
}

/** What is over stands in two documents; rows of the outbox are small. */
function sizeOf(incident: Incident, changes: readonly Change[]): number {
  const copies = changes.filter((change) => change.op === 'put' && change.value === incident).length;
  return Buffer.byteLength(JSON.stringify(incident)) * Math.max(1, copies) + changes.length * ROW_BYTES;
}

function sameOccurrence({ before, after }: Entry): Incident | undefined {
  return before?.value.id === after.id ? before.value : undefined;
}

function documents(before: Versioned<Incident> | undefined, previous: Incident | undefined, after: Incident): Change[] {
  const path = before?.path ?? nowPath(after.key);
  const expect = before ? { revision: before.revision } : 'absent';
  const own: Change = { op: 'put', path, value: after, expect };
  // An occurrence that a later one of the same key has replaced lives in the history only.
  if (!path.startsWith(NOW)) return [own];
  return [own, ...index(previous, after), ...history(previous, after)];
}

function index(previous: Incident | undefined, after: Incident): Change[] {
  if (previous && previous.resolvedAt === after.resolvedAt) return [];
  const value = { key: after.key, ...(after.resolvedAt !== undefined && { endedAt: after.resolvedAt }) };
  return [{ op: 'put', path: idPath(after.id), value, expect: previous ? 'any' : 'absent' }];
}

function history(previous: Incident | undefined, after: Incident): Change[] {
  const changes: Change[] = [];
  if (previous?.resolvedAt !== undefined && previous.resolvedAt !== after.resolvedAt) {
    changes.push({ op: 'del', path: pastPath(previous.resolvedAt, after.id), expect: 'any' });
  }
  if (after.resolvedAt !== undefined) {
    changes.push({ op: 'put', path: pastPath(after.resolvedAt, after.id), value: after, expect: 'any' });
  }
  return changes;
}
