import { type Matcher, matcherOf } from '../../access/policy/glob.ts';
import type { AlertsConfig } from '../../config/alerts.ts';
import type { Incident } from '../incident.ts';

/** As `match` in the config file (all that is named must hold), and root names beside it; `*` stands for any text. */
export type Match = AlertsConfig['routes'][number]['match'] & {
  /** `web`, `deployment/web`. */
  readonly names?: readonly string[] | undefined;
};

/** What is asked of an incident; umbrellas and alerts of other systems are asked the same. */
export type Matched = Pick<Incident, 'cluster' | 'root' | 'severity' | 'signals' | 'labels'>;

/** A test for incidents, prepared once: matching costs no more than the words that are compared. */
export function compileMatch(match: Match): (incident: Matched) => boolean {
  const cluster = matcherOf(match.clusters);
  const namespace = matcherOf(match.namespaces);
  const rule = matcherOf(match.rules?.map((id) => id.toUpperCase()));
  const name = matcherOf(match.names?.map((text) => text.toLowerCase()));
  const severities = match.severities && new Set<string>(match.severities);
  const labels = Object.entries(match.labels ?? {}).map(([label, value]) => [label, matcherOf([value])] as const);
  return (incident) =>
    accepts(cluster, incident.cluster) &&
    accepts(namespace, incident.root.namespace) &&
    (rule === undefined || incident.signals.some((signal) => rule(signal.rule.toUpperCase()))) &&
    (name === undefined || namesOf(incident).some(name)) &&
    (severities === undefined || severities.has(incident.severity)) &&
    labels.every(([label, value]) => has(incident.labels, label, value));
}

function accepts(matcher: Matcher | undefined, text: string): boolean {
  return matcher === undefined || matcher(text);
}

function has(labels: Readonly<Record<string, string>>, label: string, value: Matcher | undefined): boolean {
  const found = labels[label];
  return found !== undefined && accepts(value, found);
}

function namesOf({ root }: Matched): string[] {
  const name = root.name.toLowerCase();
  return [name, `${root.kind.toLowerCase()}/${name}`];
}
