/**
 * The cron dialect of Kubernetes: that of robfig/cron v3 `ParseStandard`, which the CronJob controller uses. Five fields, names of months
 * and days, `?` as another `*`, `N/step` meaning `N-max/step`, Sunday only as 0, descriptors such as `@daily` and `@every 1h30m`.
 */
export type Schedule = CalendarSchedule | IntervalSchedule;

/** Bits of the minutes, hours, days and months at which it fires, in the wall-clock time of its zone. */
export interface CalendarSchedule {
  readonly kind: 'calendar';
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** Both kinds of day must match when one of them is a plain `*`; otherwise one is enough. */
  readonly needsBothDays: boolean;
  readonly timeZone: string;
}

/** `@every 1h`: counted from the last run. */
export interface IntervalSchedule {
  readonly kind: 'interval';
  readonly everyMs: number;
}

const MONTHS = named('jan feb mar apr may jun jul aug sep oct nov dec', 1);
const DAYS = named('sun mon tue wed thu fri sat', 0);

const BOUNDS = {
  minute: { min: 0, max: 59, names: {} },
  hour: { min: 0, max: 23, names: {} },
  dayOfMonth: { min: 1, max: 31, names: {} },
  month: { min: 1, max: 12, names: MONTHS },
  dayOfWeek: { min: 0, max: 6, names: DAYS },
} as const;

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names: Readonly<Record<string, number>>;
}

interface Field {
  readonly values: ReadonlySet<number>;
  readonly isStar: boolean;
}

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const GO_UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * @param timeZone IANA name (`spec.timeZone`); without one the controller uses its own zone, taken to be UTC here.
 * @returns undefined for what the API server refuses, too (a `TZ=` prefix, an unknown zone, seven fields): nothing can be said about it.
 */
export function parseSchedule(schedule: string, timeZone = 'UTC'): Schedule | undefined {
  const text = schedule.trim();
  if (text.startsWith('@every ')) return parseInterval(text.slice('@every '.length).trim());
  const fields = (DESCRIPTORS[text] ?? text).split(/\s+/);
  if (fields.length !== 5 || !isZone(timeZone)) return undefined;
  return parseCalendar(fields, timeZone);
}

function parseCalendar(fields: readonly string[], timeZone: string): CalendarSchedule | undefined {
  const minute = parseField(fields[0], BOUNDS.minute);
  const hour = parseField(fields[1], BOUNDS.hour);
  const dayOfMonth = parseField(fields[2], BOUNDS.dayOfMonth);
  const month = parseField(fields[3], BOUNDS.month);
  const dayOfWeek = parseField(fields[4], BOUNDS.dayOfWeek);
  if (!minute || !hour || !dayOfMonth || !month || !dayOfWeek) return undefined;
  return {
    kind: 'calendar',
    minutes: ascending(minute.values),
    hours: ascending(hour.values),
    daysOfMonth: dayOfMonth.values,
    months: month.values,
    daysOfWeek: dayOfWeek.values,
    needsBothDays: dayOfMonth.isStar || dayOfWeek.isStar,
    timeZone,
  };
}

function parseField(text: string | undefined, bounds: Bounds): Field | undefined {
  const ranges = (text ?? '').split(',').filter((range) => range !== '');
  const values = new Set<number>();
  let isStar = false;
  for (const range of ranges) {
    const parsed = parseRange(range, bounds);
    if (!parsed) return undefined;
    for (let value = parsed.start; value <= parsed.end; value += parsed.step) values.add(value);
    isStar ||= parsed.isStar;
  }
  return values.size > 0 ? { values, isStar } : undefined;
}

function parseRange(
  text: string,
  bounds: Bounds,
): { start: number; end: number; step: number; isStar: boolean } | undefined {
  const [span = '', stepText, ...tooMany] = text.split('/');
  const [low = '', high, ...tooManyHyphens] = span.split('-');
  if (tooMany.length > 0 || tooManyHyphens.length > 0) return undefined;
  const step = stepText === undefined ? 1 : whole(stepText);
  if (step === undefined || step === 0) return undefined;
  // `*/2` is no plain star any more: day of month and day of week are then alternatives (robfig/cron getRange).
  if (low === '*' || low === '?') return { start: bounds.min, end: bounds.max, step, isStar: step === 1 };
  const start = numberOf(low, bounds);
  const end = lastOf({ high, start, hasStep: stepText !== undefined }, bounds);
  if (start === undefined || end === undefined || start < bounds.min || end > bounds.max || start > end)
    return undefined;
  return { start, end, step, isStar: false };
}

function lastOf(
  { high, start, hasStep }: { high: string | undefined; start: number | undefined; hasStep: boolean },
  bounds: Bounds,
): number | undefined {
  if (high !== undefined) return numberOf(high, bounds);
  return hasStep ? bounds.max : start;
}

function numberOf(text: string, bounds: Bounds): number | undefined {
  return bounds.names[text.toLowerCase()] ?? whole(text);
}

function whole(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Go's `time.ParseDuration`; at least one second, whole seconds (robfig/cron `Every`). */
function parseInterval(text: string): IntervalSchedule | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|h|m|s)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) return undefined;
  const ms = parts.reduce((sum, part) => sum + Number(part[1]) * (GO_UNITS_MS[part[2] as string] as number), 0);
  return { kind: 'interval', everyMs: Math.max(1_000, Math.trunc(ms / 1_000) * 1_000) };
}

function isZone(timeZone: string): boolean {
  // `Local` is refused by the API, and Intl would take it for an error anyway.
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return true;
  } catch {
    return false;
  }
}

function ascending(values: ReadonlySet<number>): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

function named(words: string, from: number): Readonly<Record<string, number>> {
  return Object.fromEntries(words.split(' ').map((word, at) => [word, at + from]));
}
