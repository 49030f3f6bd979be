import { expect, test } from 'vitest';
import type { IncomingAlert } from '../../../src/bridges/alert.ts';
import { externalOf } from '../../../src/incidents/relay/incoming.ts';

const NOW = Date.parse('2026-05-04T10:00:00Z');
const alert: IncomingAlert = {
  source: 'prometheus',
  fingerprint: 'f1',
  groupKey: '{}',
  title: 'PodDown: cart-0',
  text: 'down',
  labels: { alertname: 'PodDown', namespace: 'shop' },
  status: 'firing',
  severity: 'high',
  startsAt: NOW - 1_000,
  isHeartbeat: false,
};

test('an alert is stale once nobody has repeated it for as long as the config says', () => {
  expect(externalOf(alert, { staleAfter: '8h' }, NOW)).toMatchObject({
    lastSeenAt: NOW,
    staleAt: NOW + 8 * 3_600_000,
    startsAt: NOW - 1_000,
  });
});

test('an alert that begins in the future, by a clock that is ahead, begins now; one that does not say when, too', () => {
  expect(externalOf({ ...alert, startsAt: NOW + 60_000 }, { staleAfter: '8h' }, NOW).startsAt).toBe(NOW);
  expect(externalOf({ ...alert, startsAt: undefined }, { staleAfter: '8h' }, NOW)).toMatchObject({
    startsAt: NOW,
    isStartGuessed: true,
  });
});

test('two hundred alerts with all that they may hold are no more than etcd takes', () => {
  const labels = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`label_${n}`, 'ü'.repeat(1_000)]));
  const big = { ...alert, text: '"é'.repeat(2_000), title: '漢'.repeat(1_000), labels: { ...labels, ...alert.labels } };

  const kept = externalOf(big, { staleAfter: '8h' }, NOW, 200);

  expect(kept.labels).toMatchObject(alert.labels);
  expect(kept.title).toMatch(/^漢+…$/);
  expect(Buffer.byteLength(JSON.stringify(kept)) * 200).toBeLessThan(1_200_000);
});
