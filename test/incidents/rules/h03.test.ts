import { expect, test } from 'vitest';
import h03 from '../../../src/incidents/rules/h03-hpa-blind.ts';
import { condition, hpa } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const message =
  'the HPA was unable to compute the replica count: failed to get cpu utilization: no metrics returned from resource metrics API';

test('an autoscaler without metrics for 10 min is told in the controller’s own words, and ends when it sees again', () => {
  const world = timeline([h03]);
  world.put(hpa('web', { conditions: [condition('ScalingActive', false, 0, 'FailedGetResourceMetric', message)] }), 0);
  expect(world.at(599)).toEqual([]);

  expect(world.at(600)).toMatchObject([
    {
      rule: 'H03',
      severity: 'warning',
      cause: 'does not scale: failed to get cpu utilization: no metrics returned from resource metrics API',
    },
  ]);

  world.put(hpa('web'), 700);
  expect(world.at(819)).toHaveLength(1);
  expect(world.at(820)).toEqual([]);
});

test('one that cannot scale its target is told, too', () => {
  const world = timeline([h03]);
  const conditions = [condition('AbleToScale', false, 0, 'FailedGetScale', 'deployments.apps "web" not found')];
  world.put(hpa('web', { conditions }), 0);

  expect(world.at(600)).toMatchObject([
    { key: 'AbleToScale', cause: 'does not scale: deployments.apps "web" not found' },
  ]);
});

test.each([
  ['ScalingActive', false, 'ScalingDisabled'],
  ['ScalingLimited', true, 'TooFewReplicas'],
  ['ScalingLimited', true, 'TooManyReplicas'],
  ['AbleToScale', false, 'BackoffDownscale'],
  ['ScalingActive', 'Unknown', ''],
] as const)('%s=%s (%s) is normal', (type, status, reason) => {
  const world = timeline([h03]);
  world.put(hpa('web', { conditions: [condition(type, status, 0, reason)] }), 0);

  expect(world.at(3_600)).toEqual([]);
});
