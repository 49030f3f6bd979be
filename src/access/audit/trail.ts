import type { Store, Versioned } from '../../state/store.ts';
import { type Entry, entryPath, HEAD_PATH, type Head, ROOT, seqOf } from './entry.ts';
import { type AuditQuery, matches, type Story, storiesOf } from './query.ts';
import { type Break, verifier } from './verify.ts';

/** Reading the audit log. */
export interface AuditTrail {
  /** The stories that match, newest first. @throws UnavailableError when etcd does not answer. */
  find(query: AuditQuery): Promise<Found>;
  /**
   * Proves the whole chain as it stands.
   * @param kept a head that was noted down earlier, outside: the entry must still be the same.
   * @throws UnavailableError when etcd does not answer.
   */
  verify(kept?: Pick<Head, 'seq' | 'hash'>): Promise<Verdict>;
}

export interface Found {
  readonly stories: readonly Story[];
  /** Set when the search stopped before the beginning of the log: how far back it looked, epoch ms. */
  readonly lookedBackTo?: number | undefined;
}

export interface Verdict {
  readonly broken?: Break | undefined;
  /** How many entries were proved. */
  readonly entries: number;
  readonly head?: Head | undefined;
}

const PAGE = 500;
/** A search gives up after so many entries, and says so. */
const MAX_SCANNED = 20_000;
/** Entries of one story may be linked a little out of the order of time; a search looks that much further. */
const SLACK_MS = 15 * 60_000;

/** @param seen the last head that this process saw, against a chain that was rolled back as a whole. */
export function auditTrail(store: Store, seen: () => Head | undefined = () => undefined): AuditTrail {
  return {
    async find(query) {
      const entries: Entry[] = [];
      const head = await store.get<Head>(HEAD_PATH);
      const first = (head?.value.base?.through ?? 0) + 1;
      for (let end = (head?.value.seq ?? 0) + 1; end > first; end -= PAGE) {
        const page = await range(store, Math.max(first, end - PAGE), end);
        entries.push(...page.map(({ value }) => value));
        const oldest = page[0]?.value.at;
        if (query.since !== undefined && oldest !== undefined && oldest < query.since - SLACK_MS) break;
        const stories = storiesOf(entries).filter((story) => matches(story, query));
        if (query.invocation !== undefined && stories[0] && isWhole(stories[0])) return { stories };
        // One page more than asked for: the oldest story may begin before.
        if (stories.length > query.limit || entries.length >= MAX_SCANNED) {
          return { stories: stories.slice(0, query.limit), lookedBackTo: oldest };
        }
      }
      const stories = storiesOf(entries).filter((story) => matches(story, query));
      return { stories: stories.slice(0, query.limit) };
    },
    async verify(kept) {
      const remembered = seen();
      const first = await prove(store, remembered);
      // Retention may have removed what was just being read; a real break is found twice.
      const verdict = first.broken ? await prove(store, remembered) : first;
      if (verdict.broken || !kept) return verdict;
      return { ...verdict, broken: await replaced(store, verdict.head, kept) };
    },
  };
}

/** Nothing of a story stands before its plan. */
function isWhole({ entries }: Story): boolean {
  return entries[0]?.type === 'planned';
}

async function prove(store: Store, remembered: Head | undefined): Promise<Verdict> {
  const head = (await store.get<Head>(HEAD_PATH))?.value;
  const check = verifier(head?.base);
  const verdict = (broken: Break | undefined): Verdict => ({ broken, entries: check.taken, head });
  const until = head ? entryPath(head.seq + 1) : `${ROOT}:`;
  let after: string | undefined;
  for (;;) {
    const page = await store.list<Entry>(ROOT, { limit: PAGE, until, ...(after !== undefined && { after }) });
    for (const { path, value } of page) {
      const broken = check.take(seqOf(path), value);
      if (broken) return verdict(broken);
      after = path;
    }
    if (page.length === 0) break;
  }
  const broken = check.end(head) ?? (await beyond(store, head)) ?? rolledBack(head, remembered);
  return verdict(broken);
}

/** A chain that was written anew as a whole holds in itself; only who kept a line of it elsewhere sees it. */
async function replaced(
  store: Store,
  head: Head | undefined,
  kept: Pick<Head, 'seq' | 'hash'>,
): Promise<Break | undefined> {
  const { seq } = kept;
  if (seq <= (head?.base?.through ?? 0))
    return {
      seq,
      what: 'checkpoint',
      detail: `entry ${seq} was removed by retention, so the kept line proves nothing`,
    };
  const found = (await store.get<Entry>(entryPath(seq)))?.value;
  if (found?.hash === kept.hash) return undefined;
  const detail = found
    ? `entry ${seq} is not the one that was kept: the chain was written anew`
    : `entry ${seq} was kept, but the chain ends before it`;
  return { seq, what: 'head', detail };
}

/** Entries after the head that nobody is just now adding. */
async function beyond(store: Store, head: Head | undefined): Promise<Break | undefined> {
  if (!head) return undefined;
  const [extra] = await store.list<Entry>(ROOT, { limit: 1, after: entryPath(head.seq), until: `${ROOT}:` });
  if (!extra) return undefined;
  const now = (await store.get<Head>(HEAD_PATH))?.value.seq ?? 0;
  const seq = seqOf(extra.path);
  return now >= seq
    ? undefined
    : { seq, what: 'beyond', detail: `entry ${seq} stands after the head, which names ${now}` };
}

function rolledBack(head: Head | undefined, remembered: Head | undefined): Break | undefined {
  if (!remembered || (head?.seq ?? 0) >= remembered.seq) return undefined;
  return {
    seq: (head?.seq ?? 0) + 1,
    what: 'truncated',
    detail: `this process has seen entry ${remembered.seq}, but the chain and its head end at ${head?.seq ?? 0}: it was rolled back`,
  };
}

/** Entries `from` up to, not including, `to`. */
export function range(store: Store, from: number, to: number): Promise<readonly Versioned<Entry>[]> {
  return store.list<Entry>(ROOT, { after: entryPath(from - 1), until: entryPath(to), limit: to - from });
}
