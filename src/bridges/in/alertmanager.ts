import { createHash } from 'node:crypto';
import type { BridgeInConfig } from '../../config/bridges.ts';
import type { IncomingAlert } from '../alert.ts';
import { BadBody, mapOf, objectOf, quoted, severityOf, textOf, timeOf, urlOf } from './fields.ts';

/** What one delivery said. */
export interface Parsed {
  readonly alerts: readonly IncomingAlert[];
  /** How many alerts the sender left out (`max_alerts`). */
  readonly truncated: number;
  /** What was odd about single alerts, for the log; the others count all the same. */
  readonly skipped: readonly string[];
}

/** Far above Alertmanager's groups in practice; more is somebody's mistake. */
const MAX_ALERTS = 2_000;

/**
 * Alertmanager's webhook, version 4 (prometheus/alertmanager `notify/webhook` and `template/template.go`). Unknown fields are passed over;
 * an alert that cannot be understood does not lose the others.
 * @throws BadBody when the body as a whole is something else.
 */
export function parseAlertmanager(body: unknown, bridge: BridgeInConfig, now: number): Parsed {
  const document = objectOf(body, 'The body');
  if (!Array.isArray(document.alerts))
    throw new BadBody('`alerts` should be a list: is this an Alertmanager webhook (version 4)?');
  if (document.alerts.length > MAX_ALERTS)
    throw new BadBody(`\`alerts\` holds ${document.alerts.length} alerts; at most ${MAX_ALERTS} are taken at once.`);
  const context = {
    bridge,
    now,
    groupKey: textOf(document.groupKey, 1_000),
    externalUrl: urlOf(document.externalURL),
  };
  const alerts: IncomingAlert[] = [];
  const skipped: string[] = [];
  for (const [index, raw] of document.alerts.entries()) {
    try {
      alerts.push(parseAlert(objectOf(raw, `alerts[${index}]`), index, context));
    } catch (error) {
      if (!(error instanceof BadBody)) throw error;
      skipped.push(error.message);
    }
  }
  if (alerts.length === 0 && skipped.length > 0) throw new BadBody(skipped[0]);
  const truncated = Number(document.truncatedAlerts);
  return { alerts, skipped, truncated: Number.isFinite(truncated) ? truncated : 0 };
}

interface Context {
  readonly bridge: BridgeInConfig;
  readonly now: number;
  readonly groupKey: string | undefined;
  readonly externalUrl: string | undefined;
}

function parseAlert(raw: Record<string, unknown>, index: number, context: Context): IncomingAlert {
  const { bridge, now } = context;
  const labels = mapOf(raw.labels);
  const annotations = mapOf(raw.annotations);
  if (raw.status !== 'firing' && raw.status !== 'resolved')
    throw new BadBody(`alerts[${index}].status should be "firing" or "resolved", not ${quoted(raw.status)}.`);
  const name = labels.alertname ?? 'alert without a name';
  const summary = annotations.summary ?? annotations.message ?? annotations.title;
  return {
    source: bridge.name,
    fingerprint: textOf(raw.fingerprint, 200) ?? fingerprintOf(labels),
    groupKey: context.groupKey,
    title: summary === undefined ? name : `${name}: ${summary}`,
    text: annotations.description ?? '',
    url: urlOf(annotations.runbook_url) ?? urlOf(raw.generatorURL) ?? context.externalUrl,
    labels:
      bridge.cluster === undefined || labels.cluster !== undefined ? labels : { ...labels, cluster: bridge.cluster },
    status: raw.status,
    severity: severityOf(labels.severity, bridge.severities),
    startsAt: timeOf(raw.startsAt),
    endsAt: raw.status === 'resolved' ? (timeOf(raw.endsAt) ?? now) : undefined,
    isHeartbeat: bridge.heartbeat !== undefined && name === bridge.heartbeat.alertname,
  };
}

/** For senders that give none: identity is the label set, as in Alertmanager itself. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
