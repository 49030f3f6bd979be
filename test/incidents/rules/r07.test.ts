import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/r07-no-deadline.ts';
import { deployment, replicaSet } from '../../support/kube-objects.ts';
import { available, BAD_IMAGE, moving, settled } from '../../support/rollout-scenes.ts';
import { timeline } from '../../support/timeline.ts';

const NONE = 2_147_483_647;
const endless = { progressDeadlineSeconds: NONE, conditions: [available(true, -3_000)] };

test('a rollout without a deadline is stalled when no counter has moved for ten minutes', () => {
  const world = timeline([rule]);
  for (const object of moving({ ...endless, newPod: BAD_IMAGE })) world.put(object, 0);

  expect(world.at(599)).toEqual([]);
  expect(world.at(600)).toMatchObject([
    {
      rule: 'R07',
      severity: 'high',
      causeClass: 'image',
      cause: expect.stringMatching(/; 1 of 2 old pods still serve; it never gives up: no progress deadline$/),
    },
  ]);
});

test('a counter that moves begins the ten minutes anew', () => {
  const world = timeline([rule]);
  for (const object of moving({ ...endless, replicas: 4, old: 3 })) world.put(object, 0);
  for (const object of moving({ ...endless, replicas: 4, old: 3, fresh: 1 })) world.put(object, 500);

  expect(world.at(1_099)).toEqual([]);
  expect(world.at(1_100)).toHaveLength(1);
});

test('it is over two minutes after the rollout is complete', () => {
  const world = timeline([rule]);
  for (const object of moving(endless)) world.put(object, 0);
  world.at(600);
  world.put(settled(), 700);

  expect(world.at(819)).toHaveLength(1);
  expect(world.at(820)).toEqual([]);
});

test('an outage long after the rollout was complete is none', () => {
  const world = timeline([rule]);
  const web = (ready: number) =>
    deployment('web', { replicas: 2, available: ready, progressDeadlineSeconds: NONE, conditions: [] });
  world.put(web(2), 0);
  world.put(replicaSet('web-1', { owner: web(2), replicas: 2 }), 0);
  world.put(web(0), 3_600);

  expect(world.at(9_000)).toEqual([]);
});

test('a deadline of its own makes it R01’s business', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE })) world.put(object, 0);

  expect(world.at(7_200)).toEqual([]);
});
