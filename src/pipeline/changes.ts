import type { Person } from '../chat/invocation.ts';
import { ConflictError } from '../errors.ts';
import { dueChange, notDueChange } from '../state/due.ts';
import { outboxChange } from '../state/outbox.ts';
import type { Change, Store, Versioned } from '../state/store.ts';
import { type ChangeRecord, isOver } from './change.ts';

/** Documents of changes are kept this long after their end, for `why` questions; then the sweep forgets them. */
export const KEEP_CHANGES_MS = 30 * 24 * 3_600_000;
export const CONFIRM_EXPIRY = 'confirm-expiry';
/** When nobody has voted by then, the second group is asked. */
export const ESCALATION = 'approval-escalation';
/** The kind of the outbox rows and cards of the approvals channel. */
export const APPROVAL_CARD = 'approval';
/** The same for the announcement of a broken glass. */
export const REVIEW_CARD = 'review';
export const FORGET_CHANGE = 'forget-change';

/** The changes in etcd. Each write is one transaction: the document, its line in the outbox, its timer and its place among the open ones. */
export interface Changes {
  get(id: string): Promise<Versioned<ChangeRecord> | undefined>;
  /** @returns false when it is known already (a redelivered envelope). */
  create(record: ChangeRecord): Promise<boolean>;
  /**
   * Reads, decides, writes if nothing moved; again when something did.
   * @param transition pure; undefined means "leave it".
   * @returns the document as it stands afterwards, or undefined when there is none or nothing was written.
   * @throws whatever `transition` throws, and ConflictError when it never came to rest.
   */
  apply(id: string, transition: (record: ChangeRecord) => ChangeRecord | undefined): Promise<ChangeRecord | undefined>;
  /** Ids of all that is not over. */
  open(): Promise<readonly string[]>;
  /** Ids of the broken glasses that nobody has looked at. */
  unreviewed(): Promise<readonly string[]>;
  /** Ids of what this person asked for, the newest first; as long as the changes are kept. */
  recentOf(person: Person, limit: number): Promise<readonly string[]>;
  forget(id: string): Promise<void>;
}

const documentPath = (id: string): string => `invocations/${id}`;
const openPath = (id: string): string => `open/${id}`;

/** What else a step writes, in its transaction: its entry in the audit. */
export type StepWrites = (before: ChangeRecord | undefined, after: ChangeRecord) => readonly Change[];

/** @param moved called after each committed transition, so that the message follows at once. */
export function changesOn(
  store: Store,
  moved: (record: ChangeRecord, before?: ChangeRecord) => void,
  stepWrites: StepWrites = () => [],
): Changes {
  return {
    get: (id) => store.get<ChangeRecord>(documentPath(id)),
    async create(record) {
      const revision = await store.commit([
        { op: 'put', path: documentPath(record.id), value: record, expect: 'absent' },
        { op: 'put', path: openPath(record.id), value: { since: record.createdAt }, expect: 'any' },
        dueChange(record.expiresAt, CONFIRM_EXPIRY, record.id),
        ...outboxLines(record),
        { op: 'put', path: recentPath(record), value: {}, expect: 'any' },
        ...stepWrites(undefined, record),
      ]);
      if (revision !== undefined) moved(record);
      return revision !== undefined;
    },
    async apply(id, transition) {
      for (let attempt = 0; attempt < 8; attempt++) {
        const found = await store.get<ChangeRecord>(documentPath(id));
        const next = found && transition(found.value);
        if (!found || !next) return undefined;
        const writes = [...transitionWrites(found, next), ...stepWrites(found.value, next)];
        if ((await store.commit(writes)) !== undefined) {
          moved(next, found.value);
          return next;
        }
      }
      throw new ConflictError('This change is being decided by somebody else at the same moment.', {
        hint: 'Look at its message: it shows the outcome.',
      });
    },
    async open() {
      return (await store.list<object>('open/')).map((entry) => entry.path.slice('open/'.length));
    },
    async unreviewed() {
      return (await store.list<object>('reviews/')).map((entry) => entry.path.slice('reviews/'.length));
    },
    async recentOf(person, limit) {
      const entries = await store.list<object>(recentRoot(person), { limit });
      return entries.map(({ path }) => path.slice(path.lastIndexOf('.') + 1));
    },
    async forget(id) {
      const found = (await store.get<ChangeRecord>(documentPath(id)))?.value;
      // A review stays open until somebody signs, however long that takes.
      if (found?.review && !found.review.signed) return;
      const paths = [
        documentPath(id),
        ...CARDS.map((kind) => `cards/${kind}/${id}`),
        ...(found ? [recentPath(found)] : []),
        ...(found?.approval?.votes.map(({ by }) => votePath(id, by)) ?? []),
      ];
      await store.commit(paths.map((path) => ({ op: 'del', path, expect: 'any' })));
    },
  };
}

const CARDS = ['change', 'audit', 'ending', 'summons', 'second-summons', APPROVAL_CARD, REVIEW_CARD];

function transitionWrites(found: Versioned<ChangeRecord>, next: ChangeRecord): Change[] {
  const writes: Change[] = [
    { op: 'put', path: found.path, value: next, expect: { revision: found.revision } },
    ...outboxLines(next),
    ...timers(found.value, next),
    ...newVotes(found.value, next),
  ];
  if (isOver(next)) {
    writes.push({ op: 'del', path: openPath(next.id), expect: 'any' });
    writes.push(dueChange(next.createdAt + KEEP_CHANGES_MS, FORGET_CHANGE, next.id));
  }
  return [...writes, ...reviewWrites(found.value, next)];
}

/** The list of what is to be reviewed. */
function reviewWrites(before: ChangeRecord, { id, review }: ChangeRecord): Change[] {
  if (review?.signed) return [{ op: 'del', path: `reviews/${id}`, expect: 'any' }];
  if (!review || before.review) return [];
  return [{ op: 'put', path: `reviews/${id}`, value: {}, expect: 'any' }];
}

/** What was due before and is not any more, and what is due now. */
function timers(before: ChangeRecord, after: ChangeRecord): Change[] {
  const writes: Change[] = [];
  const isWaiting = ({ state }: ChangeRecord): boolean => state === 'awaiting' || state === 'approving';
  const isSameTime = isWaiting(after) && after.expiresAt === before.expiresAt;
  if (isWaiting(before) && !isSameTime) writes.push(notDueChange(before.expiresAt, CONFIRM_EXPIRY, after.id));
  if (isWaiting(after) && !isSameTime) writes.push(dueChange(after.expiresAt, CONFIRM_EXPIRY, after.id));
  const escalation = ({ approval, state }: ChangeRecord): number | undefined =>
    state === 'approving' && approval?.escalatedAt === undefined ? approval?.escalateAt : undefined;
  const [was, is] = [escalation(before), escalation(after)];
  if (was !== undefined && is === undefined) writes.push(notDueChange(was, ESCALATION, after.id));
  if (is !== undefined && was === undefined) writes.push(dueChange(is, ESCALATION, after.id));
  return writes;
}

/** A vote is a key that can only be created: whatever else goes wrong, nobody has two. */
function newVotes(before: ChangeRecord, after: ChangeRecord): Change[] {
  const votes = after.approval?.votes.slice(before.approval?.votes.length ?? 0) ?? [];
  return votes.map((vote) => ({ op: 'put', path: votePath(after.id, vote.by), value: vote, expect: 'absent' }));
}

function votePath(id: string, { team, user }: Person): string {
  return `votes/${id}/${team}.${user}`;
}

/** Newest first in the order of keys. */
function recentPath({ person, createdAt, id }: Pick<ChangeRecord, 'person' | 'createdAt' | 'id'>): string {
  return `${recentRoot(person)}${String(FAR_FUTURE_MS - createdAt).padStart(15, '0')}.${id}`;
}

function recentRoot({ team, user }: Person): string {
  return `recent/${team}.${user}/`;
}

const FAR_FUTURE_MS = 10 ** 15 - 1;

/** All messages of one change are told in the same transaction, so they stay in step. */
function outboxLines(record: ChangeRecord): Change[] {
  const { id, generation, origin, approval, createdAt: since } = record;
  const line = { subjectId: id, generation, since };
  const { channel, thread } = origin;
  const lines = [outboxChange({ ...line, subjectKind: 'change', channel, thread })];
  if (approval?.channel !== undefined)
    lines.push(outboxChange({ ...line, subjectKind: APPROVAL_CARD, channel: approval.channel }));
  if (record.review) lines.push(outboxChange({ ...line, subjectKind: REVIEW_CARD, channel: record.review.channel }));
  return lines;
}
