import type { MessageRef } from '../chat/invocation.ts';
import type { Message } from '../chat/message.ts';
import { UnavailableError } from '../errors.ts';
import { outboxChange } from '../state/outbox.ts';
import type { Change } from '../state/store.ts';
import { timeOfDay } from '../time.ts';
import { namedApprovers } from './approval-card.ts';
import type { ChangeRecord } from './change.ts';
import type { Rendering } from './courier.ts';

/** The outbox kinds of the replies that call the approvers, and later the second group. */
export const SUMMONS = 'summons';
export const SECOND_SUMMONS = 'second-summons';
type Kind = typeof SUMMONS | typeof SECOND_SUMMONS;

/**
 * Whom a step of a change calls. Slack notifies nobody of an edit: where the request has no card of its own that is posted anew, and when it
 * is escalated, a reply in the thread calls people by name. Pure.
 */
export function summonsOf(before: ChangeRecord | undefined, after: ChangeRecord): Kind | undefined {
  const { approval } = after;
  if (after.state !== 'approving' || !approval) return undefined;
  if (before?.state !== 'approving') return approval.channel === undefined ? SUMMONS : undefined;
  return approval.escalatedAt !== before.approval?.escalatedAt ? SECOND_SUMMONS : undefined;
}

/** The outbox row, written in the transaction of the step. */
export function summonsWrites(before: ChangeRecord | undefined, after: ChangeRecord): readonly Change[] {
  const kind = summonsOf(before, after);
  if (kind === undefined) return [];
  const channel = after.approval?.channel ?? after.origin.channel;
  const since = after.approval?.escalatedAt ?? after.approval?.askedAt ?? after.createdAt;
  return [outboxChange({ subjectKind: kind, subjectId: after.id, generation: after.generation, channel, since })];
}

/**
 * @param card where the request's message is.
 * @returns undefined once it was decided: nobody is called for nothing.
 * @throws UnavailableError while the message is not in Slack yet; the row waits.
 */
export function renderSummons(
  kind: Kind,
  record: ChangeRecord | undefined,
  card: MessageRef | undefined,
): Rendering | undefined {
  const { approval } = record ?? {};
  if (!record || !approval || record.state !== 'approving') return undefined;
  if (!card) throw new UnavailableError('The message to reply to is not in Slack yet.');
  const { generation } = record;
  const called = kind === SUMMONS ? approval.approvers : approval.escalation?.to;
  if (!called) return undefined;
  const why = kind === SUMMONS ? 'your approval is asked for' : 'nobody has decided yet, so you are asked';
  const message: Message = {
    status: 'needs-approval',
    title: record.plan.summary,
    parts: [
      {
        kind: 'text',
        spans: [
          ...namedApprovers(called),
          `: ${why}. It is off at ${timeOfDay(record.expiresAt)}. The buttons are above.`,
        ],
      },
    ],
    metadata: { request: `${kind}-${record.id}`, generation },
  };
  return {
    generation,
    message,
    channel: card.channel,
    thread: approval.channel === undefined ? (record.origin.thread ?? card.ts) : card.ts,
    fallbackUser: record.person.user,
    since: approval.askedAt,
    metadata: { request: `${kind}-${record.id}` },
  };
}
