import { UsageError } from '../../errors.ts';
import { DAY, MINUTE } from '../rule.ts';

/** Wall times of people: `09:00` where they are. */
export interface Wall {
  readonly hour: number;
  readonly minute: number;
}

/** What a time zone is called when Slack does not tell one. */
export const FALLBACK_ZONE = 'UTC';

/** @returns the zone, or UTC when it is unknown here. */
export function knownZone(zone: string | undefined): string {
  if (zone === undefined) return FALLBACK_ZONE;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return FALLBACK_ZONE;
  }
}

/** The next moment after `now` at which the clock on the wall there shows this time. Epoch ms. */
export function nextAt(now: number, wall: Wall, zone: string): number {
  const today = onDay(now, 0, wall, zone);
  return today > now ? today : onDay(now, 1, wall, zone);
}

/** That time on the day after today, as it is counted there. */
export function tomorrowAt(now: number, wall: Wall, zone: string): number {
  return onDay(now, 1, wall, zone);
}

/** The next Monday at that time; today, when it is Monday and not yet so late. */
export function mondayAt(now: number, wall: Wall, zone: string): number {
  const days = (8 - weekday(now, zone)) % 7;
  const next = onDay(now, days, wall, zone);
  return next > now ? next : onDay(now, days + 7, wall, zone);
}

/** `Mon 09:00 Europe/Berlin`: how a moment reads on that wall. */
export function wallWords(at: number, zone: string): string {
  const words = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
  return `${words.replace(',', '')} ${zone}`;
}

/**
 * `09:00`, or a whole date and time in ISO form.
 * @throws UsageError when it is neither.
 */
export function parseUntil(text: string, now: number, zone: string): number {
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock) return nextAt(now, { hour: Number(clock[1]), minute: Number(clock[2]) }, zone);
  const at = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw new UsageError(`"${text}" is not a time.`, {
    hint: 'Write 09:00, or a date and time such as 2026-11-21T09:00Z.',
  });
}

/** Days are counted in local dates; the offset is that of the moment itself, so that summer time does not move it. */
function onDay(now: number, days: number, { hour, minute }: Wall, zone: string): number {
  const { year, month, day } = partsOf(now, zone);
  const wanted = Date.UTC(year, month - 1, day + days, hour, minute);
  const first = wanted - offsetAt(wanted, zone);
  return wanted - offsetAt(first, zone);
}

/** Monday 1 … Sunday 7. */
function weekday(now: number, zone: string): number {
  const { year, month, day } = partsOf(now, zone);
  const days = Math.floor(Date.UTC(year, month - 1, day) / DAY);
  // 1970-01-01 was a Thursday.
  return ((days + 3) % 7) + 1;
}

/** How far ahead of UTC the wall is at a moment, ms. */
function offsetAt(at: number, zone: string): number {
  const { year, month, day, hour, minute } = partsOf(at, zone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / MINUTE) * MINUTE;
}

type Parts = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute', number>>;

function partsOf(at: number, zone: string): Parts {
  const numeric = 'numeric' as const;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{
      timeZone: zone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
    },
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)])) as Parts;
}
