import type { Audit } from '../access/audit/audit.ts';
import type { Draft, EntryType } from '../access/audit/entry.ts';
import type { Invocation } from '../chat/invocation.ts';
import type { Message } from '../chat/message.ts';
import { outboxChange } from '../state/outbox.ts';
import type { Change } from '../state/store.ts';
import type { ChangeRecord } from './change.ts';
import type { Rendering } from './courier.ts';

/** What the audit says of a change's steps. A step that is not named here is called by the state that it led to. */
const STEPS: Partial<Record<ChangeRecord['state'], EntryType>> = {
  awaiting: 'planned',
  approving: 'confirmed',
  queued: 'confirmed',
  succeeded: 'outcome',
  failed: 'outcome',
  unknown: 'outcome',
};

const MAX_EFFECT = 2_000;

/** The kind of the outbox rows and cards of the audit channel. */
export const AUDIT_LINE = 'audit';

/**
 * The writes that belong into the transaction of a step: its entry in the audit, and at the end the line for the audit channel.
 * Running is no step of its own: the intent is written by whoever is about to act.
 * @param channel the audit channel, if there is one.
 */
export function stepWrites(
  audit: Pick<Audit, 'pending'>,
  channel: string | undefined,
): (before: ChangeRecord | undefined, after: ChangeRecord) => readonly Change[] {
  return (before, after) => {
    const votes = newVotes(before, after).map((draft) => audit.pending(draft));
    if (after.review?.signed && !before?.review?.signed) {
      const { by, at } = after.review.signed;
      return [audit.pending({ ...draftOf(after, 'reviewed'), at, who: by })];
    }
    if (before?.state === after.state || after.state === 'running') return votes;
    // The last vote is the step itself.
    if (votes.length > 0) return votes;
    const entry = audit.pending({ ...draftOf(after, STEPS[after.state] ?? after.state), ...step(after) });
    if (channel === undefined || !after.outcome) return [entry];
    const { id, generation, outcome } = after;
    return [entry, outboxChange({ subjectKind: AUDIT_LINE, subjectId: id, generation, channel, since: outcome.at })];
  };
}

/** Before acting. */
export function intentOf(record: ChangeRecord, now: number): Draft {
  const { worker, attempts } = record.marker ?? {};
  return { ...draftOf(record, 'intent'), at: now, said: record.plan.summary, detail: { worker, attempts } };
}

function draftOf(record: ChangeRecord, type: EntryType): Draft & { invocation: string } {
  const { plan } = record;
  return {
    type,
    at: record.createdAt,
    invocation: record.id,
    who: record.person,
    command: record.command,
    typed: record.raw,
    parsed: record.shown,
    where: { cluster: plan.cluster, namespace: plan.namespace, etcd: plan.etcd, channel: record.origin.channel },
    targets: plan.targets,
    digest: record.digest,
    reason: record.reason,
  };
}

function newVotes(before: ChangeRecord | undefined, after: ChangeRecord): (Draft & { invocation: string })[] {
  const { approval } = after;
  const cast = approval?.votes.slice(before?.approval?.votes.length ?? 0) ?? [];
  return cast.map(({ by, at, choice, comment, digest }) => ({
    ...draftOf(after, choice === 'approve' ? 'approved' : 'denied'),
    at,
    who: by,
    digest,
    said: comment,
    detail: { rule: approval?.label, votes: approval?.votes.length, needed: approval?.count },
  }));
}

/** What only this step knows: who, when, how it ended. */
function step(record: ChangeRecord): Partial<Draft> {
  if (record.outcome) {
    const { outcome, effect } = record;
    const calls = outcome.calls?.length ? outcome.calls : effect?.calls;
    const said = effect && effect.said !== outcome.title ? `${effect.said}; ${outcome.title}` : outcome.title;
    return { at: outcome.at, result: outcome.status, said, calls, detail: { effect: small(effect?.data) } };
  }
  if (record.state === 'expired') return { at: record.expiresAt };
  if (record.state === 'awaiting') return { said: record.plan.summary, detail: { risk: record.plan.risk } };
  const detail = record.review && { breakGlass: true, skipped: record.review.skipped };
  return record.decided ? { at: record.decided.at, who: record.decided.by, ...(detail && { detail }) } : {};
}

/** Generations and revisions, not lists of what was touched: those are the targets. */
function small(data: unknown): unknown {
  return data !== undefined && JSON.stringify(data).length > MAX_EFFECT ? undefined : data;
}

/** The line in the audit channel. Pure. */
export function auditLine(record: ChangeRecord | undefined, channel: string | undefined): Rendering | undefined {
  if (!record?.outcome || channel === undefined) return undefined;
  const { plan, outcome } = record;
  const place = [plan.cluster ?? plan.etcd, plan.isProduction ? '(PROD)' : undefined, plan.namespace];
  const message: Message = {
    status: outcome.status,
    title: `${record.shown} — ${outcome.title}`,
    parts: [
      {
        kind: 'text',
        spans: [{ person: record.person.user }, ` · ${place.filter(Boolean).join(' ')}`, reason(record)],
      },
    ],
    footer: `${record.id} · ${new Date(outcome.at).toISOString()}`,
    metadata: { ...auditMetadata(record.id), generation: record.generation },
  };
  return {
    generation: record.generation,
    message,
    channel,
    fallbackUser: record.person.user,
    since: outcome.at,
    metadata: auditMetadata(record.id),
  };
}

function reason({ reason: why }: ChangeRecord): string {
  return why === undefined ? '' : ` · ${why}`;
}

/** Not the change's own, which may stand in the same channel. */
function auditMetadata(id: string): { invocation: string } {
  return { invocation: `${id}.audit` };
}

/** A line that was typed, for reads and refusals. */
export function typedDraft(invocation: Invocation, command: string, at: number): Omit<Draft, 'type'> {
  const { id, person, raw, channel } = invocation;
  return { at, invocation: id, who: person, typed: raw, command, where: { channel } };
}
