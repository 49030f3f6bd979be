import { ConflictError } from '../errors.ts';
import { dueChange, notDueChange } from '../state/due.ts';
import { outboxChange } from '../state/outbox.ts';
import type { Change, Store, Versioned } from '../state/store.ts';
import { type ChangeRecord, isOver } from './change.ts';

/** Documents of changes are kept this long after their end, for `why` questions; then the sweep forgets them. */
export const KEEP_CHANGES_MS = 30 * 24 * 3_600_000;
export const CONFIRM_EXPIRY = 'confirm-expiry';
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
  forget(id: string): Promise<void>;
}

const documentPath = (id: string): string => `invocations/${id}`;
const openPath = (id: string): string => `open/${id}`;

/** What else a step writes, in its transaction: its entry in the audit. */
export type StepWrites = (before: ChangeRecord | undefined, after: ChangeRecord) => readonly Change[];

/** @param moved called after each committed transition, so that the message follows at once. */
export function changesOn(
  store: Store,
  moved: (record: ChangeRecord) => void,
  stepWrites: StepWrites = () => [],
): Changes {
  return {
    get: (id) => store.get<ChangeRecord>(documentPath(id)),
    async create(record) {
      const revision = await store.commit([
        { op: 'put', path: documentPath(record.id), value: record, expect: 'absent' },
        { op: 'put', path: openPath(record.id), value: { since: record.createdAt }, expect: 'any' },
        dueChange(record.expiresAt, CONFIRM_EXPIRY, record.id),
        outboxLine(record),
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
          moved(next);
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
    async forget(id) {
      await store.commit([
        { op: 'del', path: documentPath(id), expect: 'any' },
        { op: 'del', path: `cards/change/${id}`, expect: 'any' },
        { op: 'del', path: `cards/audit/${id}`, expect: 'any' },
        { op: 'del', path: `cards/ending/${id}`, expect: 'any' },
      ]);
    },
  };
}

function transitionWrites(found: Versioned<ChangeRecord>, next: ChangeRecord): Change[] {
  const writes: Change[] = [
    { op: 'put', path: found.path, value: next, expect: { revision: found.revision } },
    outboxLine(next),
  ];
  if (found.value.state === 'awaiting') writes.push(notDueChange(found.value.expiresAt, CONFIRM_EXPIRY, next.id));
  if (isOver(next)) {
    writes.push({ op: 'del', path: openPath(next.id), expect: 'any' });
    writes.push(dueChange(next.createdAt + KEEP_CHANGES_MS, FORGET_CHANGE, next.id));
  }
  return writes;
}

function outboxLine(record: ChangeRecord): Change {
  return outboxChange({
    subjectKind: 'change',
    subjectId: record.id,
    generation: record.generation,
    channel: record.origin.channel,
    thread: record.origin.thread,
    since: record.createdAt,
  });
}
