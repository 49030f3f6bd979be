import type { Access } from '../access/access.ts';
import type { ButtonPress, Person } from '../chat/invocation.ts';
import { ApprovalError } from '../errors.ts';
import type { Clock } from '../time.ts';
import { voided, vote, voteOf } from './approval.ts';
import { driftOf, mustBeApprover } from './approval-check.ts';
import { type ChangeRecord, expire, type Vote } from './change.ts';
import type { Changes } from './changes.ts';

export interface VoteDeps {
  readonly access: Pick<Access, 'gate' | 'isOneOf' | 'isAdministrator' | 'may' | 'standing'>;
  readonly changes: Changes;
  readonly clock: Clock;
  /** Queues the approved change; best effort, the sweeper repairs. */
  enqueue(record: ChangeRecord): Promise<void>;
}

/**
 * Counts one person's vote. Everything is looked up anew: whether the request is open, whether its rule is still the one that was asked
 * for, whether this person is an approver now. Of two votes at the same moment one is written after the other, on whichever replica.
 * @throws ApprovalError, PermissionError: told to the voter alone.
 */
export async function castVote(
  id: string,
  by: Person,
  choice: Vote['choice'],
  comment: string | undefined,
  deps: VoteDeps,
): Promise<void> {
  const { changes, access, clock } = deps;
  const found = (await changes.get(id))?.value;
  if (!found)
    throw new ApprovalError('This request is no longer known; nothing was done.', { hint: 'Run the command again.' });
  await mustBeApprover(found, by, access);
  if (await changes.apply(id, (record) => expire(record, clock())))
    throw new ApprovalError('This expired before you decided; nothing was changed.', {
      hint: 'Whoever needs it can run the command again.',
    });
  try {
    const record = await changes.apply(id, (current) => {
      const why = current.state === 'approving' ? driftOf(current, access) : undefined;
      if (why !== undefined) return voided(current, why, clock());
      return vote(current, { by, at: clock(), choice, comment });
    });
    if (record?.state === 'queued') await deps.enqueue(record);
  } catch (thrown) {
    // A double click, or the same press delivered twice: the card already shows this vote.
    const now = (await changes.get(id))?.value;
    if (thrown instanceof ApprovalError && now && voteOf(now, by)?.choice === choice) return;
    throw thrown;
  }
}

export function subjectOf({ value }: Pick<ButtonPress, 'value'>): string {
  return value.split('.')[0] as string;
}
