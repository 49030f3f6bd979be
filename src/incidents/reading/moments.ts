const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A time in a cause line, `1 Jan 03:00 UTC`. Absolute on purpose: an age in a cause would change it every second, and every change of a
 * cause is an edit of the message.
 */
export function moment(epochMs: number): string {
  const date = new Date(epochMs);
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${clock} UTC`;
}

/** `3 pods`, `1 pod`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The first few names and how many more: `a, b, c and 4 more`. */
export function someOf(names: readonly string[], shown = 3): string {
  const rest = names.length - shown;
  return rest > 0 ? `${names.slice(0, shown).join(', ')} and ${rest} more` : names.join(', ');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
