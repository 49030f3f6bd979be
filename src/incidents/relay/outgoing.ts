import type { OutgoingAlert } from '../../bridges/alert.ts';
import type { BridgeOutConfig } from '../../config/bridges.ts';
import { redactValue } from '../../redact/values.ts';
import type { Incident } from '../incident.ts';
import { isWorse } from '../severity.ts';

/** Where an incident stands, for systems that know only these three. A snoozed one was seen by somebody: that is an acknowledgement. */
export function statusOf(incident: Incident): OutgoingAlert['status'] {
  if (incident.status === 'resolved') return 'resolved';
  return incident.ack !== undefined || incident.snooze !== undefined ? 'acked' : 'firing';
}

const DEDUP = 'shipmate-';

/** The incident's id of a `dedupKey`; undefined for other texts. Pure. */
export function incidentOf(dedupKey: string): string | undefined {
  return /^shipmate-([a-z0-9]{7})$/.exec(dedupKey)?.[1];
}

/**
 * An incident in the bridges' words, without secrets: what the API server says may hold some, and what was just recorded is still as it said
 * it. @param url link to the message in Slack. Pure.
 */
export function outgoingOf(incident: Incident, url: string | undefined): OutgoingAlert {
  return redactValue(wordsOf(incident, url));
}

function wordsOf(incident: Incident, url: string | undefined): OutgoingAlert {
  const { root, cluster } = incident;
  const object = `${root.kind.toLowerCase()}/${root.name}`;
  // An alert from elsewhere is called by its title, which begins with its name.
  const place = incident.external ? root.namespace : [root.namespace, root.name].filter(Boolean).join('/');
  return {
    dedupKey: `${DEDUP}${incident.id}`,
    status: statusOf(incident),
    severity: incident.severity,
    summary: `${incident.kind === 'drill' ? 'DRILL ' : ''}${cluster === '' ? '' : `[${cluster}] `}${place === '' ? '' : `${place}: `}${incident.cause}`,
    cause: incident.cause,
    cluster,
    namespace: root.namespace,
    object,
    rules: [...new Set(incident.signals.map(({ rule }) => rule))],
    startedAt: incident.startedAt,
    resolvedAt: incident.resolvedAt,
    url: url ?? incident.external?.url,
    labels: incident.labels,
    details: detailsOf(incident),
  };
}

function detailsOf(incident: Incident): Record<string, string> {
  const facts = incident.signals[0]?.facts ?? [];
  const { impact, storm } = incident;
  return {
    incident: incident.id,
    ...(impact === undefined ? {} : { available: `${impact.available} of ${impact.desired}` }),
    ...(storm === undefined ? {} : { members: String(storm.count) }),
    ...Object.fromEntries(facts.slice(0, 20).map(({ label, value }) => [label, value])),
  };
}

/**
 * Whether a bridge is to hear of this incident: severe enough (at its worst), in the right place, not silenced and not part of another.
 * One that has heard of it hears of its end, too; that is decided where the rows are written. Pure.
 */
export function wants(
  bridge: Pick<BridgeOutConfig, 'severity'> & Partial<Pick<BridgeOutConfig, 'kind'>>,
  incident: Incident,
  isInPlace: (cluster: string, namespace: string) => boolean,
): boolean {
  // What an Alertmanager said (only they group) is not told to one again: it would come back to us for ever.
  if (bridge.kind === 'alertmanager' && incident.external?.groupKey !== undefined) return false;
  if (incident.silencedBy !== undefined || incident.partOf !== undefined || incident.kind === 'drill') return false;
  return !isWorse(bridge.severity, incident.peak) && isInPlace(incident.cluster, incident.root.namespace);
}
