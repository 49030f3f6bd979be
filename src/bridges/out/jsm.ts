import type { BridgeOutConfig } from '../../config/bridges.ts';
import type { OutgoingAlert, Target } from '../alert.ts';
import { clipped } from './clipped.ts';
import { post } from './post.ts';

const URL_DEFAULT = 'https://api.atlassian.com/jsm/ops/integration/v2/alerts';
const PRIORITIES = { critical: 'P1', high: 'P2', warning: 'P3', info: 'P5' } as const;

/** Slack takes a message within a second, as a rule; the person who is woken should have its link. */
const LINK_WAIT_MS = 3_000;

/**
 * Jira Service Management (and Opsgenie until April 2027, by `url`): create by alias, acknowledge and close at
 * `…/<alias>/acknowledge|close?identifierType=alias`. All answers are 202: the work is done later there.
 */
export function jsmTarget(bridge: BridgeOutConfig, key: string): Target {
  const base = (bridge.url ?? URL_DEFAULT).replace(/\/$/, '');
  return {
    name: bridge.name,
    linkWaitMs: LINK_WAIT_MS,
    send(alert, { signal, now }) {
      const { path, body } = requestOf(alert, bridge);
      return post({
        url: `${base}${path}`,
        body: JSON.stringify(body),
        headers: { authorization: `GenieKey ${key}` },
        signal,
        now,
        reference: (answer) => (answer as { requestId?: string } | undefined)?.requestId,
      });
    },
  };
}

/** Path after the base, and body. Limits: message 130 characters, alias 512, description 15,000. Pure. */
export function requestOf(
  alert: OutgoingAlert,
  bridge: Pick<BridgeOutConfig, 'responders'>,
): { path: string; body: object } {
  const alias = clipped(alert.dedupKey, 512);
  const note = { source: 'Shipmate', note: clipped(alert.cause, 1_000) };
  const action = { firing: undefined, acked: 'acknowledge', resolved: 'close' }[alert.status];
  if (action !== undefined) return { path: `/${encodeURIComponent(alias)}/${action}?identifierType=alias`, body: note };
  return {
    path: '',
    body: {
      message: clipped(alert.summary, 130),
      alias,
      description: clipped(alert.cause, 15_000),
      priority: PRIORITIES[alert.severity],
      source: 'Shipmate',
      entity: [alert.namespace, alert.object].filter(Boolean).join('/'),
      tags: alert.rules.slice(0, 20),
      details: {
        ...alert.details,
        cluster: alert.cluster,
        ...(alert.url === undefined ? {} : { slack: alert.url }),
      },
      ...(bridge.responders.length === 0 ? {} : { responders: bridge.responders }),
    },
  };
}
