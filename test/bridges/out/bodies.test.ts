import { describe, expect, test } from 'vitest';
import type { OutgoingAlert } from '../../../src/bridges/alert.ts';
import { alertOf, alertsOf } from '../../../src/bridges/out/alertmanager.ts';
import { requestOf } from '../../../src/bridges/out/jsm.ts';
import { eventOf } from '../../../src/bridges/out/pagerduty.ts';
import { cloudEventOf, signatureOf } from '../../../src/bridges/out/webhook.ts';

const NOW = Date.parse('2026-05-04T10:10:00Z');
const PROMISED = 300_000;
const alert: OutgoingAlert = {
  dedupKey: 'shipmate-k3f9q2x',
  status: 'firing',
  severity: 'high',
  summary: '[eu1] shop/cart: rollout stalled: image not found',
  cause: 'image not found',
  cluster: 'eu1',
  namespace: 'shop',
  object: 'deployment/cart',
  rules: ['R01', 'P03'],
  startedAt: Date.parse('2026-05-04T10:00:00Z'),
  url: 'https://northwind.slack.com/archives/C1/p1',
  labels: {},
  details: { pod: 'cart-7d-x' },
};
const acked: OutgoingAlert = { ...alert, status: 'acked' };
const over: OutgoingAlert = { ...alert, status: 'resolved', resolvedAt: NOW - 60_000 };

describe('Alertmanager’s API v2', () => {
  test('gets labels that never change while the incident lives', () => {
    const labels = (one: OutgoingAlert): unknown => (alertOf(one, NOW, PROMISED) as { labels: unknown }).labels;

    expect(labels(acked)).toEqual(labels(alert));
    expect(labels({ ...over, cause: 'another', rules: ['P01'] })).toEqual(labels(alert));
    expect(labels(alert)).toMatchObject({ alertname: 'ShipmateDeployment', cluster: 'eu1', namespace: 'shop' });
  });

  test('is promised an end ahead while it fires, and told the real one after', () => {
    expect(alertOf(alert, NOW, PROMISED)).toMatchObject({
      endsAt: '2026-05-04T10:15:00.000Z',
      startsAt: '2026-05-04T10:00:00.000Z',
    });
    expect(alertOf(over, NOW, PROMISED)).toMatchObject({ endsAt: '2026-05-04T10:09:00.000Z' });
  });
});

describe('Alertmanager, when it gets worse', () => {
  const worse: OutgoingAlert = { ...alert, severity: 'critical' };

  test('is told the end of the old severity together with the beginning of the new one', () => {
    expect(alertsOf(alert, undefined, NOW, PROMISED)).toEqual([alertOf(alert, NOW, PROMISED)]);
    expect(alertsOf(worse, 'high', NOW, PROMISED)).toMatchObject([
      { labels: { shipmate_severity: 'high' }, endsAt: '2026-05-04T10:10:00.000Z' },
      { labels: { shipmate_severity: 'critical' }, endsAt: '2026-05-04T10:15:00.000Z' },
    ]);
  });

  test('is told the end of what it knows, whatever the severity was at the end', () => {
    expect(alertsOf(over, 'warning', NOW, PROMISED)).toMatchObject([
      { labels: { severity: 'warning' }, endsAt: '2026-05-04T10:09:00.000Z' },
    ]);
  });
});

describe('PagerDuty’s Events v2', () => {
  const key = '0123456789abcdef0123456789abcdef';

  test('gets trigger, acknowledge and resolve under one dedup_key', () => {
    expect(eventOf(alert, key)).toMatchObject({
      routing_key: key,
      event_action: 'trigger',
      dedup_key: 'shipmate-k3f9q2x',
      client_url: alert.url,
      payload: { severity: 'error', source: 'eu1/shop/deployment/cart', class: 'R01', component: 'deployment/cart' },
    });
    expect(eventOf(acked, key)).toEqual({ routing_key: key, event_action: 'acknowledge', dedup_key: alert.dedupKey });
    expect(eventOf(over, key)).toEqual({ routing_key: key, event_action: 'resolve', dedup_key: alert.dedupKey });
  });

  test('never gets a longer summary than it takes', () => {
    const event = eventOf({ ...alert, summary: '😀'.repeat(2_000) }, key) as { payload: { summary: string } };

    expect(event.payload.summary.length).toBeLessThanOrEqual(1_024);
    expect(event.payload.summary.isWellFormed()).toBe(true);
  });
});

describe('JSM', () => {
  test('gets create, acknowledge and close by alias', () => {
    expect(requestOf(alert, { responders: [{ type: 'schedule', name: 'platform' }] })).toMatchObject({
      path: '',
      body: {
        alias: alert.dedupKey,
        priority: 'P2',
        entity: 'shop/deployment/cart',
        responders: [{ name: 'platform' }],
      },
    });
    expect(requestOf(acked, { responders: [] }).path).toBe('/shipmate-k3f9q2x/acknowledge?identifierType=alias');
    expect(requestOf(over, { responders: [] }).path).toBe('/shipmate-k3f9q2x/close?identifierType=alias');
  });

  test('never gets a longer message than 130 characters', () => {
    const { body } = requestOf({ ...alert, summary: 'x'.repeat(500) }, { responders: [] });

    expect((body as { message: string }).message).toHaveLength(130);
  });
});

describe('a signed webhook', () => {
  test('is a CloudEvent whose signature covers the time and the body', () => {
    expect(cloudEventOf(over, 'd-1', NOW)).toMatchObject({
      specversion: '1.0',
      id: 'd-1',
      type: 'dev.shipmate.incident.resolved',
      subject: 'eu1/shop/deployment/cart',
      data: { resolvedAt: '2026-05-04T10:09:00.000Z', dedupKey: alert.dedupKey },
    });
    // printf '1777889400.{}' | openssl dgst -sha256 -hmac s3cret
    expect(signatureOf('s3cret', '1777889400', '{}')).toMatch(/^v1=[0-9a-f]{64}$/);
    expect(signatureOf('s3cret', '1777889401', '{}')).not.toBe(signatureOf('s3cret', '1777889400', '{}'));
    expect(signatureOf('other', '1777889400', '{}')).not.toBe(signatureOf('s3cret', '1777889400', '{}'));
  });
});
