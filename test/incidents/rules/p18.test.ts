import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p18-preempted.ts';
import { condition, deployment, pod, replicaSet } from '../../support/kube-objects.ts';
import { timeline, type World } from '../../support/timeline.ts';

const web = (available = 3) => deployment('batch', { replicas: 3, available });
const set = (available = 3) => replicaSet('batch-7d', { owner: web(), replicas: 3, available });

/** As the scheduler does it: condition, deletion, gone. */
function preempt(world: World, name: string, at: number, reason = 'PreemptionByScheduler'): void {
  const options = { owner: set(), spec: { priorityClassName: 'batch-low' } };
  world.put(pod(name, options), at - 10);
  world.put(
    pod(name, { ...options, deletedAt: at + 30, conditions: [condition('DisruptionTarget', true, at, reason)] }),
    at,
  );
  world.remove('Pod', 'shop', name, at + 5);
}

test('the third preemption within an hour is noted, although the victims are gone', () => {
  const world = timeline([rule]);
  world.put(web(), 0);
  world.put(set(), 0);
  preempt(world, 'a', 100);
  preempt(world, 'b', 1_000);
  expect(world.at(1_500)).toEqual([]);
  preempt(world, 'c', 2_000);

  expect(world.at(2_005)).toMatchObject([
    { rule: 'P18', severity: 'info', causeClass: 'disruption', cause: '3 pods preempted within the hour' },
  ]);
});

test('it is a warning while replicas are missing, and over after a quiet hour', () => {
  const world = timeline([rule]);
  world.put(web(1), 0);
  world.put(set(1), 0);
  for (const [index, name] of ['a', 'b', 'c'].entries()) preempt(world, name, 100 + 100 * index);

  expect(world.at(400)).toMatchObject([{ severity: 'warning' }]);
  expect(world.at(100 + 3_600 + 3_599)).toHaveLength(1);
  expect(world.at(100 + 3_600 + 3_601)).toEqual([]);
});

test('a drain is no preemption', () => {
  const world = timeline([rule]);
  world.put(web(), 0);
  world.put(set(), 0);
  for (const [index, name] of ['a', 'b', 'c', 'd'].entries())
    preempt(world, name, 100 + 100 * index, 'EvictionByEvictionAPI');

  expect(world.at(600)).toEqual([]);
});
