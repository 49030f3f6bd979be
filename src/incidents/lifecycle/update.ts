import type { Incident } from '../incident.ts';
import { isWorse } from '../severity.ts';
import type { RootState, Signal } from '../signal.ts';
import { labelsOf, summaryOf } from './headline.ts';
import { said } from './line.ts';

/**
 * What is wrong has changed: the newest signals stand in the incident. A kind of trouble that was not there before gets a line; a rise
 * above the worst so far is said aloud and ends a snooze; a return is not said.
 * @returns undefined when nothing is different.
 */
export function updated(incident: Incident, state: RootState, now: number): Incident | undefined {
  const summary = summaryOf(state.signals);
  const next: Incident = {
    ...incident,
    ...summary,
    impact: state.impact,
    labels: labelsOf(state),
    startedAt: Math.min(incident.startedAt, ...state.signals.map(({ since }) => since)),
  };
  if (JSON.stringify(next) === JSON.stringify(incident)) return undefined;
  return risen(withNewRules(incident, next, state.signals, now), now);
}

/** Whether only details differ, such as which pods and how many: these may wait a moment. */
export function isDetail(before: Incident, after: Incident): boolean {
  return before.log.at(-1)?.n === after.log.at(-1)?.n && before.severity === after.severity;
}

/** Says aloud that it is worse than ever, where its severity says so. */
export function risen(incident: Incident, now: number): Incident {
  if (!isWorse(incident.severity, incident.peak)) return incident;
  const { snooze, ...rest } = incident;
  const text = `Now ${incident.severity}, was ${incident.peak}: ${incident.cause}.${snooze ? ' The snooze is over.' : ''}`;
  return said({ ...rest, peak: incident.severity }, now, text, { isLoud: true });
}

function withNewRules(before: Incident, next: Incident, signals: readonly Signal[], now: number): Incident {
  const known = new Set(before.signals.map(({ rule }) => rule));
  const isPeak = isWorse(next.severity, before.peak);
  let incident = next;
  for (const signal of summaryByRule(signals)) {
    // With more signals than are kept, an unknown rule may only have been crowded out.
    if (known.has(signal.rule) || before.moreSignals > 0 || tellsItself(signal, next, isPeak)) continue;
    incident = said(incident, now, `${signal.rule} ${signal.title} also fires: ${signal.cause}.`);
  }
  return incident;
}

/** The rise that follows says the same. */
function tellsItself(signal: Signal, next: Incident, isPeak: boolean): boolean {
  return isPeak && signal.cause === next.cause;
}

function summaryByRule(signals: readonly Signal[]): readonly Signal[] {
  const byRule = new Map<string, Signal>();
  for (const signal of signals) {
    const found = byRule.get(signal.rule);
    if (!found || isWorse(signal.severity, found.severity)) byRule.set(signal.rule, signal);
  }
  return [...byRule.values()];
}
