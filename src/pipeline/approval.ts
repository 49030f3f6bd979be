import type { ApprovalDemand } from '../access/gate.ts';
import type { Person } from '../chat/invocation.ts';
import { ApprovalError } from '../errors.ts';
import { type Approval, type ChangeRecord, confirm, describeState, isSame, next, type Vote } from './change.ts';

/** The yes of others: pure transitions of a change, like those of `change.ts`. What is approved is the plan with the record's digest. */

/** The requester said yes; now the others are asked. @throws ApprovalError as `confirm` does. */
export function askOthers(
  record: ChangeRecord,
  by: Person,
  now: number,
  demand: ApprovalDemand,
  channel: string | undefined,
): ChangeRecord {
  const confirmed = confirm(record, by, now);
  const approval: Approval = {
    ...demand,
    askedAt: now,
    votes: [],
    ...(demand.escalation && { escalateAt: now + demand.escalation.afterMs }),
    ...(channel !== undefined && channel !== record.origin.channel && { channel }),
  };
  return { ...confirmed, state: 'approving', approval, expiresAt: now + demand.expiresMs };
}

/**
 * One person's vote. The first no ends it, the last yes that was needed queues the change. Whether the person is an approver is asked
 * before, of the policy.
 * @throws ApprovalError for one's own request, a second vote, and what is no longer open.
 */
export function vote(record: ChangeRecord, cast: Omit<Vote, 'digest'>): ChangeRecord {
  const { approval } = record;
  if (record.state !== 'approving' || !approval)
    throw new ApprovalError(`This is ${describeState(record.state)} already.`, { hint: 'Your vote was not counted.' });
  if (isOwn(record, cast.by))
    throw new ApprovalError('Nobody approves their own request.', {
      hint: cast.choice === 'deny' ? 'Press Withdraw instead.' : 'Ask one of the approvers named on the card.',
    });
  if (cast.at >= record.expiresAt)
    throw new ApprovalError('This expired before you decided; nothing was changed.', {
      hint: 'Whoever needs it can run the command again.',
    });
  if (voteOf(record, cast.by))
    throw new ApprovalError('You have decided about this already.', { hint: 'One vote each.' });
  // Two votes of one millisecond stay two entries in the audit.
  const at = Math.max(cast.at, (approval.votes.at(-1)?.at ?? 0) + 1);
  const votes = [...approval.votes, { ...cast, at, digest: record.digest }];
  const voted = { ...approval, votes };
  if (cast.choice === 'deny') return next(record, { approval: voted, state: 'denied', decided: { by: cast.by, at } });
  const isEnough = votes.length >= approval.count;
  return next(record, { approval: voted, ...(isEnough && { state: 'queued' as const, decided: { by: cast.by, at } }) });
}

/** Nobody decided: the second group may, too. @returns undefined when there is nothing to escalate. */
export function escalate(record: ChangeRecord, now: number): ChangeRecord | undefined {
  const { approval } = record;
  if (record.state !== 'approving' || approval?.escalateAt === undefined || approval.escalatedAt !== undefined) return;
  return now < approval.escalateAt ? undefined : next(record, { approval: { ...approval, escalatedAt: now } });
}

/** The request no longer holds. */
export function voided(record: ChangeRecord, why: string, now: number): ChangeRecord {
  return next(record, {
    state: 'failed',
    outcome: {
      status: 'failed',
      title: `The approval is void: ${why}; nothing was changed.`,
      hint: 'Run the command again: it is then asked for under the rules as they are now.',
      at: now,
    },
  });
}

/** A user id is one human within an organisation, whichever workspace they come from: a second workspace is no second person. */
export function isOwn(record: ChangeRecord, person: Person): boolean {
  return record.person.user === person.user;
}

export function voteOf(record: ChangeRecord, person: Person): Vote | undefined {
  return record.approval?.votes.find(({ by }) => isSame(by, person));
}

/** Everybody who may decide at this time. */
export function approversOf({ approvers, escalation, escalatedAt }: Approval): ApprovalDemand['approvers'] {
  if (escalatedAt === undefined || !escalation) return approvers;
  return {
    users: [...new Set([...approvers.users, ...escalation.to.users])],
    groups: [...new Set([...approvers.groups, ...escalation.to.groups])],
  };
}
