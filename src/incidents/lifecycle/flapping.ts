import type { Incident } from '../incident.ts';
import { HOUR, MINUTE } from '../rule.ts';

/** So many ends and beginnings within an hour are flapping. */
const FLAPS = 4;
const KEPT = 20;
/** What flaps must be well for so long before it is called over. */
export const FLAPPING_HOLD_DOWN_MS = 10 * MINUTE;

/** The incident's ends and beginnings with one more, and whether that is flapping. */
export function turned(transitions: readonly number[], now: number): Pick<Incident, 'transitions' | 'isFlapping'> {
  const all = [...recent(transitions, now), now].slice(-KEPT);
  return { transitions: all, isFlapping: all.length >= FLAPS };
}

function isFlappingAt(transitions: readonly number[], now: number): boolean {
  return recent(transitions, now).length >= FLAPS;
}

/** When it stops counting as flapping if nothing more happens. */
export function calmAt({ isFlapping, transitions }: Incident): number | undefined {
  const decisive = transitions.at(-FLAPS);
  return isFlapping && decisive !== undefined ? decisive + HOUR : undefined;
}

/** Step: the badge goes when it has been calm for long enough. */
export function calmed(incident: Incident, now: number): Incident | undefined {
  if (!incident.isFlapping || isFlappingAt(incident.transitions, now)) return undefined;
  return { ...incident, isFlapping: false };
}

function recent(transitions: readonly number[], now: number): number[] {
  return transitions.filter((at) => at > now - HOUR);
}
