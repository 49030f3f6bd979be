import type { Incident, LogLine } from '../incident.ts';

/** Older lines are dropped; each was told in the thread when it was new. */
const LINES_KEPT = 40;

/** The incident with one more line in its log. */
export function said(
  incident: Incident,
  at: number,
  text: string,
  more: Pick<LogLine, 'by' | 'isLoud'> = {},
): Incident {
  const n = (incident.log.at(-1)?.n ?? 0) + 1;
  return { ...incident, log: [...incident.log.slice(1 - LINES_KEPT), { n, at, text, ...more }] };
}
