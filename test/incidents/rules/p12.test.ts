import { expect, test } from 'vitest';
import oom from '../../../src/incidents/rules/p02-oom.ts';
import rule from '../../../src/incidents/rules/p12-node-loss.ts';
import bare from '../../../src/incidents/rules/p17-bare-pod-failed.ts';
import { condition, pod, terminated } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

test.each([
  ['a node that shut down', { phase: 'Failed', reason: 'NodeShutdown' }],
  ['a graceful shutdown', { phase: 'Failed', reason: 'Terminated' }],
  ['a node that is lost', { phase: 'Unknown', reason: 'NodeLost' }],
  ['garbage collection', { phase: 'Failed', conditions: [condition('DisruptionTarget', true, 0, 'DeletionByPodGC')] }],
  [
    'a status that nobody knows',
    { phase: 'Failed', containers: [{ state: terminated(0, { exitCode: 137, reason: 'ContainerStatusUnknown' }) }] },
  ],
])('%s is folded into the node’s own incident, and is no other failure', (_name, options) => {
  const world = timeline([rule, oom, bare]);
  world.put(pod('web-1', { restartPolicy: 'Never', createdAt: -60, readyAt: 0, ...options }), 0);

  expect(world.at(0)).toMatchObject([{ rule: 'P12', isFolded: true, causeClass: 'node', shares: { node: 'node-1' } }]);
});

test('it explains nothing any more after an hour', () => {
  const world = timeline([rule]);
  world.put(pod('web-1', { createdAt: -60, readyAt: 0, phase: 'Failed', reason: 'NodeShutdown' }), 0);

  expect(world.at(3_600 + 119)).toHaveLength(1);
  expect(world.at(3_600 + 120)).toEqual([]);
});

test('a pod that failed by itself has not lost its node', () => {
  const world = timeline([rule]);
  world.put(pod('web-1', { phase: 'Failed', containers: [{ state: terminated(0, { exitCode: 137 }) }] }), 0);

  expect(world.at(0)).toEqual([]);
});
