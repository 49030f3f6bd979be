import type { Button, Message, Part, Status } from '../chat/message.ts';
import { timeOfDay } from '../time.ts';
import { approvalParts } from './approval-card.ts';
import { type ChangeRecord, isOver } from './change.ts';

/** How far a running change is; lives in the worker's memory only. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly waiting: string;
}

const STATUS: Record<ChangeRecord['state'], Status> = {
  awaiting: 'needs-confirmation',
  approving: 'needs-approval',
  queued: 'queued',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  denied: 'denied',
  expired: 'expired',
  unknown: 'unknown',
};

/** The one Slack message of a change, for its present state. Pure. */
export function changeCard(record: ChangeRecord, progress?: Progress): Message {
  return {
    status: STATUS[record.state],
    title: titleOf(record),
    parts: [
      ...whereAndWho(record),
      ...whatChanges(record),
      ...approvalParts(record),
      ...howFar(record, progress),
      ...howItEnded(record),
    ],
    buttons: buttonsOf(record),
    footer: footerOf(record),
    metadata: { invocation: record.id, generation: record.generation },
  };
}

/** Production is said first, also in the notification and on the buttons: the wrong cluster is the commonest mistake there is. */
function titleOf(record: ChangeRecord): string {
  const title = record.outcome?.title ?? record.plan.summary;
  return record.plan.isProduction ? `PROD: ${title}` : title;
}

/** What the confirming button says: "Scale web to 5 in PROD". Pure. */
export function confirmLabel(record: ChangeRecord): string {
  return record.plan.isProduction ? `${record.plan.confirm} in PROD` : record.plan.confirm;
}

function whereAndWho(record: ChangeRecord): Part[] {
  const { plan } = record;
  const where = plan.cluster
    ? { label: 'Cluster', value: place(plan.cluster, plan.isProduction) }
    : { label: 'etcd', value: place(plan.etcd ?? '', plan.isProduction) };
  const fields: { label: string; value: string | { person: string } }[] = [where];
  if (plan.namespace) fields.push({ label: 'Namespace', value: plan.namespace });
  fields.push({ label: 'Asked by', value: { person: record.person.user } });
  if (record.decided && !record.approval && record.decided.by.user !== record.person.user) {
    fields.push({
      label: record.state === 'cancelled' ? 'Cancelled by' : 'Decided by',
      value: { person: record.decided.by.user },
    });
  }
  if (record.breakGlass)
    fields.push({
      label: 'Break glass',
      value: record.review
        ? `skipped ${record.review.skipped}`
        : 'skips the approval, if it needs one; somebody reviews it afterwards',
    });
  if (record.reason) fields.push({ label: 'Reason', value: record.reason });
  return [
    { kind: 'text', spans: [{ code: record.shown }] },
    { kind: 'fields', fields },
  ];
}

function place(name: string, isProduction: boolean | undefined): string {
  return isProduction ? `${name} (PROD)` : name;
}

function whatChanges(record: ChangeRecord): Part[] {
  const { plan } = record;
  const parts: Part[] = [];
  if (plan.changes.length > 0) parts.push({ kind: 'diff', entries: plan.changes });
  if (['awaiting', 'approving', 'queued'].includes(record.state)) {
    if (plan.targets.length > 1) parts.push({ kind: 'list', items: shortened(plan.targets) });
    if (plan.warnings.length > 0) parts.push({ kind: 'list', items: plan.warnings.map((warning) => `⚠️ ${warning}`) });
  }
  if (record.state === 'awaiting') {
    parts.push({ kind: 'text', spans: [`Nothing happens unless you confirm by ${timeOfDay(record.expiresAt)}.`] });
  }
  return parts;
}

function shortened(targets: readonly string[]): string[] {
  return targets.length <= 10
    ? [...targets]
    : [...targets.slice(0, 10), `… and ${targets.length - 10} more, ${targets.length} in all`];
}

function howFar(record: ChangeRecord, progress: Progress | undefined): Part[] {
  if (record.state !== 'running') return [];
  const said: Part[] = record.effect
    ? [{ kind: 'output', text: record.effect.said, filename: 'result.txt', mayUpload: false }]
    : [];
  if (!progress) return said;
  return [...said, { kind: 'progress', done: progress.done, total: progress.total, label: progress.waiting }];
}

function howItEnded(record: ChangeRecord): Part[] {
  if (record.state === 'expired') {
    const what = record.approval ? 'decided' : 'confirmed';
    return [{ kind: 'text', spans: [`Nobody ${what} in time; nothing was changed.`] }];
  }
  if (record.state === 'cancelled' || record.state === 'denied')
    return [{ kind: 'text', spans: ['Nothing was changed.'] }];
  if (!record.outcome) return [];
  const parts: Part[] =
    record.effect && record.effect.said !== record.outcome.title
      ? [{ kind: 'output', text: record.effect.said, filename: 'result.txt', mayUpload: false }]
      : [];
  parts.push(...(record.outcome.message?.parts ?? []));
  if (record.outcome.hint) parts.push({ kind: 'text', spans: [record.outcome.hint] });
  if (record.effect && record.plan.undo)
    parts.push({ kind: 'text', spans: ['To take it back: ', { code: record.plan.undo }] });
  return parts;
}

function buttonsOf(record: ChangeRecord): Button[] {
  const value = `${record.id}.${record.generation}`;
  const cancelButton: Button = { action: 'cancel', label: 'Cancel', value };
  if (record.state === 'queued') return [cancelButton];
  if (record.state === 'approving') {
    return [
      { action: 'approve', label: `Approve: ${confirmLabel(record)}`, value, style: 'primary' },
      { action: 'deny', label: 'Deny', value, style: 'danger' },
      { action: 'cancel', label: 'Withdraw', value },
    ];
  }
  if (record.state !== 'awaiting') return [];
  return [
    {
      action: 'confirm',
      label: confirmLabel(record),
      value,
      style: record.plan.risk === 'destructive' ? 'danger' : 'primary',
    },
    cancelButton,
  ];
}

function footerOf(record: ChangeRecord): string {
  const took =
    isOver(record) && record.outcome && record.decided
      ? ` · took ${seconds(record.outcome.at - record.decided.at)}`
      : '';
  return `${record.id} · ${timeOfDay(record.outcome?.at ?? record.decided?.at ?? record.createdAt)}${took}`;
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)}s` : `${Math.round(ms / 1_000)}s`;
}
