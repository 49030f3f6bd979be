import type { BridgeOutConfig } from '../../config/bridges.ts';
import type { OutgoingAlert, Target } from '../alert.ts';
import { post } from './post.ts';

/** Alertmanager forgets an alert after `resolve_timeout` (5 min); we promise twice our own interval instead. */
const REPEAT_EVERY_MS = 120_000;
const PROMISED_MS = 300_000;

/**
 * Alertmanager's API v2, `POST /api/v2/alerts`: identity is the label set, so labels hold nothing that changes while an incident lives.
 * A firing alert is sent again every two minutes with an end five minutes ahead; a resolved one ends now.
 */
export function alertmanagerTarget(bridge: BridgeOutConfig): Target {
  const url = new URL('api/v2/alerts', withSlash(bridge.url as string)).href;
  return {
    name: bridge.name,
    repeatEveryMs: REPEAT_EVERY_MS,
    send: (alert, { signal, now }) => post({ url, body: JSON.stringify([alertOf(alert, now)]), signal, now }),
  };
}

/** One alert of the request's list. Pure. */
export function alertOf(alert: OutgoingAlert, now: number): object {
  const ends = alert.status === 'resolved' ? (alert.resolvedAt ?? now) : now + PROMISED_MS;
  return {
    labels: {
      alertname: alertName(alert),
      severity: alert.severity === 'high' ? 'critical' : alert.severity,
      shipmate_severity: alert.severity,
      shipmate_incident: alert.dedupKey,
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

/** `ShipmateR01`: a name must not change when another signal becomes the headline, so it is the object's kind that names it. */
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
