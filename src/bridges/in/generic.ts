import type { BridgeInConfig } from '../../config/bridges.ts';
import type { IncomingAlert } from '../alert.ts';
import { fingerprintOf, type Parsed } from './alertmanager.ts';
import { BadBody, mapOf, objectOf, severityOf, textOf, timeOf, urlOf } from './fields.ts';

/**
 * One alert from anywhere: our own fields {key, title, text, severity, status, url, labels, startsAt}, GoAlert's (summary, details, action, dedup;
 * goalert `generic API`) and Grafana OnCall's (alert_uid, title, message, state, link_to_upstream_details; "formatted webhook"), so that
 * senders move by changing a URL.
 * @param body JSON, or the fields of a form. @throws BadBody when neither a title nor a summary is there.
 */
export function parseGeneric(body: unknown, bridge: BridgeInConfig, now: number): Parsed {
  const fields = objectOf(body, 'The body');
  const title = textOf(fields.title, 300) ?? textOf(fields.summary, 300);
  const key = textOf(fields.key, 300) ?? textOf(fields.dedup, 300) ?? textOf(fields.alert_uid, 300);
  const labels = { ...(bridge.cluster === undefined ? {} : { cluster: bridge.cluster }), ...mapOf(fields.labels) };
  const status = statusOf(fields);
  if (title === undefined && !(status === 'resolved' && key !== undefined))
    throw new BadBody('A `title` (or `summary`) is missing: one line that says what is wrong.');
  const alert: IncomingAlert = {
    source: bridge.name,
    fingerprint: key ?? fingerprintOf({ ...labels, title: title ?? '' }),
    title: title ?? key ?? '',
    text: textOf(fields.text) ?? textOf(fields.details) ?? textOf(fields.message) ?? '',
    url: urlOf(fields.url) ?? urlOf(fields.link_to_upstream_details),
    labels,
    status,
    severity: severityOf(fields.severity, bridge.severities),
    startsAt: timeOf(fields.startsAt),
    endsAt: status === 'resolved' ? now : undefined,
    isHeartbeat: bridge.heartbeat !== undefined && title === bridge.heartbeat.alertname,
  };
  return { alerts: [alert], truncated: 0, skipped: [] };
}

const FIRING = new Set(['firing', 'alerting', 'trigger', 'triggered', 'open', 'problem', '']);
const RESOLVED = new Set(['resolved', 'ok', 'close', 'closed', 'resolve', 'recovery']);

/** Ours is `status`, GoAlert's `action=close`, OnCall's `state`. @throws BadBody for a word that is none of these. */
function statusOf(fields: Record<string, unknown>): 'firing' | 'resolved' {
  const [name, word] = (['status', 'state', 'action'] as const)
    .map((field) => [field, textOf(fields[field], 50)?.toLowerCase()] as const)
    .find(([, text]) => text !== undefined) ?? ['status', ''];
  if (word === undefined || FIRING.has(word)) return 'firing';
  if (RESOLVED.has(word)) return 'resolved';
  throw new BadBody(`\`${name}\` should be "firing" or "resolved", not ${JSON.stringify(word)}.`);
}
