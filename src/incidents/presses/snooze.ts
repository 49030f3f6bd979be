import { UsageError } from '../../errors.ts';
import type { SnoozeWord } from '../card/buttons.ts';
import { mondayAt, tomorrowAt, type Wall } from '../desk/wall-time.ts';
import { HOUR, MINUTE } from '../rule.ts';

const MORNING: Wall = { hour: 9, minute: 0 };

/** Until when a choice of the Snooze menu lasts. Pure. @param zone the clicker's. @throws UsageError for an unknown word. */
export function snoozeUntil(
  word: string | undefined,
  now: number,
  zone: string,
): { readonly at: number; readonly isWallTime: boolean } {
  switch (word as SnoozeWord | undefined) {
    case '30m':
      return { at: now + 30 * MINUTE, isWallTime: false };
    case '2h':
      return { at: now + 2 * HOUR, isWallTime: false };
    case 'morning':
      return { at: tomorrowAt(now, MORNING, zone), isWallTime: true };
    case 'monday':
      return { at: mondayAt(now, MORNING, zone), isWallTime: true };
    default:
      throw new UsageError('This choice is no longer known.', { hint: 'Choose another, or type /alerts snooze.' });
  }
}
