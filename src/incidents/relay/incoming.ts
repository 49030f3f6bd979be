import type { IncomingAlert } from '../../bridges/alert.ts';
import type { BridgeInConfig } from '../../config/bridges.ts';
import { parseDuration } from '../../time.ts';
import type { ExternalAlert } from '../incident.ts';

/** An alert of another system in the incidents' words; heartbeats are not among them. Pure. */
export function externalOf(
  alert: IncomingAlert,
  bridge: Pick<BridgeInConfig, 'staleAfter'>,
  now: number,
): ExternalAlert {
  return {
    source: alert.source,
    fingerprint: alert.fingerprint,
    groupKey: alert.groupKey,
    title: alert.title,
    text: alert.text,
    url: alert.url,
    labels: alert.labels,
    status: alert.status,
    severity: alert.severity,
    startsAt: Math.min(alert.startsAt, now),
    lastSeenAt: now,
    staleAt: now + parseDuration(bridge.staleAfter),
  };
}
