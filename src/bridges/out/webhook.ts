import { createHmac } from 'node:crypto';
import type { BridgeOutConfig } from '../../config/bridges.ts';
import type { OutgoingAlert, Target } from '../alert.ts';
import { post } from './post.ts';

/**
 * A signed webhook for everything else: a CloudEvents 1.0 event in structured JSON. The receiver verifies `x-shipmate-signature`,
 * `v1=` and the hex HMAC-SHA256 of `<x-shipmate-timestamp>.<body>`, refuses old timestamps, and knows a repeated delivery by `id`.
 */
export function webhookTarget(bridge: BridgeOutConfig, secret: string): Target {
  return {
    name: bridge.name,
    send(alert, { id, signal, now }) {
      const body = JSON.stringify(cloudEventOf(alert, id, now));
      const timestamp = String(Math.floor(now / 1_000));
      return post({
        url: bridge.url as string,
        body,
        contentType: 'application/cloudevents+json; charset=utf-8',
        headers: { 'x-shipmate-timestamp': timestamp, 'x-shipmate-signature': signatureOf(secret, timestamp, body) },
        signal,
        now,
      });
    },
  };
}

/** `v1=<hex>`, as in the docstring of `webhookTarget`. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** The event (CloudEvents 1.0, JSON format). Pure. */
export function cloudEventOf(alert: OutgoingAlert, id: string, now: number): object {
  return {
    specversion: '1.0',
    id,
    source: 'shipmate',
    type: `dev.shipmate.incident.${alert.status}`,
    subject: [alert.cluster, alert.namespace, alert.object].filter(Boolean).join('/'),
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    data: {
      ...alert,
      startedAt: new Date(alert.startedAt).toISOString(),
      ...(alert.resolvedAt === undefined ? {} : { resolvedAt: new Date(alert.resolvedAt).toISOString() }),
    },
  };
}
