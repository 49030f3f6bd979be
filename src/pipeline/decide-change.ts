import type { Person } from '../chat/invocation.ts';
import { ApprovalError } from '../errors.ts';
import { askOthers } from './approval.ts';
import { breakGlass } from './break-glass.ts';
import { type ChangeRecord, confirm, expire, isSame } from './change.ts';
import type { VoteDeps } from './votes.ts';

/** Somebody's gesture about one change: a button, or a submitted dialog. */
export interface Gesture {
  readonly action: string;
  readonly person: Person;
  /** Absent or empty on App Home and in dialogs. */
  readonly channel?: string | undefined;
}

export interface DecideDeps extends VoteDeps {
  /** The person's right to use the command that the button belongs to. @throws PermissionError */
  authoriseChange(gesture: Gesture, record: ChangeRecord): Promise<void>;
  /** Where approvals are asked for, beside the channel of the command. */
  readonly approvalsChannel: string | undefined;
  /** Where a broken glass is announced. */
  readonly auditChannel: string | undefined;
}

export type Transition = (record: ChangeRecord, by: Person, now: number, deps: DecideDeps) => ChangeRecord;

/** The requester's yes: the change is queued, or others are asked. */
export function confirmed(record: ChangeRecord, by: Person, now: number, deps: DecideDeps): ChangeRecord {
  const { approval } = deps.access.gate(record.plan);
  if (!approval) return confirm(record, by, now);
  if (record.breakGlass) return breakGlass(record, by, now, approval.label, deps.auditChannel ?? deps.approvalsChannel);
  return askOthers(record, by, now, approval, deps.approvalsChannel);
}

/**
 * Confirms or cancels, once: the right of the one who clicks, the state and the clock are looked up anew.
 * @throws ApprovalError, PermissionError: told to the clicker alone.
 */
export async function decideChange(
  id: string,
  gesture: Gesture,
  deps: DecideDeps,
  transition: Transition,
): Promise<void> {
  const found = await deps.changes.get(id);
  if (!found)
    throw new ApprovalError('This change is no longer known; nothing was done.', { hint: 'Run the command again.' });
  await deps.authoriseChange(gesture, found.value);
  if (await expireNow(id, deps))
    throw new ApprovalError('This expired before it was confirmed; nothing was changed.', {
      hint: 'Run the command again.',
    });
  try {
    const record = await deps.changes.apply(id, (current) => transition(current, gesture.person, deps.clock(), deps));
    if (record?.state === 'queued') await deps.enqueue(record);
  } catch (thrown) {
    // A double click, or the same press delivered twice: the message already shows what came of the first one.
    if (thrown instanceof ApprovalError && (await wasDecidedBy(id, gesture, deps))) return;
    throw thrown;
  }
}

async function expireNow(id: string, deps: DecideDeps): Promise<boolean> {
  return (await deps.changes.apply(id, (record) => expire(record, deps.clock()))) !== undefined;
}

async function wasDecidedBy(id: string, gesture: Gesture, deps: DecideDeps): Promise<boolean> {
  const record = (await deps.changes.get(id))?.value;
  if (record?.decided === undefined || !isSame(record.decided.by, gesture.person)) return false;
  return (record.state === 'cancelled') === (gesture.action === 'cancel');
}
