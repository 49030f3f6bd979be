import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p11-kubelet-refused.ts';
import { pod } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const refused = (name: string, at: number, reason = 'OutOfcpu') =>
  pod(name, {
    createdAt: at,
    phase: 'Failed',
    reason,
    message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 500, used: 3800, capacity: 4000",
    status: { conditions: [], containerStatuses: [] },
  });

test('a refusal is noted after two minutes and over after fifteen without another', () => {
  const world = timeline([rule]);
  world.put(refused('web-1', 0), 0);

  expect(world.at(119)).toEqual([]);
  expect(world.at(120)).toMatchObject([
    {
      rule: 'P11',
      severity: 'info',
      shares: { node: 'node-1' },
      cause: expect.stringContaining('refused by the kubelet of node-1: OutOfcpu'),
    },
  ]);
  expect(world.at(899)).toHaveLength(1);
  expect(world.at(900)).toEqual([]);
});

test('five of one node are a warning', () => {
  const world = timeline([rule]);
  for (let index = 0; index < 5; index++) world.put(refused(`web-${index}`, 0, 'NodeAffinity'), 0);

  expect(world.at(120).map(({ severity }) => severity)).toEqual(Array(5).fill('warning'));
});

test('a pod that failed by itself or was evicted is none', () => {
  const world = timeline([rule]);
  world.put(pod('a', { phase: 'Failed', reason: 'Evicted' }), 0);
  world.put(pod('b', { phase: 'Failed' }), 0);

  expect(world.at(300)).toEqual([]);
});
