import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p06-unschedulable.ts';
import { condition, deployment, pod, replicaSet } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const MESSAGE =
  '0/5 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 4 Insufficient cpu. preemption: 0/5 nodes are available: 1 Preemption is not helpful for scheduling, 4 No preemption victims found for incoming pod.';
const unfit = (options = {}, reason = 'Unschedulable') =>
  pod('web-1', {
    phase: 'Pending',
    node: '',
    createdAt: 0,
    conditions: [condition('PodScheduled', false, 0, reason, MESSAGE)],
    status: { containerStatuses: [] },
    ...options,
  });

test('a pod that no node takes is told after five minutes, with the reasons', () => {
  const world = timeline([rule]);
  world.put(unfit(), 0);

  expect(world.at(299)).toEqual([]);
  expect(world.at(300)).toMatchObject([
    {
      rule: 'P06',
      severity: 'warning',
      causeClass: 'unschedulable',
      cause: 'no node fits: 4 insufficient cpu, 1 taint node-role.kubernetes.io/control-plane (of 5 nodes)',
    },
  ]);
});

test('with a new node on its way it is given ten minutes', () => {
  const scaled = timeline([rule]);
  scaled.put(unfit(), 0);
  scaled.event(
    {
      about: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
      type: 'Normal',
      reason: 'TriggeredScaleUp',
      message: 'pod triggered scale-up',
    },
    20,
  );
  const nominated = timeline([rule]);
  nominated.put(unfit({ status: { containerStatuses: [], nominatedNodeName: 'node-2' } }), 0);

  for (const world of [scaled, nominated]) {
    expect(world.at(599)).toEqual([]);
    expect(world.at(600)).toHaveLength(1);
  }
});

test('it is high while its owner has fewer than it must', () => {
  const web = deployment('web', { replicas: 4, available: 2 });
  const set = replicaSet('web-7d', { owner: web });
  const world = timeline([rule]);
  world.put(web, 0);
  world.put(set, 0);
  world.put(unfit({ owner: set }), 0);

  expect(world.at(300)).toMatchObject([{ severity: 'high' }]);
});

test('it is over two minutes after it got a node', () => {
  const world = timeline([rule]);
  world.put(unfit(), 0);
  world.at(300);
  world.put(pod('web-1', { createdAt: 0 }), 400);

  expect(world.at(519)).toHaveLength(1);
  expect(world.at(520)).toEqual([]);
});

test('a gated pod waits on purpose', () => {
  const world = timeline([rule]);
  world.put(unfit({ spec: { schedulingGates: [{ name: 'wait' }] } }, 'SchedulingGated'), 0);

  expect(world.at(3_000)).toEqual([]);
});
