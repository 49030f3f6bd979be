import type { BridgeOutConfig } from '../../config/bridges.ts';
import type { OutgoingAlert, Target } from '../alert.ts';
import { clipped } from './clipped.ts';
import { post } from './post.ts';

const URL_DEFAULT = 'https://events.pagerduty.com/v2/enqueue';
const ACTIONS = { firing: 'trigger', acked: 'acknowledge', resolved: 'resolve' } as const;
const SEVERITIES = { critical: 'critical', high: 'error', warning: 'warning', info: 'info' } as const;

/** Slack takes a message within a second, as a rule; the person who is woken should have its link. */
const LINK_WAIT_MS = 3_000;

/** PagerDuty Events API v2: trigger, acknowledge and resolve by one `dedup_key`; 202 is taken, 400 is refused for good. */
export function pagerdutyTarget(bridge: BridgeOutConfig, routingKey: string): Target {
  return {
    name: bridge.name,
    linkWaitMs: LINK_WAIT_MS,
    send: (alert, { signal, now }) =>
      post({
        url: bridge.url ?? URL_DEFAULT,
        body: JSON.stringify(eventOf(alert, routingKey)),
        signal,
        now,
        reference: (answer) => (answer as { dedup_key?: string } | undefined)?.dedup_key,
      }),
  };
}

/** The event. Limits: summary 1,024 characters, dedup_key 255, body 512 KB. Pure. */
export function eventOf(alert: OutgoingAlert, routingKey: string): object {
  const head = {
    routing_key: routingKey,
    event_action: ACTIONS[alert.status],
    dedup_key: clipped(alert.dedupKey, 255),
  };
  if (alert.status !== 'firing') return head;
  return {
    ...head,
    client: 'Shipmate',
    ...(alert.url === undefined ? {} : { client_url: alert.url, links: [{ href: alert.url, text: 'Slack' }] }),
    payload: {
      summary: clipped(alert.summary, 1_024),
      source: [alert.cluster, alert.namespace, alert.object].filter(Boolean).join('/') || 'shipmate',
      severity: SEVERITIES[alert.severity],
      timestamp: new Date(alert.startedAt).toISOString(),
      component: alert.object,
      group: alert.namespace,
      class: alert.rules[0] ?? 'external',
      custom_details: { ...alert.details, cause: alert.cause },
    },
  };
}
