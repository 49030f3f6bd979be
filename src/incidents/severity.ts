/**
 * How bad it is, in the order of who hears of it: `info` (digest and lists only), `warning` (the channel), `high` (the channel, and the
 * person on call is told), `critical` (somebody is woken now).
 */
export const SEVERITIES = ['info', 'warning', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `steps` up (or down, when negative), never past the ends. */
export function shifted(severity: Severity, steps: number): Severity {
  const at = Math.min(SEVERITIES.length - 1, Math.max(0, SEVERITIES.indexOf(severity) + steps));
  return SEVERITIES[at] as Severity;
}

/** Whether `a` is worse than `b`. */
export function isWorse(a: Severity, b: Severity): boolean {
  return SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b);
}

/** The worst of them; `info` for none. */
export function worst(severities: Iterable<Severity>): Severity {
  let found: Severity = 'info';
  for (const severity of severities) if (isWorse(severity, found)) found = severity;
  return found;
}
