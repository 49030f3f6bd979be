import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/s04-statefulset-gap.ts';
import { pod, running, statefulSet } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

test('a pod that does not come back is told after fifteen minutes', () => {
  const world = timeline([rule]);
  world.put(statefulSet('db', { replicas: 3, available: 2 }), 0);

  expect(world.at(899)).toEqual([]);
  expect(world.at(900)).toMatchObject([{ rule: 'S04', severity: 'warning', cause: '2 of 3 pods ready' }]);
});

test('with none ready it is critical after two minutes', () => {
  const world = timeline([rule]);
  world.put(statefulSet('db', { replicas: 3, available: 3 }), 0);
  world.put(statefulSet('db', { replicas: 3, available: 0 }), 100);

  expect(world.at(219)).toEqual([]);
  expect(world.at(220)).toMatchObject([{ severity: 'critical', cause: 'none of 3 pods ready' }]);
});

test('it is over two minutes after all are ready', () => {
  const world = timeline([rule]);
  world.put(statefulSet('db', { replicas: 1, available: 0 }), 0);
  world.at(120);
  world.put(statefulSet('db', { replicas: 1 }), 200);

  expect(world.at(319)).toHaveLength(1);
  expect(world.at(320)).toEqual([]);
});

test('a new set whose first pod takes its time is silent for the first three minutes', () => {
  const world = timeline([rule]);
  const owner = statefulSet('db', { replicas: 1, available: 0, createdAt: 0 });
  world.put(owner, 0);
  world.put(pod('db-0', { owner, createdAt: 1, ready: false, containers: [{ ready: false, state: running(5) }] }), 1);

  expect(world.at(180)).toEqual([]);
  world.put(statefulSet('db', { replicas: 1, createdAt: 0 }), 180);

  expect(world.at(3_600)).toEqual([]);
});

test('scaling in order is silent, though pods are missing all the time', () => {
  const world = timeline([rule]);
  for (let ready = 3; ready < 12; ready++)
    world.put(statefulSet('db', { replicas: 12, available: ready, status: { replicas: ready + 1 } }), ready * 300);

  expect(world.at(11 * 300 + 299)).toEqual([]);
});

test.each([
  ['updating', { updateRevision: 'db-2', updated: 1 }],
  ['scaled to zero', { replicas: 0 }],
  ['scaling down', { replicas: 1, available: 3 }],
  ['not observed yet', { generation: 2, observedGeneration: 1 }],
])('a set that is %s is silent', (_, options) => {
  const world = timeline([rule]);
  world.put(statefulSet('db', { replicas: 3, available: 1, ...options }), 0);

  expect(world.at(7_200)).toEqual([]);
});
