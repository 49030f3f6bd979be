import type { IncomingAlert } from '../../bridges/alert.ts';
import type { BridgeInConfig } from '../../config/bridges.ts';
import { parseDuration } from '../../time.ts';
import type { ExternalAlert } from '../incident.ts';

/** Two hundred alerts of one group are one document in etcd, which takes 1.5 MB: each may have so many bytes of text and of labels. */
const TEXT_BYTES = 1_500;
const TITLE_BYTES = 600;
const LABEL_BYTES = 2_000;
/** Of a group so large nobody reads every text. */
const MANY = 20;
const TEXT_BYTES_OF_MANY = 300;

/**
 * An alert of another system in the incidents' words; heartbeats are not among them. Pure.
 * @param together how many came in one delivery.
 */
export function externalOf(
  alert: IncomingAlert,
  bridge: Pick<BridgeInConfig, 'staleAfter'>,
  now: number,
  together = 1,
): ExternalAlert {
  return {
    source: alert.source,
    fingerprint: alert.fingerprint,
    groupKey: alert.groupKey,
    title: clippedTo(alert.title, TITLE_BYTES),
    text: clippedTo(alert.text, together > MANY ? TEXT_BYTES_OF_MANY : TEXT_BYTES),
    url: alert.url,
    labels: labelsWithin(alert.labels, LABEL_BYTES),
    status: alert.status,
    severity: alert.severity,
    startsAt: Math.min(alert.startsAt ?? now, now),
    ...(alert.startsAt === undefined && { isStartGuessed: true }),
    lastSeenAt: now,
    staleAt: now + parseDuration(bridge.staleAfter),
  };
}

function clippedTo(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  return `${encoded
    .subarray(0, bytes)
    .toString()
    .replace(/\uFFFD+$/, '')}…`;
}

/** What says where it is comes first; the rest as the sender ordered it. */
const FIRST = ['alertname', 'severity', 'cluster', 'namespace', 'deployment', 'statefulset', 'daemonset', 'job', 'pod'];

function labelsWithin(labels: Readonly<Record<string, string>>, bytes: number): Readonly<Record<string, string>> {
  const size = (entry: readonly [string, string]): number => Buffer.byteLength(entry[0]) + Buffer.byteLength(entry[1]);
  const entries = Object.entries(labels);
  if (entries.reduce((sum, entry) => sum + size(entry), 0) <= bytes) return labels;
  const rank = ([label]: readonly [string, string]): number =>
    FIRST.includes(label) ? FIRST.indexOf(label) : FIRST.length;
  let left = bytes;
  const kept = entries
    .toSorted((a, b) => rank(a) - rank(b))
    .filter((entry) => {
      if (size(entry) > left) return false;
      left -= size(entry);
      return true;
    });
  return Object.fromEntries(kept);
}
