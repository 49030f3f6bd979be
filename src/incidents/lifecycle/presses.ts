import type { Person } from '../../chat/invocation.ts';
import { ConflictError, UsageError } from '../../errors.ts';
import { timeOfDay } from '../../time.ts';
import type { Incident, Step } from '../incident.ts';
import { DAY } from '../rule.ts';
import { said } from './line.ts';
import { resolved } from './resolve.ts';

/** What people do to an incident, as steps for `Book.apply`. They throw what the person is told. */

const LONGEST_SNOOZE_MS = 7 * DAY;

/**
 * Takes it. Doing so twice is nothing.
 * @param isTakenOver also when somebody else has it. @throws ConflictError when it is over, or somebody else has it.
 */
export function acked(by: Person, isTakenOver = false): Step {
  return (incident, now) => {
    mustBeOpen(incident, 'acked');
    const { ack } = incident;
    if (ack && isSame(ack.by, by)) return undefined;
    if (ack && !isTakenOver) {
      throw new ConflictError(`Somebody else has had ${incident.id} since ${timeOfDay(ack.at)}.`, {
        hint: `Its message says who. To take it over: /alerts ack ${incident.id} --take-over`,
      });
    }
    return said({ ...incident, ack: { by, at: now } }, now, ack ? 'Taken over.' : 'Acked.', { by });
  };
}

/**
 * Asks nobody about it until then, unless it gets worse.
 * @param until epoch ms. @throws UsageError when that is past or more than 7 days away; ConflictError when it is over.
 */
export function snoozed(by: Person, until: number): Step {
  return (incident, now) => {
    mustBeOpen(incident, 'snoozed');
    if (until <= now || until > now + LONGEST_SNOOZE_MS) {
      throw new UsageError('A snooze ends in the future, at most 7 days from now.', {
        hint: `For example: /alerts snooze ${incident.id} 2h`,
      });
    }
    const text = `Snoozed until ${wallTime(until)}, or until it gets worse.`;
    return said({ ...incident, snooze: { by, until } }, now, text, { by });
  };
}

/** The snooze's time has come. */
export const snoozeOver: Step = (incident, now) => {
  if (!incident.snooze || incident.snooze.until > now) return undefined;
  const { by } = incident.snooze;
  return said({ ...incident, snooze: undefined }, now, 'The snooze is over, and it still fails.', { isLoud: true, by });
};

/** Asks somebody. @param to user or group ids, separated by spaces. @throws ConflictError when it is over. */
export function escalated(by: Person | 'shipmate', to: string): Step {
  return (incident, now) => {
    mustBeOpen(incident, 'escalated');
    const next = { ...incident, snooze: undefined, escalations: [...incident.escalations, { by, at: now, to }] };
    return said(next, now, `Escalated to ${to}.`, { isLoud: true, ...(by !== 'shipmate' && { by }) });
  };
}

/** Says that it is done, whether it still fails or not. @throws ConflictError when it is over. */
export function resolvedByHand(by: Person, why?: string): Step {
  return (incident, now) => {
    mustBeOpen(incident, 'resolved');
    return resolved(incident, { how: 'by-hand', by, why }, now);
  };
}

/** Says that it should not have been told; for the statistics of its rules. Also when it is over. */
export function markedNoise(by: Person, why: string): Step {
  return (incident, now) => {
    const text = `Marked as noise${why === '' ? '' : `: ${why}`}.`;
    return said({ ...incident, noise: { by, at: now, why } }, now, text, { by });
  };
}

/** Slack has taken its message. Makes no new generation. */
export function told(at: number): Step {
  return (incident) => (incident.notifiedAt === undefined ? { ...incident, notifiedAt: at } : undefined);
}

/** A line from elsewhere, such as what became of a button's command. */
export function noted(text: string, by?: Person): Step {
  return (incident, now) => said(incident, now, text, { by });
}

function mustBeOpen(incident: Incident, done: string): void {
  if (incident.status === 'firing') return;
  throw new ConflictError(
    `${incident.id} has been over since ${timeOfDay(incident.resolvedAt ?? incident.openedAt)}; it cannot be ${done}.`,
    { hint: 'Nothing to do. `/alerts list` shows what is open.' },
  );
}

function isSame(a: Person, b: Person): boolean {
  return a.user === b.user && a.team === b.team;
}

function wallTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
