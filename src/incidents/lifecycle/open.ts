import { humanDuration } from '../../time.ts';
import type { Incident } from '../incident.ts';
import { keyOf, occurrenceId } from '../key.ts';
import { MINUTE } from '../rule.ts';
import { isWorse } from '../severity.ts';
import type { RootState } from '../signal.ts';
import { turned } from './flapping.ts';
import { labelsOf, summaryOf } from './headline.ts';
import { said } from './line.ts';

/** The same thing wrong again within this is the same incident, in the same message. */
const REOPEN_WITHIN_MS = 10 * MINUTE;

/**
 * A new occurrence.
 * @param earlier the one before under the same key: its ends and beginnings still count for flapping.
 */
export function opened(state: RootState, now: number, earlier?: Incident): Incident {
  const key = keyOf(state.cluster, state.root, state.domain);
  const summary = summaryOf(state.signals);
  const first = summary.signals[0];
  const incident: Incident = {
    id: occurrenceId(key, now),
    key,
    generation: 0,
    kind: 'root',
    cluster: state.cluster,
    root: state.root,
    domain: state.domain,
    ...summary,
    peak: summary.severity,
    status: 'firing',
    impact: state.impact,
    startedAt: Math.min(now, ...state.signals.map(({ since }) => since)),
    detectedAt: Math.min(now, ...state.signals.map(({ firedAt }) => firedAt)),
    openedAt: now,
    escalations: [],
    ...turned(earlier?.transitions ?? [], now),
    log: [],
    labels: labelsOf(state),
  };
  return said(incident, now, `${first?.rule ?? ''} ${first?.title ?? ''}: ${summary.cause}.`);
}

/** Whether something that fires again continues this incident, which is over. */
export function mayReopen(incident: Incident, now: number): boolean {
  return incident.resolvedAt !== undefined && now - incident.resolvedAt < REOPEN_WITHIN_MS;
}

/** Whether somebody said that it is done although it is not, and nothing has changed since: then it stays quiet. */
export function staysResolved(incident: Incident, severity: Incident['severity']): boolean {
  if (incident.status !== 'resolved' || incident.resolution?.how !== 'by-hand') return false;
  return incident.endedAt === undefined && !isWorse(severity, incident.peak);
}

/** The same incident goes on: same id, same message, and whoever has it keeps it. */
export function reopened(incident: Incident, state: RootState, now: number): Incident {
  const summary = summaryOf(state.signals);
  const again: Incident = {
    ...incident,
    ...summary,
    ...continued(incident, now),
    peak: isWorse(summary.severity, incident.peak) ? summary.severity : incident.peak,
    impact: state.impact,
    labels: labelsOf(state),
  };
  return said(again, now, againText(incident, summary.cause, now), { isLoud: summary.severity === 'critical' });
}

/** What every re-opening has in common. */
export function continued(
  incident: Incident,
  now: number,
): Pick<Incident, 'status' | 'resolvedAt' | 'resolution' | 'endedAt' | 'transitions' | 'isFlapping'> {
  return {
    status: 'firing',
    resolvedAt: undefined,
    resolution: undefined,
    endedAt: undefined,
    ...turned(incident.transitions, now),
  };
}

export function againText(incident: Incident, cause: string, now: number): string {
  return `Failing again, ${humanDuration(now - (incident.resolvedAt ?? now))} after its end: ${cause}.`;
}

/** Step for one that was resolved by hand: what was wrong is over now, too. A next time opens it again. */
export function endedToo(incident: Incident, now: number): Incident | undefined {
  if (incident.resolution?.how !== 'by-hand' || incident.endedAt !== undefined) return undefined;
  return { ...incident, endedAt: now };
}
