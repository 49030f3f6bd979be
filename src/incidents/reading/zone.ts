const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** By how much wall clocks in a zone are ahead of UTC at an instant, ms. @param timeZone IANA name that `Intl` knows. */
export function offsetAt(timeZone: string, instant: number): number {
  if (timeZone === 'UTC' || timeZone === 'Etc/UTC') return 0;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1_000) * 1_000;
}

/**
 * The instants at which wall clocks in a zone show a time: none in the hour that is skipped in spring, two in the hour that is repeated in
 * autumn. @param wall that time, as if it were UTC, epoch ms.
 */
export function instantsOf(timeZone: string, wall: number): readonly number[] {
  const before = offsetAt(timeZone, wall - DAY_MS);
  const after = offsetAt(timeZone, wall + DAY_MS);
  if (before === after) return [wall - before];
  return [wall - before, wall - after]
    .filter((instant) => instant + offsetAt(timeZone, instant) === wall)
    .sort(ascending);
}

function ascending(a: number, b: number): number {
  return a - b;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}
