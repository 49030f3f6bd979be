import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/r01-deadline-exceeded.ts';
import { deployment } from '../../support/kube-objects.ts';
import { available, BAD_IMAGE, moving, progressing, settled } from '../../support/rollout-scenes.ts';
import { timeline } from '../../support/timeline.ts';

const gaveUp = progressing(false, 'ProgressDeadlineExceeded', 600);

test('a rollout is stalled at the moment the controller gives up, not a second before', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE })) world.put(object, 0);

  expect(world.at(599)).toEqual([]);
  for (const object of moving({ newPod: BAD_IMAGE, progress: gaveUp })) world.put(object, 600);

  expect(world.at(600)).toMatchObject([
    {
      rule: 'R01',
      severity: 'high',
      causeClass: 'image',
      cause: expect.stringMatching(
        /^new image "registry.example.com\/fraud-check:2.4.0" cannot be pulled: not found .*; 1 of 2 old pods still serve; gave up after 10m$/,
      ),
      about: { kind: 'Pod', name: 'fraud-check-7c9b-x' },
      container: 'app',
      shares: { registry: 'registry.example.com' },
    },
  ]);
});

test('it is over two minutes after the rollout is complete', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE, progress: gaveUp })) world.put(object, 600);
  world.put(settled(3), 700);

  expect(world.at(819)).toMatchObject([{ rule: 'R01' }]);
  expect(world.at(820)).toEqual([]);
});

test('an outage after a finished rollout is not one: the controller no longer estimates', () => {
  const world = timeline([rule]);
  world.put(
    deployment('web', {
      replicas: 2,
      available: 0,
      conditions: [available(false, 0), progressing(true, 'NewReplicaSetAvailable', -9_000)],
    }),
    0,
  );

  expect(world.at(7_200)).toEqual([]);
});

test.each([
  ['paused', { paused: true }],
  ['scaled to zero', { replicas: 0, updated: 0, old: 0 }],
  ['edited since, and the controller has not seen it', { generation: 3, observedGeneration: 2 }],
])('one that is %s is silent', (_, options) => {
  const world = timeline([rule]);
  for (const object of moving({ progress: gaveUp, newPod: BAD_IMAGE, ...options })) world.put(object, 600);

  expect(world.at(7_200)).toEqual([]);
});
