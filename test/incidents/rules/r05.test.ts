import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/r05-replica-gap.ts';
import { deployment } from '../../support/kube-objects.ts';
import { available, moving, progressing } from '../../support/rollout-scenes.ts';
import { timeline } from '../../support/timeline.ts';

test('a pod that does not come back is told after fifteen minutes', () => {
  const world = timeline([rule]);
  world.put(deployment('web', { replicas: 8, available: 7 }), 0);

  expect(world.at(899)).toEqual([]);
  expect(world.at(900)).toMatchObject([{ rule: 'R05', severity: 'warning', cause: '7 of 8 pods available' }]);
});

test('it is over two minutes after all are available', () => {
  const world = timeline([rule]);
  world.put(deployment('web', { replicas: 8, available: 7 }), 0);
  world.at(900);
  world.put(deployment('web', { replicas: 8 }), 1_000);

  expect(world.at(1_119)).toHaveLength(1);
  expect(world.at(1_120)).toEqual([]);
});

test('an autoscaler that adds pods every few minutes is silent, however long its pods lag behind', () => {
  const world = timeline([rule]);
  for (let step = 0; step < 10; step++)
    world.put(
      deployment('web', { generation: step + 1, replicas: 20 + step * 4, available: 16 + step * 4 }),
      step * 300,
    );

  expect(world.at(2_700 + 599)).toEqual([]);
  expect(world.at(2_700 + 600)).toHaveLength(1);
});

test('below the minimum R04 speaks, in a rollout nobody but the rollout rules', () => {
  const world = timeline([rule]);
  const conditions = [available(false, 0), progressing(true, 'NewReplicaSetAvailable', -9_000)];
  world.put(deployment('web', { replicas: 8, available: 2, conditions }), 0);
  for (const object of moving({ progressDeadlineSeconds: 7_200 })) world.put(object, 0);

  expect(world.at(7_000)).toEqual([]);
});

test.each([
  ['paused', { paused: true }],
  ['scaled to zero', { replicas: 0 }],
])('a Deployment that is %s is silent', (_, options) => {
  const world = timeline([rule]);
  world.put(deployment('web', { replicas: 8, available: 0, ...options }), 0);

  expect(world.at(7_200)).toEqual([]);
});
