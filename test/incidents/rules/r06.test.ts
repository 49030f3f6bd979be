import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/r06-controller-lag.ts';
import { daemonSet, deployment, hpa, statefulSet } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

test.each([
  ['Deployment', deployment('web', { generation: 4, observedGeneration: 3 })],
  ['StatefulSet', statefulSet('web', { generation: 4, observedGeneration: 3 })],
  ['DaemonSet', daemonSet('web', { generation: 4, observedGeneration: 3 })],
])('a %s whose controller does not look at it is told after five minutes', (_, object) => {
  const world = timeline([rule]);
  world.put(object, 0);

  expect(world.at(299)).toEqual([]);
  expect(world.at(300)).toMatchObject([
    {
      rule: 'R06',
      severity: 'high',
      cause: 'the controller has not seen the newest spec: generation 4, observed 3',
    },
  ]);
});

test('it is over two minutes after the controller has caught up', () => {
  const world = timeline([rule]);
  world.put(deployment('web', { generation: 4, observedGeneration: 3 }), 0);
  world.at(300);
  world.put(deployment('web', { generation: 4 }), 400);

  expect(world.at(519)).toHaveLength(1);
  expect(world.at(520)).toEqual([]);
});

test('from three on it is the cluster’s trouble', () => {
  const world = timeline([rule]);
  for (const name of ['a', 'b', 'c']) world.put(deployment(name, { generation: 4, observedGeneration: 3 }), 0);

  expect(world.at(300).map(({ cause }) => cause)).toContain(
    'kube-controller-manager does not keep up: the newest specs of 3 or more objects are not seen',
  );
});

test('a controller that is always one edit behind, but works, is silent', () => {
  const world = timeline([rule]);
  for (let generation = 2; generation < 30; generation++)
    world.put(deployment('web', { generation, observedGeneration: generation - 1 }), generation * 60);

  expect(world.at(29 * 60 + 239)).toEqual([]);
});

test('an autoscaler that never wrote what it observed is silent', () => {
  const world = timeline([rule]);
  world.put(hpa('web', { generation: 3, status: { observedGeneration: undefined } }), 0);

  expect(world.at(7_200)).toEqual([]);
});
