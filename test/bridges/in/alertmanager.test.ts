import { describe, expect, test } from 'vitest';
import { parseAlertmanager } from '../../../src/bridges/in/alertmanager.ts';
import { BadBody } from '../../../src/bridges/in/fields.ts';
import { bridgesSchema } from '../../../src/config/bridges.ts';

const NOW = Date.parse('2026-05-04T10:05:00Z');
const bridge = bridgesSchema.parse({
  in: [
    {
      name: 'prometheus',
      kind: 'alertmanager',
      tokenFile: '/tmp/token',
      cluster: 'eu1',
      severities: { sev0: 'critical' },
      heartbeat: {},
    },
  ],
}).in[0] as NonNullable<ReturnType<typeof bridgesSchema.parse>['in'][number]>;

/** What Alertmanager sends (webhook version 4). */
function delivery(alerts: readonly object[], more: object = {}): object {
  return {
    version: '4',
    groupKey: '{}:{alertname="PodDown"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'bot',
    groupLabels: { alertname: 'PodDown' },
    commonLabels: { severity: 'critical' },
    commonAnnotations: {},
    externalURL: 'http://am:9093',
    alerts,
    ...more,
  };
}
const firing = {
  status: 'firing',
  labels: { alertname: 'PodDown', namespace: 'shop', pod: 'cart-0', severity: 'critical' },
  annotations: { summary: 'cart-0 is down', description: 'for 5 minutes' },
  startsAt: '2026-05-04T10:00:00Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prom/graph',
  fingerprint: '9f86d081884c7d65',
};

describe('a webhook of Alertmanager', () => {
  test('becomes alerts by fingerprint, with the group, the severity and the link', () => {
    const { alerts, truncated } = parseAlertmanager(delivery([firing]), bridge, NOW);

    expect(truncated).toBe(0);
    expect(alerts).toEqual([
      {
        source: 'prometheus',
        fingerprint: '9f86d081884c7d65',
        groupKey: '{}:{alertname="PodDown"}',
        title: 'PodDown: cart-0 is down',
        text: 'for 5 minutes',
        url: 'http://prom/graph',
        labels: { ...firing.labels, cluster: 'eu1' },
        status: 'firing',
        severity: 'critical',
        startsAt: Date.parse('2026-05-04T10:00:00Z'),
        endsAt: undefined,
        isHeartbeat: false,
      },
    ]);
  });

  test('that says resolved carries its end; Go’s zero time is none', () => {
    const [over] = parseAlertmanager(
      delivery([{ ...firing, status: 'resolved', endsAt: '2026-05-04T10:04:00Z' }]),
      bridge,
      NOW,
    ).alerts;

    expect(over).toMatchObject({ status: 'resolved', endsAt: Date.parse('2026-05-04T10:04:00Z') });
    expect(parseAlertmanager(delivery([firing]), bridge, NOW).alerts[0]?.endsAt).toBeUndefined();
  });

  test.each([
    ['page', 'critical'],
    ['error', 'high'],
    ['SEV0', 'critical'],
    ['none', 'info'],
    ['weird', 'warning'],
    [undefined, 'warning'],
  ])('calls severity %s %s', (word, expected) => {
    const labels = { alertname: 'A', ...(word === undefined ? {} : { severity: word }) };

    expect(parseAlertmanager(delivery([{ ...firing, labels }]), bridge, NOW).alerts[0]?.severity).toBe(expected);
  });

  test('knows the heartbeat', () => {
    const [alert] = parseAlertmanager(delivery([{ ...firing, labels: { alertname: 'Watchdog' } }]), bridge, NOW).alerts;

    expect(alert?.isHeartbeat).toBe(true);
  });

  test('of a newer version, with unknown fields, is understood', () => {
    const newer = delivery([{ ...firing, futureField: [1] }], {
      version: '5',
      notification_reason: 'new',
      routeLabels: {},
    });

    expect(parseAlertmanager(newer, bridge, NOW).alerts).toHaveLength(1);
  });

  test('does not lose the good alerts with a bad one', () => {
    const { alerts, skipped } = parseAlertmanager(
      delivery([firing, 7 as never, { ...firing, status: 'maybe' }]),
      bridge,
      NOW,
    );

    expect(alerts).toHaveLength(1);
    expect(skipped).toEqual([
      'alerts[1] should be a JSON object, not a number.',
      'alerts[2].status should be "firing" or "resolved", not "maybe".',
    ]);
  });

  test.each([
    [null, 'The body should be a JSON object, not null.'],
    [[], 'The body should be a JSON object, not a list.'],
    [{}, '`alerts` should be a list: is this an Alertmanager webhook (version 4)?'],
  ])('that is something else (%j) is refused with the reason', (body, said) => {
    expect(() => parseAlertmanager(body, bridge, NOW)).toThrow(new BadBody(said));
  });

  test('never makes a link of anything but http', () => {
    const [alert] = parseAlertmanager(
      delivery([{ ...firing, generatorURL: 'javascript:alert(1)' }], { externalURL: 'file:///etc/passwd' }),
      bridge,
      NOW,
    ).alerts;

    expect(alert?.url).toBeUndefined();
  });
});
