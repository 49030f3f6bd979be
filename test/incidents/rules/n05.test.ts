import { expect, test } from 'vitest';
import n05 from '../../../src/incidents/rules/n05-node-full-of-pods.ts';
import { node, pod } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

test('a node with 95% of its pods is told after 15 min, and ends with fewer', () => {
  const world = timeline([n05]);
  for (let n = 0; n < 19; n++) world.put(pod(`web-${n}`, { node: 'harbour-2' }), 0);
  world.put(pod('done', { node: 'harbour-2', phase: 'Succeeded' }), 0);
  world.put(node('harbour-2', { allocatable: { pods: '20' } }), 0);
  expect(world.at(899)).toEqual([]);

  expect(world.at(900)).toMatchObject([
    { rule: 'N05', severity: 'info', cause: 'runs at least 95% of the 20 pods that it can' },
  ]);

  world.remove('Pod', 'shop', 'web-0', 1_000);
  world.sweep(1_000);
  expect(world.at(1_119)).toHaveLength(1);
  expect(world.at(1_120)).toEqual([]);
});

test('a virtual kubelet with room for one pod, and one that says nothing, are not full', () => {
  const world = timeline([n05]);
  world.put(pod('web-1', { node: 'virtual' }), 0);
  world.put(node('virtual', { allocatable: { pods: '1' } }), 0);
  world.put(node('quiet', { allocatable: {} }), 0);

  expect(world.at(3_600)).toEqual([]);
});
