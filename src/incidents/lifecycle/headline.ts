import { type Incident, SIGNALS_KEPT } from '../incident.ts';
import { CAUSE_CLASSES } from '../rule.ts';
import { SEVERITIES, worst } from '../severity.ts';
import type { RootState, Signal } from '../signal.ts';

type Summary = Pick<Incident, 'signals' | 'moreSignals' | 'severity' | 'cause'>;

/**
 * What an incident says about its signals. The headline is the first in the order of causes (§1.6: what explains comes before what
 * follows from it), then the workload’s own before its pods’, then the worst, then the oldest. How bad it is, those decide that open incidents.
 */
export function summaryOf(signals: readonly Signal[]): Summary {
  const ordered = [...signals].sort(byPlace);
  const deciding = ordered.filter((signal) => !signal.isFolded);
  return {
    signals: ordered.slice(0, SIGNALS_KEPT),
    moreSignals: Math.max(0, ordered.length - SIGNALS_KEPT),
    severity: worst((deciding.length > 0 ? deciding : ordered).map(({ severity }) => severity)),
    cause: ordered[0]?.cause ?? 'unknown',
  };
}

/** Whether these signals open an incident: at least one that no other root carries. */
export function opensIncident({ signals }: Pick<RootState, 'signals'>): boolean {
  return signals.some((signal) => !signal.isFolded);
}

export function labelsOf(state: RootState): Readonly<Record<string, string>> {
  return { ...state.namespaceLabels, ...state.labels };
}

function byPlace(a: Signal, b: Signal): number {
  return (
    CAUSE_CLASSES.indexOf(a.causeClass) - CAUSE_CLASSES.indexOf(b.causeClass) ||
    Number(isOfPod(a)) - Number(isOfPod(b)) ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    a.since - b.since ||
    (signalName(a) < signalName(b) ? -1 : 1)
  );
}

/** Of one cause, what the workload says (who still serves, when it gives up) is more than what its pod says. */
function isOfPod({ object }: Signal): boolean {
  return object.kind === 'Pod';
}

function signalName(signal: Signal): string {
  return `${signal.rule} ${signal.object.namespace}/${signal.object.name} ${signal.key}`;
}
