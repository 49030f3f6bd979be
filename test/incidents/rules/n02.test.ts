import { expect, test } from 'vitest';
import n02 from '../../../src/incidents/rules/n02-node-unreachable.ts';
import { node, pod, time } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const taint = (at?: number) => ({
  key: 'node.kubernetes.io/unreachable',
  effect: 'NoExecute',
  ...(at !== undefined && { timeAdded: time(at) }),
});

test('an unreachable node is told after 5 min and ends once the taint is gone', () => {
  const world = timeline([n02]);
  world.put(pod('web-1', { node: 'harbour-2' }), 0);
  world.put(node('harbour-2', { ready: 'Unknown', heartbeatAt: 20, taints: [taint(60)] }), 60);
  expect(world.at(359)).toEqual([]);

  expect(world.at(360)).toMatchObject([
    {
      rule: 'N02',
      severity: 'high',
      cause: 'unreachable, last heartbeat 1 Jan 00:00 UTC, 1 pod at risk',
      shares: { node: 'harbour-2' },
    },
  ]);

  world.put(node('harbour-2'), 400);
  expect(world.at(519)).toHaveLength(1);
  expect(world.at(520)).toEqual([]);
});

test('a taint without its time counts from when it was seen', () => {
  const world = timeline([n02]);
  world.put(node('harbour-2', { taints: [taint()] }), 100);

  expect(world.at(399)).toEqual([]);
  expect(world.at(400)).toHaveLength(1);
});

test.each([
  ['leaves with its autoscaler', { taints: [taint(0), { key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }] }],
  ['is cordoned and empty', { unschedulable: true, taints: [taint(0)] }],
  ['is only not ready', { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }] }],
])('a node that %s is not told', (_name, options) => {
  const world = timeline([n02]);
  world.put(node('harbour-2', options), 0);

  expect(world.at(3_600)).toEqual([]);
});
