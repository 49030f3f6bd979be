import { expect, test } from 'vitest';
import h01 from '../../../src/incidents/rules/h01-hpa-maxed-out.ts';
import { condition, hpa } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

test('an autoscaler at its maximum for 15 min is told, and ends below it', () => {
  const world = timeline([h01]);
  const conditions = [condition('ScalingLimited', true, 0, 'TooManyReplicas')];
  world.put(hpa('web', { min: 2, max: 10, current: 10, conditions }), 0);
  expect(world.at(899)).toEqual([]);

  expect(world.at(900)).toMatchObject([
    {
      rule: 'H01',
      severity: 'warning',
      cause: 'at its maximum of 10 replicas and asks for more',
      facts: [
        { label: 'Scales', value: 'Deployment web' },
        { label: 'Replicas', value: '10 (2–10)' },
        { label: 'Metrics', value: 'cpu at or below 70%' },
      ],
    },
  ]);

  world.put(hpa('web', { min: 2, max: 10, current: 9 }), 1_000);
  expect(world.at(1_119)).toHaveLength(1);
  expect(world.at(1_120)).toEqual([]);
});

test('a minute below the maximum, or a new maximum, starts anew', () => {
  const world = timeline([h01]);
  world.put(hpa('web', { min: 2, max: 10, current: 10 }), 0);
  world.put(hpa('web', { min: 2, max: 10, current: 9 }), 600);
  world.put(hpa('web', { min: 2, max: 10, current: 10 }), 660);
  world.put(hpa('web', { min: 2, max: 12, current: 12 }), 800);

  expect(world.at(1_699)).toEqual([]);
  expect(world.at(1_700)).toHaveLength(1);
});

test('a restart does not start the hold anew', () => {
  const world = timeline([h01]);
  world.put(hpa('web', { min: 2, max: 10, current: 10 }), 0);
  world.restart(600);

  expect(world.at(900)).toHaveLength(1);
});

test.each([
  ['whose bounds are equal', { min: 3, max: 3, current: 3 }],
  [
    'whose target is scaled to 0',
    { min: 1, max: 3, current: 3, conditions: [condition('ScalingActive', false, 0, 'ScalingDisabled')] },
  ],
  [
    'at its minimum',
    { min: 1, max: 3, current: 1, conditions: [condition('ScalingLimited', true, 0, 'TooFewReplicas')] },
  ],
])('an autoscaler %s is not told', (_name, options) => {
  const world = timeline([h01]);
  world.put(hpa('web', options), 0);

  expect(world.at(3_600)).toEqual([]);
});
