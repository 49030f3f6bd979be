import { expect, test } from 'vitest';
import h02 from '../../../src/incidents/rules/h02-hpa-mismatch.ts';
import { hpa } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

test('a wish that nobody follows for 15 min is told, and ends when it is followed', () => {
  const world = timeline([h02]);
  world.put(hpa('web', { current: 3, desired: 6 }), 0);
  expect(world.at(899)).toEqual([]);

  expect(world.at(900)).toMatchObject([
    { rule: 'H02', severity: 'warning', cause: 'wants 6 replicas, Deployment web stays at 3' },
  ]);

  world.put(hpa('web', { current: 6, desired: 6 }), 1_000);
  expect(world.at(1_119)).toHaveLength(1);
  expect(world.at(1_120)).toEqual([]);
});

test('a target that follows step by step is healthy', () => {
  const world = timeline([h02]);
  for (let step = 0; step < 5; step++) world.put(hpa('web', { current: 2 + step, desired: 8 }), step * 600);

  expect(world.at(2_400 + 899)).toEqual([]);
  expect(world.at(2_400 + 900)).toHaveLength(1);
});

test.each([
  ['at its minimum', { min: 3, current: 3, desired: 5 }],
  ['at its maximum', { max: 5, current: 5, desired: 4 }],
  ['that has what it wants', { current: 4, desired: 4 }],
])('an autoscaler %s is not told', (_name, options) => {
  const world = timeline([h02]);
  world.put(hpa('web', options), 0);

  expect(world.at(7_200)).toEqual([]);
});
