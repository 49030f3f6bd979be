import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/a01-argo-rollout.ts';
import { condition, pod, replicaSet, rollout, time } from '../../support/kube-objects.ts';
import { BAD_IMAGE } from '../../support/rollout-scenes.ts';
import { timeline } from '../../support/timeline.ts';

const aborted = rollout('web', {
  replicas: 4,
  updated: 1,
  phase: 'Degraded',
  abort: true,
  message: 'RolloutAborted: metric "success-rate" assessed Failed due to failed (2) > failureLimit (1)',
  conditions: [condition('Progressing', false, 0, 'RolloutAborted')],
});

test('a Rollout that stays Degraded for a minute is told in Argo’s words', () => {
  const world = timeline([rule]);
  world.put(aborted, 0);

  expect(world.at(59)).toEqual([]);
  expect(world.at(60)).toMatchObject([
    {
      rule: 'A01',
      severity: 'high',
      cause: 'RolloutAborted: metric "success-rate" assessed Failed due to failed (2) > failureLimit (1)',
    },
  ]);
});

test('where its pods say why, their cause is the headline', () => {
  const world = timeline([rule]);
  const set = replicaSet('web-2', { owner: aborted, annotations: { 'rollout.argoproj.io/revision': '2' } });
  world.put(aborted, 0);
  world.put(set, 0);
  world.put(pod('web-2-x', { owner: set, ...BAD_IMAGE }), 0);

  expect(world.at(60)).toMatchObject([
    { causeClass: 'image', cause: expect.stringMatching(/^RolloutAborted: new image .* cannot be pulled: not found/) },
  ]);
});

test('a phase that jumps to and fro is silent (argo-rollouts#3534)', () => {
  const world = timeline([rule]);
  for (let turn = 0; turn < 40; turn++)
    world.put(rollout('web', { phase: turn % 2 === 0 ? 'Degraded' : 'Progressing' }), turn * 50);

  expect(world.at(40 * 50)).toEqual([]);
});

test('it is over two minutes after it is healthy', () => {
  const world = timeline([rule]);
  world.put(aborted, 0);
  world.at(60);
  world.put(rollout('web', { replicas: 4 }), 100);

  expect(world.at(219)).toHaveLength(1);
  expect(world.at(220)).toEqual([]);
});

const pausing = (step: object) =>
  rollout('web', {
    phase: 'Paused',
    message: 'CanaryPauseStep',
    spec: { strategy: { canary: { steps: [{ pause: step }] } } },
    status: { currentStepIndex: 0, pauseConditions: [{ reason: 'CanaryPauseStep', startTime: time(0) }] },
  });

test('a pause without end is mentioned after an hour', () => {
  const world = timeline([rule]);
  world.put(pausing({}), 10);

  expect(world.at(3_599)).toEqual([]);
  expect(world.at(3_600)).toMatchObject([
    { severity: 'info', cause: 'paused until somebody promotes it (CanaryPauseStep)' },
  ]);
});

test('a pause that ends by itself is silent, and so is a Rollout that wants no pods', () => {
  const world = timeline([rule]);
  world.put(pausing({ duration: '6h' }), 0);
  world.put(rollout('none', { replicas: 0, phase: 'Degraded' }), 0);

  expect(world.at(20_000)).toEqual([]);
});
