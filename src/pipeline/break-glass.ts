import type { Person } from '../chat/invocation.ts';
import type { Message } from '../chat/message.ts';
import { ApprovalError, UsageError } from '../errors.ts';
import { timeOfDay } from '../time.ts';
import { isOwn } from './approval.ts';
import { changeCard } from './card.ts';
import { type ChangeRecord, confirm, next } from './change.ts';

/** Acting at once where others should have been asked: it needs a right of its own and a reason, and somebody looks at it afterwards. */
export const BREAK_GLASS = 'shipmate:break-glass';

/** @throws UsageError without a reason. */
export function mustHaveReason(reason: string | undefined): void {
  if (reason !== undefined && reason.trim() !== '') return;
  throw new UsageError('--break-glass needs a reason.', { hint: 'Add --reason "what is on fire".' });
}

/** @param skipped the approval that it would have needed. @param channel where it is announced; default where it was asked for. */
export function breakGlass(
  record: ChangeRecord,
  by: Person,
  now: number,
  skipped: string,
  channel: string | undefined,
): ChangeRecord {
  return { ...confirm(record, by, now), review: { skipped, channel: channel ?? record.origin.channel } };
}

/** Somebody else has looked at it. @throws ApprovalError for one's own, and for what is signed already. */
export function sign(record: ChangeRecord, by: Person, now: number): ChangeRecord {
  const { review } = record;
  if (!review) throw new ApprovalError('There is nothing to review here.', { hint: 'No glass was broken.' });
  if (review.signed)
    throw new ApprovalError('This has been reviewed already.', { hint: 'Its card shows who signed it.' });
  if (isOwn(record, by))
    throw new ApprovalError('Nobody reviews what they did themselves.', { hint: 'Ask somebody else to look at it.' });
  return next(record, { review: { ...review, signed: { by, at: now } } });
}

/** The announcement, which stays open until somebody signs. Pure. */
export function reviewCard(record: ChangeRecord): Message | undefined {
  const { review, person, reason } = record;
  if (!review) return undefined;
  const card = changeCard(record);
  const { signed } = review;
  return {
    ...card,
    parts: [
      {
        kind: 'text',
        spans: [
          { bold: 'Glass broken' },
          ' by ',
          { person: person.user },
          `: ${reason ?? ''}. Skipped: ${review.skipped}.`,
        ],
      },
      ...(card.parts ?? []),
      {
        kind: 'text',
        spans: signed
          ? ['Reviewed by ', { person: signed.by.user }, ` at ${timeOfDay(signed.at)}`]
          : ['Somebody else must look at this and sign; until then it stays open.'],
      },
    ],
    buttons: signed ? [] : [{ action: 'sign', label: 'Sign the review', value: `${record.id}.${record.generation}` }],
    metadata: { invocation: `${record.id}.review`, generation: record.generation },
  };
}
