import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p07-pending.ts';
import { condition, pod, running, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const READY_TO_START = condition('PodReadyToStartContainers', true, 2);
const pending = (options = {}) => pod('web-1', { phase: 'Pending', createdAt: 0, ...options });

test('a pod that no scheduler looks at is told after fifteen minutes', () => {
  const world = timeline([rule]);
  world.put(pending({ node: '', status: { conditions: [], containerStatuses: [] } }), 0);

  expect(world.at(899)).toEqual([]);
  expect(world.at(900)).toMatchObject([
    { rule: 'P07', severity: 'warning', causeClass: 'unknown', cause: 'no scheduler has looked at it' },
  ]);
});

test('a kubelet that does not take it up is named', () => {
  const world = timeline([rule]);
  world.put(pending({ status: { containerStatuses: [] } }), 0);

  expect(world.at(900)).toMatchObject([
    { cause: 'the kubelet of node-1 has not taken it up', shares: { node: 'node-1' } },
  ]);
});

test('a pull without end is said to be one', () => {
  const world = timeline([rule]);
  world.put(pending({ containers: [{ state: waiting('ContainerCreating') }], conditions: [READY_TO_START] }), 0);
  world.event(
    {
      about: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
      type: 'Normal',
      reason: 'Pulling',
      message: 'Pulling image "registry.example.com/shop/web:1"',
    },
    5,
  );

  expect(world.at(899)).toEqual([]);
  expect(world.at(900)[0]?.cause).toBe('still pulling on node-1: image "registry.example.com/shop/web:1"');
});

test('it is over two minutes after the pod runs', () => {
  const world = timeline([rule]);
  world.put(pending({ status: { containerStatuses: [] } }), 0);
  world.at(900);
  world.put(pod('web-1', { createdAt: 0 }), 1_000);

  expect(world.at(1_119)).toHaveLength(1);
  expect(world.at(1_120)).toEqual([]);
});

test('the time without a node does not count once it has one', () => {
  const world = timeline([rule]);
  world.put(pending({ conditions: [condition('PodScheduled', true, 5_000)], status: {} }), 5_000);

  expect(world.at(5_899)).toEqual([]);
});

test('what another rule tells of is silent here', () => {
  const world = timeline([rule]);
  const others = {
    unfit: { node: '', conditions: [condition('PodScheduled', false, 0, 'Unschedulable')] },
    gated: { node: '', spec: { schedulingGates: [{ name: 'wait' }] } },
    image: { containers: [{ state: waiting('ImagePullBackOff') }] },
    config: { containers: [{ state: waiting('CreateContainerConfigError', 'secret "a" not found') }] },
    sandbox: { containers: [{ state: waiting('ContainerCreating') }] },
    init: { initContainers: [{ name: 'a', state: running(0) }], conditions: [READY_TO_START] },
  };
  for (const [name, options] of Object.entries(others))
    world.put(pod(name, { phase: 'Pending', createdAt: 0, ...options }), 0);

  expect(world.at(3_000)).toEqual([]);
});
