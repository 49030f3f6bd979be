import { expect, test } from 'vitest';
import b02 from '../../../src/incidents/rules/b02-pdb-blocks-drain.ts';
import { node, pdb, pod } from '../../support/kube-objects.ts';
import { timeline, type World } from '../../support/timeline.ts';

const closed = { currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0, expectedPods: 2 };

function draining(): World {
  const world = timeline([b02]);
  world.put(node('harbour-1'), 0);
  world.put(node('harbour-2', { unschedulable: true }), 0);
  world.put(pod('db-0', { labels: { app: 'db' }, node: 'harbour-1' }), 0);
  world.put(pod('db-1', { labels: { app: 'db' }, node: 'harbour-2' }), 0);
  return world;
}

test('a drain that waits for a budget for 10 min is told, and ends with the uncordoning', () => {
  const world = draining();
  world.put(pdb('db', closed), 0);
  expect(world.at(599)).toEqual([]);

  expect(world.at(600)).toMatchObject([
    {
      rule: 'B02',
      severity: 'high',
      cause: 'allows no eviction: 1 pod stays on cordoned node harbour-2',
      shares: { node: 'harbour-2' },
      about: { kind: 'Pod', name: 'db-1' },
    },
  ]);

  world.put(node('harbour-2'), 700);
  world.sweep(700);
  expect(world.at(819)).toHaveLength(1);
  expect(world.at(820)).toEqual([]);
});

test('each pod that leaves is progress', () => {
  const world = draining();
  world.put(pod('db-2', { labels: { app: 'db' }, node: 'harbour-2' }), 0);
  world.put(pdb('db', closed), 0);
  world.remove('Pod', 'shop', 'db-1', 500);
  world.sweep(500);

  expect(world.at(1_099)).toEqual([]);
  expect(world.at(1_100)).toHaveLength(1);
});

test.each([
  ['that allows an eviction', { ...closed, disruptionsAllowed: 1 }],
  ['over other pods', { ...closed, matchLabels: { app: 'web' } }],
  ['over nothing', { ...closed, expectedPods: 0 }],
])('a budget %s blocks nothing', (_name, options) => {
  const world = draining();
  world.put(pdb('db', options), 0);

  expect(world.at(3_600)).toEqual([]);
});

test('a closed budget blocks nothing while no node is cordoned', () => {
  const world = draining();
  world.put(node('harbour-2'), 0);
  world.put(pdb('db', closed), 0);

  expect(world.at(3_600)).toEqual([]);
});
