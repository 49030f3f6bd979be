import type { ApprovalDemand } from '../access/gate.ts';
import type { Invocation, Person } from '../chat/invocation.ts';
import { ApprovalError } from '../errors.ts';
import type { Effect, Outcome, Plan } from './definition.ts';

/**
 * One asked-for change, from the plan to its end. The document in etcd is the truth; the Slack message and the BullMQ job are its shadows.
 *
 *   awaiting ──confirm──────────────────▶ queued ──start──▶ running ──finish──▶ succeeded | failed | unknown
 *      │  └──confirm──▶ approving ──votes──▶ │
 *      │                    ├──deny──▶ denied │
 *      ├──cancel──▶ cancelled ◀──────cancel───┘
 *      └──time────▶ expired ◀──time── approving
 *
 * `start` is the execution marker: from then on the one effect may have happened, and whoever finds the document running asks the
 * command's `verify` before acting. Every function is pure and returns the next document; the store writes it only if the stored one is
 * still the one that was read, so two buttons pressed at once, or two workers, cannot both win.
 */
export interface ChangeRecord {
  readonly schemaVersion: 1;
  readonly id: string;
  /** Grows with every transition; the message shows one generation, a button carries one. */
  readonly generation: number;
  readonly state: ChangeState;
  readonly command: string;
  /** The line as parsed, shown at the gate; never re-parsed. */
  readonly shown: string;
  readonly raw: string;
  readonly reason?: string | undefined;
  readonly person: Person;
  readonly origin: Pick<Invocation, 'surface' | 'channel' | 'thread' | 'responseUrl' | 'receivedAt'>;
  readonly plan: Plan;
  /** SHA-256 of the plan's canonical JSON: what was confirmed is what runs. */
  readonly digest: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The approval that it will need as far as could be seen when it was planned; what counts is asked at the requester's yes. */
  readonly ahead?: { readonly label: string; readonly count: number };
  /** Set from the requester's yes on, when others must say yes, too; see `approval.ts`. */
  readonly approval?: Approval;
  /** Asked for with `--break-glass`: done without the approval that it would have needed, and looked at afterwards. */
  readonly breakGlass?: boolean;
  readonly review?: Review;
  readonly decided?: { readonly by: Person; readonly at: number };
  /** The execution marker. `attempts` counts workers that took it up. */
  readonly marker?: { readonly worker: string; readonly at: number; readonly attempts: number };
  readonly effect?: Effect & { readonly at: number };
  readonly outcome?: Outcome & { readonly at: number; readonly hint?: string | undefined };
}

/** The request for others' yes. Votes are also keys of their own in etcd, one for each person, created once. */
export interface Approval extends ApprovalDemand {
  readonly askedAt: number;
  readonly votes: readonly Vote[];
  /** When nobody has decided by then, the second group is asked. */
  readonly escalateAt?: number | undefined;
  readonly escalatedAt?: number | undefined;
  /** Where a second card stands. */
  readonly channel?: string | undefined;
}

export interface Vote {
  readonly by: Person;
  readonly at: number;
  readonly choice: 'approve' | 'deny';
  readonly comment?: string | undefined;
  /** Of the plan that was on the card. */
  readonly digest: string;
}

/** The look after a broken glass: open until somebody else signs. */
export interface Review {
  /** What the approval would have been. */
  readonly skipped: string;
  readonly channel: string;
  readonly signed?: { readonly by: Person; readonly at: number };
}

export type ChangeState =
  | 'awaiting'
  | 'approving'
  | 'queued'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'denied'
  | 'expired'
  | 'unknown';

export const CONFIRM_WINDOW_MS = 10 * 60_000;

export function isOver(record: ChangeRecord): boolean {
  return !['awaiting', 'approving', 'queued', 'running'].includes(record.state);
}

/** @throws ApprovalError when it is not this person's to confirm, or no longer open. */
export function confirm(record: ChangeRecord, by: Person, now: number): ChangeRecord {
  if (!isSame(record.person, by)) {
    throw new ApprovalError('Only the person who asked can confirm this.', {
      hint: 'Type the command yourself if you want it done.',
    });
  }
  if (record.state !== 'awaiting')
    throw new ApprovalError(`This is ${describeState(record.state)} already.`, { hint: 'Nothing more was done.' });
  if (now >= record.expiresAt)
    throw new ApprovalError('This expired before it was confirmed; nothing was changed.', {
      hint: 'Run the command again.',
    });
  return next(record, { state: 'queued', decided: { by, at: now } });
}

/** Stopping is safe, so anybody who may use Shipmate can do it. @throws ApprovalError once it has started or ended. */
export function cancel(record: ChangeRecord, by: Person, now: number): ChangeRecord {
  if (record.state === 'running')
    throw new ApprovalError('Too late to cancel: it has started.', {
      hint: record.plan.undo ? `When it is done, ${record.plan.undo} takes it back.` : 'Wait for its outcome.',
    });
  if (isOver(record))
    throw new ApprovalError(`This is ${describeState(record.state)} already.`, { hint: 'Nothing more was done.' });
  return next(record, { state: 'cancelled', decided: { by, at: now } });
}

/** Silence means no. @returns undefined when there is nothing to expire. */
export function expire(record: ChangeRecord, now: number): ChangeRecord | undefined {
  const isWaiting = record.state === 'awaiting' || record.state === 'approving';
  return isWaiting && now >= record.expiresAt ? next(record, { state: 'expired' }) : undefined;
}

/** Writes the execution marker, anew for each worker that takes the job up. @returns undefined when it is not to be run. */
export function start(record: ChangeRecord, worker: string, now: number): ChangeRecord | undefined {
  if (record.state !== 'queued' && record.state !== 'running') return undefined;
  return next(record, { state: 'running', marker: { worker, at: now, attempts: (record.marker?.attempts ?? 0) + 1 } });
}

export function acted(record: ChangeRecord, effect: Effect, now: number): ChangeRecord {
  return next(record, { effect: { ...effect, at: now } });
}

export function finish(
  record: ChangeRecord,
  outcome: Outcome & { hint?: string | undefined },
  now: number,
): ChangeRecord {
  return next(record, { state: outcome.status, outcome: { ...outcome, at: now } });
}

export function isSame(a: Person, b: Person): boolean {
  return a.user === b.user && a.team === b.team && a.enterprise === b.enterprise;
}

export function describeState(state: ChangeState): string {
  if (state === 'awaiting') return 'waiting for confirmation';
  return state === 'approving' ? 'waiting for approval' : state;
}

/** The next generation. */
export function next(record: ChangeRecord, fields: Partial<ChangeRecord>): ChangeRecord {
  return { ...record, ...fields, generation: record.generation + 1 };
}
