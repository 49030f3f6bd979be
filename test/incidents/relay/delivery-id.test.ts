import { expect, test } from 'vitest';
import { deliveryId } from '../../../src/incidents/relay/attempt.ts';
import type { Told } from '../../../src/incidents/relay/rows.ts';

const target = { name: 'pager' };
const firing = { dedupKey: 'shipmate-k3f9q2x', status: 'firing', severity: 'high' } as const;
const resolved = { ...firing, status: 'resolved' } as const;
const told: Told = { schemaVersion: 1, key: 'k', status: 'resolved', severity: 'high', at: 1 };

test('a beginning that nobody is known to have heard keeps its name although its row was replaced', () => {
  expect(deliveryId(target, firing, 1_000, undefined)).toBe(deliveryId(target, firing, 2_000, undefined));
});

test('every later piece of news has a name of its own', () => {
  const ids = [
    deliveryId(target, firing, 1_000, undefined),
    deliveryId(target, resolved, 1_000, undefined),
    deliveryId(target, firing, 2_000, told),
    deliveryId(target, firing, 3_000, told),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});
