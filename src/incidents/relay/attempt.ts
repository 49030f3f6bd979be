import type { Delivery, OutgoingAlert, Target } from '../../bridges/alert.ts';
import type { RelayRow, Told } from './rows.ts';

/** Tried in vain for so long, a row is a dead letter, ms. What it tells of may be older. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5 * 60_000;

/**
 * What must be sent so that the other side knows what is true: an end or an acknowledgement of something it never heard of begins with the
 * beginning (PagerDuty drops the others). Nothing, where it knows already. Pure.
 */
export function toSend(alert: OutgoingAlert, told: Told | undefined): readonly OutgoingAlert[] {
  const isKnown = told !== undefined && told.status !== 'resolved';
  if (told?.status === alert.status && told.severity === alert.severity) return [];
  if (alert.status === 'firing') return [alert];
  // It never heard of it, or heard its end: there is nothing to take back.
  if (told?.status === 'resolved' && alert.status === 'resolved') return [];
  return isKnown ? [alert] : [{ ...alert, status: 'firing' }, alert];
}

export type Next =
  | { readonly kind: 'told' }
  | { readonly kind: 'again'; readonly row: RelayRow }
  | { readonly kind: 'dead'; readonly row: RelayRow };

/**
 * What becomes of a row after an attempt. Waits double from 1 s to 5 min, ± 20 % so that many rows do not come at once; `Retry-After` wins.
 * @param chance in [0, 1).
 */
export function afterAttempt(row: RelayRow, delivery: Delivery, now: number, chance: number): Next {
  if (delivery.ok) return { kind: 'told' };
  const attempts = row.attempts + 1;
  const failingSince = row.failingSince ?? now;
  const failed = { ...row, attempts, failingSince, error: delivery.error };
  if (delivery.permanent || now - failingSince >= GIVE_UP_AFTER_MS) return { kind: 'dead', row: failed };
  const backoff = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 20)) * (0.8 + 0.4 * chance);
  return { kind: 'again', row: { ...failed, notBefore: now + Math.round(delivery.retryAfterMs ?? backoff) } };
}

/**
 * Names one delivery, the same for every attempt of it: receivers recognise a repetition.
 *
 * A beginning that nobody is known to have heard is the first one, whatever has happened since: it may have arrived just before a crash,
 * and comes again before the news that has replaced its row.
 */
export function deliveryId(
  target: Pick<Target, 'name'>,
  alert: Pick<OutgoingAlert, 'dedupKey' | 'status' | 'severity'>,
  since: number,
  told: Told | undefined,
): string {
  const stamp = alert.status === 'firing' && told === undefined ? 'first' : since;
  return `${target.name}.${alert.dedupKey}.${alert.status}.${alert.severity}.${stamp}`;
}
