import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/r08-paused.ts';
import { deployment } from '../../support/kube-objects.ts';
import { available, progressing } from '../../support/rollout-scenes.ts';
import { timeline } from '../../support/timeline.ts';

const DAY = 86_400;
const paused = { replicas: 3, paused: true, available: 3, updated: 0 };

test('a Deployment paused with a changed template is mentioned after a day', () => {
  const world = timeline([rule]);
  const conditions = [available(true, -DAY), progressing('Unknown', 'DeploymentPaused', 0)];
  world.put(deployment('web', { ...paused, conditions }), 60);

  expect(world.at(DAY - 1)).toEqual([]);
  expect(world.at(DAY)).toMatchObject([
    { rule: 'R08', severity: 'info', cause: 'paused with a changed template: 0 of 3 pods have it' },
  ]);
});

test('it is over two minutes after somebody resumes it', () => {
  const world = timeline([rule]);
  world.put(deployment('web', paused), 0);
  world.at(DAY);
  world.put(deployment('web', { replicas: 3 }), DAY + 60);

  expect(world.at(DAY + 179)).toHaveLength(1);
  expect(world.at(DAY + 180)).toEqual([]);
});

test.each([
  ['all of whose pods have the template', { ...paused, updated: 3 }],
  ['that wants no pods', { ...paused, replicas: 0, available: 0 }],
  ['that goes on', { ...paused, paused: false }],
])('a Deployment %s is silent', (_, options) => {
  const world = timeline([rule]);
  world.put(deployment('web', options), 0);

  expect(world.at(3 * DAY)).toEqual([]);
});
