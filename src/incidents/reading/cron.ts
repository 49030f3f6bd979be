import { type CalendarSchedule, parseSchedule, type Schedule } from './cron-fields.ts';
import { instantsOf, offsetAt } from './zone.ts';

export { parseSchedule, type Schedule } from './cron-fields.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** As robfig/cron: what does not fire within five years never does (30 February). */
const HORIZON_DAYS = 5 * 366;

/**
 * When a schedule fires next, epoch ms, strictly after `after`; undefined: never. Exactly what the CronJob controller (robfig/cron v3)
 * computes: a time that clocks skip in spring does not fire that day, and one that they show twice in autumn fires twice. Libraries such
 * as cron-parser shift the one and drop the other, which would report healthy CronJobs as missed.
 */
export function nextFire(schedule: Schedule, after: number): number | undefined {
  if (schedule.kind === 'interval') return Math.floor(after / 1_000) * 1_000 + schedule.everyMs;
  const { timeZone } = schedule;
  const wall = after + offsetAt(timeZone, after);
  // One day early: where clocks go back over midnight, yesterday's wall times are still to come.
  let day = Math.floor(wall / DAY_MS) * DAY_MS - DAY_MS;
  for (let days = 0; days <= HORIZON_DAYS; days++, day += DAY_MS) {
    if (!isOnDay(schedule, day)) continue;
    const found = firstOnDay(schedule, day, after);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The `count`th fire after an instant (1 is the next one); undefined: it never comes. */
export function fireAfter(schedule: Schedule, after: number, count: number): number | undefined {
  let at: number | undefined = after;
  for (let n = 0; n < count && at !== undefined; n++) at = nextFire(schedule, at);
  return at;
}

/** Whether a schedule fires at exactly this minute. */
export function firesAt(schedule: Schedule, instant: number): boolean {
  const minute = Math.floor(instant / MINUTE_MS) * MINUTE_MS;
  return schedule.kind === 'interval' || nextFire(schedule, minute - 1) === minute;
}

const parsed = new Map<string, Schedule | undefined>();
const PARSED_KEPT = 5_000;

/** `parseSchedule` of a CronJob's spec, remembered: rules ask every few seconds. */
export function scheduleOf(spec: {
  readonly schedule: string;
  readonly timeZone?: string | undefined;
}): Schedule | undefined {
  const key = `${spec.timeZone ?? ''}|${spec.schedule}`;
  if (parsed.has(key)) return parsed.get(key);
  if (parsed.size >= PARSED_KEPT) parsed.clear();
  const schedule = parseSchedule(spec.schedule, spec.timeZone);
  parsed.set(key, schedule);
  return schedule;
}

function isOnDay(schedule: CalendarSchedule, day: number): boolean {
  const date = new Date(day);
  if (!schedule.months.has(date.getUTCMonth() + 1)) return false;
  const isDayOfMonth = schedule.daysOfMonth.has(date.getUTCDate());
  const isDayOfWeek = schedule.daysOfWeek.has(date.getUTCDay());
  return schedule.needsBothDays ? isDayOfMonth && isDayOfWeek : isDayOfMonth || isDayOfWeek;
}

/** @param day midnight of the wall clock, as if it were UTC. */
function firstOnDay(schedule: CalendarSchedule, day: number, after: number): number | undefined {
  const { timeZone } = schedule;
  const offset = offsetAt(timeZone, day - DAY_MS);
  const isOrdinary = offset === offsetAt(timeZone, day + 2 * DAY_MS);
  return isOrdinary ? firstOnOrdinaryDay(schedule, day - offset, after) : firstOnLongOrShortDay(schedule, day, after);
}

/** No clock is changed near it: wall time is a constant away. */
function firstOnOrdinaryDay(schedule: CalendarSchedule, midnight: number, after: number): number | undefined {
  for (const hour of schedule.hours) {
    const start = midnight + hour * HOUR_MS;
    if (start + HOUR_MS <= after) continue;
    for (const minute of schedule.minutes) {
      const instant = start + minute * MINUTE_MS;
      if (instant > after) return instant;
    }
  }
  return undefined;
}

/** A clock is changed within a day of it, so each wall time has none, one or two instants. Wall times out of reach are not looked up. */
function firstOnLongOrShortDay(schedule: CalendarSchedule, day: number, after: number): number | undefined {
  const { timeZone } = schedule;
  const offsets = [offsetAt(timeZone, day - DAY_MS), offsetAt(timeZone, day + 2 * DAY_MS)];
  const most = Math.max(...offsets);
  const least = Math.min(...offsets);
  let first: number | undefined;
  for (const wall of wallTimes(schedule, day)) {
    if (wall - least <= after) continue;
    if (first !== undefined && wall - most >= first) break;
    for (const instant of instantsOf(timeZone, wall)) {
      if (instant > after && (first === undefined || instant < first)) first = instant;
    }
  }
  return first;
}

function* wallTimes(schedule: CalendarSchedule, day: number): Generator<number> {
  for (const hour of schedule.hours) {
    for (const minute of schedule.minutes) yield day + hour * HOUR_MS + minute * MINUTE_MS;
  }
}
