import type { Part, Span } from '../chat/message.ts';
import type { Approvers } from '../config/approvals.ts';
import { timeOfDay } from '../time.ts';
import type { Approval, ChangeRecord, Vote } from './change.ts';

/** What a change's card says about the yes of others. Pure. */
export function approvalParts(record: ChangeRecord): Part[] {
  const { approval, state } = record;
  if (state === 'awaiting') return announced(record);
  if (!approval) return [];
  const votes = approval.votes.map(votePart);
  if (state !== 'approving') return votes;
  return [{ kind: 'text', spans: whoMust(approval) }, ...votes, { kind: 'text', spans: [silence(record, approval)] }];
}

/** What comes after the requester's own yes; nobody is called by name yet. */
function announced({ ahead, breakGlass }: ChangeRecord): Part[] {
  if (!ahead || breakGlass) return [];
  const { label, count } = ahead;
  const yes = count === 1 ? 'one other person' : `${count} other people`;
  return [{ kind: 'text', spans: [`Then ${yes} must approve it (${label}).`] }];
}

function whoMust(approval: Approval): Span[] {
  const { count, votes, approvers, escalation, escalatedAt } = approval;
  const yes = votes.filter(({ choice }) => choice === 'approve').length;
  const missing = count - yes;
  const words = `Needs ${missing}${yes > 0 ? ' more' : ''} ${missing === 1 ? 'approval' : 'approvals'}${count > 1 ? ` (${yes} of ${count})` : ''} by `;
  const spans: Span[] = [{ bold: words.trimEnd() }, ' ', ...namedApprovers(approvers)];
  if (escalation && escalatedAt !== undefined)
    spans.push(' · nobody decided, so now also ', ...namedApprovers(escalation.to));
  return spans;
}

/** What happens when nobody says anything. */
function silence({ expiresAt }: ChangeRecord, { escalateAt, escalatedAt, escalation }: Approval): string {
  const second =
    escalation && escalateAt !== undefined && escalatedAt === undefined
      ? ` If nobody decides by ${timeOfDay(escalateAt)}, others are asked, too.`
      : '';
  return `Nothing happens unless it is approved by ${timeOfDay(expiresAt)}.${second}`;
}

function votePart({ by, at, choice, comment }: Vote): Part {
  const verb = choice === 'approve' ? 'Approved by ' : 'Denied by ';
  const spans: Span[] = [verb, { person: by.user }, ` at ${timeOfDay(at)}`];
  return { kind: 'text', spans: comment ? [...spans, `: ${comment}`] : spans };
}

/** People and groups by their mention: `@grace or @payments`. */
export function namedApprovers({ users, groups }: Approvers): Span[] {
  const each: Span[] = [
    ...users.map((user) => ({ person: user.slice(user.indexOf('/') + 1) })),
    ...groups.map((group) => ({ group })),
  ];
  return each.flatMap((span, index) => (index === 0 ? [span] : [' or ', span]));
}
