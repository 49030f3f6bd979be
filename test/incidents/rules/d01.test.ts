import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/d01-daemonset-stalled.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { condition, daemonSet, node, pod, terminated, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const ill = {
  ready: false,
  containers: [{ ready: false, restartCount: 4, state: waiting('CrashLoopBackOff'), lastState: terminated(-60) }],
};
const agent = (owner: KubeObject, on: string, options: object = {}) =>
  pod(`agent-${on}`, { owner, node: on, labels: { 'controller-revision-hash': 'a1' }, ...options });
const lost = (name: string, at: number) =>
  node(name, { conditions: [condition('Ready', 'Unknown', at, 'NodeStatusUnknown')] });

test('a pod that is not available on one of fifteen nodes is told after ten minutes', () => {
  const world = timeline([rule]);
  const owner = daemonSet('agent', { desired: 15, available: 14 });
  world.put(owner, 0);
  world.put(node('harbour-1'), 0);
  world.put(agent(owner, 'harbour-1', ill), 0);

  expect(world.at(599)).toEqual([]);
  expect(world.at(600)).toMatchObject([
    {
      rule: 'D01',
      severity: 'warning',
      cause: 'container app crashes: exit code 1 (app error); 14 of 15 pods serve',
      about: { name: 'agent-harbour-1' },
    },
  ]);
});

test('on more than a tenth of the nodes it is high', () => {
  const world = timeline([rule]);
  world.put(daemonSet('agent', { desired: 15, available: 13 }), 0);

  expect(world.at(600)).toMatchObject([{ severity: 'high' }]);
});

test('a rolling update that goes on is silent, however long it takes', () => {
  const world = timeline([rule]);
  for (let updated = 0; updated < 20; updated++)
    world.put(daemonSet('agent', { generation: 2, desired: 20, updated, available: 19 }), updated * 590);

  expect(world.at(19 * 590 + 599)).toEqual([]);
});

test('it is over two minutes after every node has its pod', () => {
  const world = timeline([rule]);
  world.put(daemonSet('agent', { desired: 3, available: 2 }), 0);
  world.at(600);
  world.put(daemonSet('agent', { desired: 3 }), 700);

  expect(world.at(819)).toHaveLength(1);
  expect(world.at(820)).toEqual([]);
});

test('pods on nodes that are not ready are the nodes’ trouble', () => {
  const world = timeline([rule]);
  const owner = daemonSet('agent', { desired: 3, available: 2 });
  world.put(owner, 0);
  world.put(lost('harbour-1', 0), 0);
  world.put(agent(owner, 'harbour-1', { ready: false }), 0);

  expect(world.at(7_200)).toEqual([]);
});

test('a node that is lost holds up the update of all others: that is told', () => {
  const world = timeline([rule]);
  const owner = daemonSet('agent', { generation: 2, desired: 3, updated: 1, available: 2 });
  world.put(owner, 0);
  world.put(lost('harbour-1', 0), 0);
  world.put(agent(owner, 'harbour-1', { ready: false }), 0);
  world.put(agent(owner, 'harbour-2'), 0);
  world.put(agent(owner, 'harbour-3', { createdAt: 0, labels: { 'controller-revision-hash': 'a2' } }), 0);

  expect(world.at(600)).toMatchObject([
    { causeClass: 'node', cause: expect.stringMatching(/^node harbour-1 is not ready; /) },
  ]);
});

test.each([
  ['of strategy OnDelete', { updateStrategy: 'OnDelete' as const }],
  ['not observed yet', { generation: 3, observedGeneration: 2 }],
  ['wanted on no node', { desired: 0, available: 0, updated: 0 }],
])('a DaemonSet that is %s is silent', (_, options) => {
  const world = timeline([rule]);
  world.put(daemonSet('agent', { desired: 3, available: 1, ...options }), 0);

  expect(world.at(7_200)).toEqual([]);
});
