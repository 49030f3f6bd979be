import type { Message, Part, Span } from '../chat/message.ts';
import { InternalError } from '../errors.ts';
import { causeWords } from '../incidents/card/headline.ts';
import { commonCause, markOf, sharedWords, short, shortName, standingOf, whatWords } from '../incidents/card/words.ts';
import type { Actor } from '../incidents/desk/deeds.ts';
import type { AlertsDesk } from '../incidents/desk/desk.ts';
import type { Incident } from '../incidents/incident.ts';
import { flag, listFlag, text } from '../pipeline/args.ts';
import type { CommandContext } from '../pipeline/definition.ts';
import { humanDuration } from '../time.ts';
import { oneOf } from './kubernetes-args.ts';

/** What the commands under `/alerts` share. */
export { headline as incidentHeadline, notice as incidentNotice } from '../incidents/card/headline.ts';
export { standingOf } from '../incidents/card/words.ts';
export type { Actor, Done } from '../incidents/desk/deeds.ts';
export type {
  AlertsDesk,
  ExplainedObject,
  HistoryFilter,
  ListFilter,
  RuleFacts,
  SilenceWish,
} from '../incidents/desk/desk.ts';
export type { RuleStats, Spread } from '../incidents/desk/stats.ts';
export { FALLBACK_ZONE, knownZone, parseUntil, wallWords } from '../incidents/desk/wall-time.ts';
export { CONDITION_IS_FALSE, type Explained } from '../incidents/engine-contract.ts';
export type { Incident, LogLine } from '../incidents/incident.ts';
export type { WayIn, WayOut } from '../incidents/relay/board.ts';
export type { Match as SilenceMatch } from '../incidents/silences/match.ts';
export type { Silence } from '../incidents/silences/silence.ts';

/** @throws InternalError where nothing is watched. */
export function alertsDesk({ house }: CommandContext): AlertsDesk {
  if (!house.alerts) throw new InternalError('Nothing is watched here.');
  return house.alerts;
}

/** Who asks. @param line as it is understood, for the audit: `/alerts ack k3f9q2x`. */
export function actorOf(context: CommandContext, line: string): Actor {
  return { person: context.person, id: context.invocation, channel: context.channel, typed: line };
}

export const severityFlag = flag(oneOf('info', 'warning', 'high', 'critical'), {
  placeholder: 'SEVERITY',
  summary: 'Only of this severity: info, warning, high or critical',
});
export const ruleFlag = flag(text, { placeholder: 'RULE', summary: 'Only where this rule fires: P03' });
export const anyClusterFlag = flag(text, {
  placeholder: 'CLUSTER',
  summary: 'Only on this cluster (default: all)',
  aliases: ['context'],
});
export const anyNamespaceFlag = flag(text, {
  placeholder: 'NAMESPACE',
  summary: 'Only in this namespace (default: all)',
  short: 'n',
});
export const manyNamespaces = listFlag({ placeholder: 'NAMESPACE', summary: 'In these namespaces', short: 'n' });

/** So many are told in two lines each, which a phone shows whole; more are a table. */
const LINES_MOST = 12;

/** Open incidents: the worst first, each with what is wrong, how bad, and who has it. */
export function incidentList(incidents: readonly Incident[], now: number, filename: string): Part {
  if (incidents.length > LINES_MOST) return incidentTable(incidents, now, filename);
  const several = new Set(incidents.map(({ cluster }) => cluster)).size > 1;
  const spans = incidents.flatMap((incident, index) => [
    ...(index === 0 ? [] : ['\n']),
    ...incidentLines(incident, several, now),
  ]);
  return { kind: 'text', spans };
}

function incidentLines(incident: Incident, withCluster: boolean, now: number): Span[] {
  const { impact, ack, startedAt, resolvedAt } = incident;
  const ready = impact ? ` (${impact.available}/${impact.desired} ready)` : '';
  const place = withCluster && incident.cluster !== '' ? `${incident.cluster} · ` : '';
  const age = humanDuration(Math.max(0, (resolvedAt ?? now) - startedAt));
  return [
    `${markOf(incident, standingOf(incident, now))} ${incident.severity.toUpperCase()} · ${place}`,
    { bold: incident.storm ? sharedWords(incident) || 'several' : shortName(incident.root) || '-' },
    ` · ${short(whatWords(incident), 100)}${ready} · ${age} · ${statusWords(incident, now)}`,
    ...(ack ? [' by ', { person: ack.by.user }] : []),
    '\n',
    { code: incident.id },
    ` ${ruleWords(incident)} ${short(incident.storm ? commonCause(incident) : causeWords(incident), 160)}`,
  ];
}

/** Incidents as `kubectl get` would print them. */
export function incidentTable(incidents: readonly Incident[], now: number, filename: string): Part {
  const clusters = new Set(incidents.map(({ cluster }) => cluster));
  return {
    kind: 'table',
    filename,
    columns: [
      ...['ID', 'SEVERITY', 'STATUS'].map((name) => ({ name, priority: 0 })),
      // Where all are on one cluster, its name is no news.
      { name: 'CLUSTER', priority: clusters.size > 1 ? 0 : 1 },
      ...['NAME', 'RULE', 'AGE'].map((name) => ({ name, priority: 0 })),
      { name: 'CAUSE', priority: 0 },
      ...['IMPACT', 'ACKED-BY', 'CHANNEL'].map((name) => ({ name, priority: 1 })),
    ],
    rows: incidents.map((incident) => row(incident, now)),
  };
}

function row(incident: Incident, now: number): string[] {
  const { storm, impact, ack, channel, resolvedAt, startedAt } = incident;
  return [
    incident.id,
    incident.severity,
    statusWords(incident, now),
    incident.cluster || '-',
    storm ? `${storm.count} objects` : shortName(incident.root) || '-',
    ruleWords(incident),
    humanDuration(Math.max(0, now - (resolvedAt ?? startedAt))),
    incident.cause,
    storm ? `${storm.open}/${storm.count}` : impact ? `${impact.available}/${impact.desired}` : '-',
    ack?.by.user ?? '-',
    channel ?? '-',
  ];
}

function statusWords(incident: Incident, now: number): string {
  const flapping = incident.isFlapping ? ',flapping' : '';
  if (incident.partOf) return `part of ${incident.partOf.id}`;
  return `${standingOf(incident, now)}${flapping}`;
}

/** Every rule that fires, each once: `P03,P08`. */
function ruleWords({ signals, kind, external }: Incident): string {
  if (external) return external.source;
  const rules = [...new Set(signals.map(({ rule }) => rule))];
  return rules.length === 0 ? kind : rules.join(',');
}

/** What came of several ids, one line each. */
export function doneMessage(title: string, lines: readonly string[], status: Message['status'] = 'succeeded'): Message {
  return {
    ...(status && { status }),
    title,
    parts: lines.length > 1 ? [{ kind: 'list', items: lines }] : [],
  };
}
