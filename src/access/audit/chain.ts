import { ConflictError, UnavailableError } from '../../errors.ts';
import { CommitUnknownError } from '../../state/etcd-store.ts';
import type { Change, Store, Versioned } from '../../state/store.ts';
import { type Clock, delay } from '../../time.ts';
import { type Base, type Draft, type Entry, entryPath, GENESIS, HEAD_PATH, type Head, seal } from './entry.ts';
import { listPending } from './pending.ts';

export interface ChainDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Uniform in [0, 1): spreads the replicas' tries. */
  random(): number;
  /** Called after entries were linked by this process, in order. */
  linked(entries: readonly Entry[]): void;
}

export interface Chain {
  /**
   * Links one draft, after everything that waited in etcd before. Many at once share one transaction.
   * @returns the entry, durable.
   * @throws UnavailableError when that was not possible within 5 s; then it may have been linked all the same.
   */
  append(draft: Draft): Promise<Entry>;
  /** Links what waits in etcd; resolves when nothing waited any more. @throws as `append`. */
  drain(): Promise<void>;
  /**
   * One transaction of its own with writes that belong to the entry.
   * @throws ConflictError when the chain no longer begins where the removal does.
   */
  checkpoint(draft: Draft, removal: Removal): Promise<Entry>;
  /** The last head that this process has seen; the chain may never be shorter. */
  readonly seen: Head | undefined;
}

/** What goes with a checkpoint: the entries from `from` on, up to the base that the chain then has. */
export interface Removal {
  readonly from: number;
  readonly base: Base;
  readonly paths: readonly string[];
}

/** 40 waiting rows are put and removed, 40 calls put: with the head 121 of the 128 changes that a commit holds. */
const ROWS_AT_ONCE = 40;
const CALLS_AT_ONCE = 40;
const PATIENCE_MS = 5_000;

interface Call {
  readonly draft: Draft;
  readonly checkpoint?: Removal;
  readonly giveUpAt: number;
  resolve(entry: Entry): void;
  reject(error: unknown): void;
}

/**
 * The chain's only writer within a process. One transaction at a time compares the head and adds what has gathered meanwhile; replicas meet at
 * the head, the loser reads it again. Nobody starves: every lost try is another's won one, and a try takes all that waits.
 */
export function openChain(deps: ChainDeps): Chain {
  const calls: Call[] = [];
  const drains: { resolve(): void; reject(error: unknown): void }[] = [];
  let head: Versioned<Head> | undefined;
  let isHeadKnown = false;
  let seen: Head | undefined;
  let isRunning = false;

  const run = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    while (calls.length > 0 || drains.length > 0) {
      const waiting = drains.splice(0);
      const batch = calls[0]?.checkpoint ? calls.splice(0, 1) : takePlain(calls);
      try {
        await settleBatch(batch);
        for (const drain of waiting) drain.resolve();
      } catch (error) {
        isHeadKnown = false;
        for (const call of [...batch, ...waiting]) call.reject(error);
      }
    }
    isRunning = false;
  };

  /** Until the batch is linked and no more rows wait than one transaction took. */
  const settleBatch = async (batch: readonly Call[]): Promise<void> => {
    const giveUpAt = batch[0]?.giveUpAt ?? deps.clock() + PATIENCE_MS;
    let left = batch;
    for (let lost = 0; ; ) {
      const rows = batch[0]?.checkpoint ? [] : await listPending(deps.store, ROWS_AT_ONCE);
      if (rows.length === 0 && left.length === 0) return;
      if (!isHeadKnown) head = await deps.store.get<Head>(HEAD_PATH);
      isHeadKnown = true;
      const linked = await link(rows, left, giveUpAt);
      if (linked) {
        left = [];
        lost = 0;
        if (rows.length < ROWS_AT_ONCE) return;
        continue;
      }
      isHeadKnown = false;
      lost += 1;
      if (deps.clock() >= giveUpAt)
        throw new UnavailableError('The audit log could not be written: other replicas were always first.', {
          hint: 'Try again in a moment.',
        });
      await delay(deps.random() * Math.min(4 * 2 ** lost, 150));
    }
  };

  const link = async (
    rows: readonly Versioned<Draft>[],
    batch: readonly Call[],
    giveUpAt: number,
  ): Promise<boolean> => {
    let tip: Head = head?.value ?? { seq: GENESIS.through, hash: GENESIS.hash };
    const special = batch[0]?.checkpoint;
    if (special && (tip.base?.through ?? 0) !== special.from - 1) {
      throw new ConflictError('Another replica is removing old audit entries.', { hint: 'Nothing is to be done.' });
    }
    const entries = [...rows.map((row) => row.value), ...batch.map((call) => call.draft)].map((draft) => {
      const entry = seal(draft, tip);
      tip = { ...tip, seq: entry.seq, hash: entry.hash };
      return entry;
    });
    const next: Head = special ? { ...tip, base: special.base } : tip;
    const changes: Change[] = [
      { op: 'put', path: HEAD_PATH, value: next, expect: head ? { revision: head.revision } : 'absent' },
      ...entries.map((entry): Change => ({ op: 'put', path: entryPath(entry.seq), value: entry, expect: 'absent' })),
      ...rows.map((row): Change => ({ op: 'del', path: row.path, expect: { revision: row.revision } })),
      ...(special?.paths ?? []).map((path): Change => ({ op: 'del', path, expect: 'any' })),
    ];
    const revision = await commitSurely(changes, giveUpAt);
    if (revision === undefined) return false;
    head = { path: HEAD_PATH, value: next, revision };
    seen = next;
    deps.linked(entries);
    for (const [index, call] of batch.entries()) call.resolve(entries[rows.length + index] as Entry);
    return true;
  };

  /** The same commit until etcd says what became of it. */
  const commitSurely = async (changes: readonly Change[], giveUpAt: number): Promise<string | undefined> => {
    let commitId: string | undefined;
    for (;;) {
      try {
        return await deps.store.commit(changes, commitId === undefined ? {} : { commitId });
      } catch (error) {
        if (!(error instanceof UnavailableError) || deps.clock() >= giveUpAt) throw error;
        // Only an unknown one is asked about by name: for all others the name would cost a look into history.
        if (error instanceof CommitUnknownError) commitId = error.commitId;
        await delay(50 + deps.random() * 100);
      }
    }
  };

  const enqueue = (draft: Draft, checkpoint?: Removal): Promise<Entry> =>
    new Promise((resolve, reject) => {
      const giveUpAt = deps.clock() + PATIENCE_MS;
      calls.push({ draft, giveUpAt, resolve, reject, ...(checkpoint && { checkpoint }) });
      void run();
    });

  return {
    append: (draft) => enqueue(draft),
    checkpoint: (draft, removal) => enqueue(draft, removal),
    drain: () =>
      new Promise((resolve, reject) => {
        drains.push({ resolve, reject });
        void run();
      }),
    get seen() {
      return seen;
    },
  };
}

function takePlain(calls: Call[]): Call[] {
  const special = calls.findIndex((call) => call.checkpoint);
  return calls.splice(0, Math.min(CALLS_AT_ONCE, special === -1 ? calls.length : special));
}
