import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p02-oom.ts';
import { condition, deployment, pod, replicaSet, running, terminated, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const oom = (at: number) => terminated(at, { exitCode: 137, reason: 'OOMKilled' });
const killed = (at: number, restartCount = 1) => [
  {
    restartCount,
    state: running(at + 1),
    lastState: oom(at),
    limits: { memory: '256Mi' },
    requests: { memory: '128Mi' },
  },
];

test('a container that is killed for memory is told at once, and is over after an hour without another', () => {
  const world = timeline([rule]);
  world.put(pod('web-1'), 0);
  world.put(pod('web-1', { containers: killed(10) }), 11);

  expect(world.at(11)).toMatchObject([
    { rule: 'P02', severity: 'warning', causeClass: 'oom', cause: 'out of memory: killed at its limit of 256Mi' },
  ]);
  expect(world.at(10 + 3_599)).toHaveLength(1);
  expect(world.at(10 + 3_600)).toEqual([]);
});

test('nothing is said before it happens', () => {
  const world = timeline([rule]);
  world.put(pod('web-1'), 0);

  expect(world.at(10)).toEqual([]);
});

test('three kills within an hour are high, also over several pods of one owner', () => {
  const alone = timeline([rule]);
  for (const [count, at] of [10, 100, 200].entries())
    alone.put(pod('web-1', { containers: killed(at, count + 1) }), at + 1);
  const web = deployment('web', { replicas: 3 });
  const set = replicaSet('web-7d', { owner: web, replicas: 3 });
  const many = timeline([rule]);
  many.put(web, 0);
  many.put(set, 0);
  for (const name of ['web-1', 'web-2', 'web-3']) many.put(pod(name, { owner: set, containers: killed(10) }), 11);

  expect(alone.at(201)).toMatchObject([
    { severity: 'high', cause: expect.stringContaining('3 times within the hour') },
  ]);
  expect(many.sweep(12)).toMatchObject([{ severity: 'high' }]);
});

test('a kill of yesterday does not count', () => {
  const world = timeline([rule]);
  world.put(pod('web-1', { containers: killed(10) }), 11);
  world.put(pod('web-1', { containers: killed(90_000, 2) }), 90_001);

  expect(world.at(90_001)).toMatchObject([{ cause: 'out of memory: killed at its limit of 256Mi' }]);
});

test('a SIGKILL that nobody calls OOMKilled is none, and neither is a lost status', () => {
  const world = timeline([rule]);
  const ends = [terminated(10, { exitCode: 137 }), terminated(10, { exitCode: 137, reason: 'ContainerStatusUnknown' })];
  for (const [index, lastState] of ends.entries())
    world.put(pod(`web-${index}`, { containers: [{ restartCount: 1, lastState }] }), 11);

  expect(world.at(60)).toEqual([]);
});

test('a pod that is moved away or deleted is not out of memory', () => {
  const world = timeline([rule]);
  const moved = [condition('DisruptionTarget', true, 5, 'TerminationByKubelet')];
  world.put(pod('web-1', { containers: killed(10), conditions: moved }), 11);
  world.put(pod('web-2', { containers: killed(10), deletedAt: 40 }), 11);

  expect(world.at(60)).toEqual([]);
});

test('a container without a limit was killed because the node ran out', () => {
  const world = timeline([rule]);
  world.put(
    pod('web-1', { containers: [{ restartCount: 1, state: waiting('CrashLoopBackOff'), lastState: oom(0) }] }),
    0,
  );

  expect(world.at(0)[0]?.cause).toContain('no memory limit');
});
