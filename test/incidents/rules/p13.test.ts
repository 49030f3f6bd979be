import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p13-pod-deadline.ts';
import { job, pod } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const late = (name: string, options = {}) =>
  pod(name, {
    phase: 'Failed',
    reason: 'DeadlineExceeded',
    createdAt: -60,
    readyAt: 0,
    spec: { activeDeadlineSeconds: 60 },
    ...options,
  });

test('a pod past its deadline is told at once, and is over when it is gone', () => {
  const world = timeline([rule]);
  world.put(pod('sync', { createdAt: -60, spec: { activeDeadlineSeconds: 60 } }), 0);
  expect(world.at(0)).toEqual([]);
  world.put(late('sync'), 1);

  expect(world.at(1)).toMatchObject([{ rule: 'P13', severity: 'warning', cause: 'ended after its deadline of 60s' }]);
  world.remove('Pod', 'shop', 'sync', 60);
  expect(world.at(60)).toEqual([]);
});

test('a Job tries again and speaks for itself', () => {
  const batch = job('batch');
  const world = timeline([rule]);
  world.put(batch, 0);
  world.put(late('batch-1', { owner: batch }), 0);

  expect(world.at(600)).toEqual([]);
});
