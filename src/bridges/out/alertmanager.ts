import type { BridgeOutConfig } from '../../config/bridges.ts';
import { parseDuration } from '../../time.ts';
import { type AlertSeverity, INCIDENT_LABEL, type OutgoingAlert, type Target } from '../alert.ts';
import { post } from './post.ts';

/** What still fires is promised for so many of our intervals: one that is late or lost ends nothing. */
const PROMISED_INTERVALS = 2.5;

/**
 * Alertmanager's API v2, `POST /api/v2/alerts`: identity is the label set. The severity is among the labels, because routes are chosen by
 * it; when it changes, the alert of the old one ends in the same request in which the new one begins. What fires is sent again at each
 * interval with an end 2.5 intervals ahead, whatever `resolve_timeout` says there; a resolved one ends now.
 * @param key a bearer token or `user:password`, where a proxy asks for one.
 */
export function alertmanagerTarget(bridge: BridgeOutConfig, key: string | undefined): Target {
  const url = new URL('api/v2/alerts', withSlash(bridge.url as string)).href;
  const repeatEveryMs = parseDuration(bridge.repeatEvery);
  const promisedMs = repeatEveryMs * PROMISED_INTERVALS;
  const headers: Record<string, string> = key === undefined ? {} : { authorization: credentials(key) };
  return {
    name: bridge.name,
    repeatEveryMs,
    send: (alert, { signal, now, knownAs }) =>
      post({ url, body: JSON.stringify(alertsOf(alert, knownAs, now, promisedMs)), headers, signal, now }),
  };
}

function credentials(key: string): string {
  return key.includes(':') ? `Basic ${Buffer.from(key).toString('base64')}` : `Bearer ${key}`;
}

/** The request's list. @param knownAs the severity that Alertmanager was told last. Pure. */
export function alertsOf(
  alert: OutgoingAlert,
  knownAs: AlertSeverity | undefined,
  now: number,
  promisedMs: number,
): readonly object[] {
  if (knownAs === undefined || knownAs === alert.severity) return [alertOf(alert, now, promisedMs)];
  const old: OutgoingAlert = { ...alert, severity: knownAs, status: 'resolved', resolvedAt: alert.resolvedAt ?? now };
  return alert.status === 'resolved'
    ? [alertOf(old, now, promisedMs)]
    : [alertOf(old, now, promisedMs), alertOf(alert, now, promisedMs)];
}

/** One alert. Pure. */
export function alertOf(alert: OutgoingAlert, now: number, promisedMs: number): object {
  const ends = alert.status === 'resolved' ? Math.min(alert.resolvedAt ?? now, now) : now + promisedMs;
  return {
    labels: {
      alertname: alertName(alert),
      severity: alert.severity === 'high' ? 'critical' : alert.severity,
      shipmate_severity: alert.severity,
      [INCIDENT_LABEL]: alert.dedupKey,
      ...present({ cluster: alert.cluster, namespace: alert.namespace, object: alert.object }),
    },
    annotations: {
      summary: alert.summary,
      description: alert.cause,
      ...(alert.status === 'acked' ? { acknowledged: 'in Slack' } : {}),
    },
    startsAt: new Date(alert.startedAt).toISOString(),
    endsAt: new Date(Math.max(ends, alert.startedAt)).toISOString(),
    ...(alert.url === undefined ? {} : { generatorURL: alert.url }),
  };
}

/** `ShipmateDeployment`: a name must not change when another signal becomes the headline, so it is the object's kind that names it. */
function alertName(alert: OutgoingAlert): string {
  const kind = alert.object.split('/')[0] ?? '';
  return `Shipmate${kind.replace(/(^|[^a-zA-Z0-9]+)([a-zA-Z0-9])/g, (_all, _gap, letter: string) => letter.toUpperCase())}`;
}

function present(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
