import { expect, test } from 'vitest';
import n06 from '../../../src/incidents/rules/n06-node-left-cordoned.ts';
import { node, time } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const DAY = 86_400;

test('a node that stays cordoned for a day is told, and ends with its uncordoning', () => {
  const world = timeline([n06]);
  const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: time(0) }];
  world.put(node('harbour-2', { unschedulable: true, taints }), 60);
  expect(world.at(DAY - 1)).toEqual([]);

  expect(world.at(DAY)).toMatchObject([
    { rule: 'N06', severity: 'info', cause: 'cordoned since 1 Jan 00:00 UTC, no note says why' },
  ]);

  world.put(node('harbour-2'), DAY + 60);
  expect(world.at(DAY + 179)).toHaveLength(1);
  expect(world.at(DAY + 180)).toEqual([]);
});

test('a node with a note, or one that leaves, may stay cordoned; without a taint it counts from when it was seen', () => {
  const world = timeline([n06]);
  world.put(node('noted', { unschedulable: true, annotations: { 'shipmate/note': 'broken fan' } }), 0);
  world.put(
    node('leaving', { unschedulable: true, taints: [{ key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }] }),
    0,
  );
  world.put(node('plain', { unschedulable: true }), 100);

  expect(world.at(DAY + 99)).toEqual([]);
  expect(world.at(DAY + 100).map(({ object }) => object.name)).toEqual(['plain']);
});
