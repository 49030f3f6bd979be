import { expect, test } from 'vitest';
import j01 from '../../../src/incidents/rules/j01-job-failed.ts';
import { condition, cronJob, job, pod, terminated } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const failed = (at: number, reason = 'BackoffLimitExceeded', message = '') =>
  condition('Failed', true, at, reason, message);
const complete = (at: number) => condition('Complete', true, at);

test('a Job that retries is silent, fires the moment it is given up, and ends with a rerun that succeeds', () => {
  const world = timeline([j01]);
  const migrate = { createdAt: 0, podLabels: { app: 'migrate' } };
  world.put(job('migrate', { ...migrate, active: 1 }), 0);
  world.put(job('migrate', { ...migrate, active: 1, failed: 3 }), 60);
  expect(world.at(89)).toEqual([]);

  world.put(
    pod('migrate-x', {
      phase: 'Failed',
      restartPolicy: 'Never',
      node: 'harbour-2',
      owner: job('migrate', migrate),
      containers: [{ name: 'app', state: terminated(88, { exitCode: 2 }) }],
    }),
    89,
  );
  world.put(job('migrate', { ...migrate, active: 0, failed: 4, backoffLimit: 3, conditions: [failed(90)] }), 90);

  expect(world.at(90)).toMatchObject([
    {
      rule: 'J01',
      severity: 'warning',
      cause: 'failed after 4 attempts: app ended with exit code 2 (wrong usage, or a Go panic)',
      causeClass: 'crash',
      container: 'app',
      about: { kind: 'Pod', name: 'migrate-x' },
      shares: { node: 'harbour-2' },
    },
  ]);

  const rerun = { createdAt: 600, annotations: { 'shipmate/rerun-of': 'migrate' } };
  world.put(job('migrate-rerun-1', { ...rerun, active: 0, succeeded: 1, conditions: [complete(660)] }), 660);
  expect(world.sweep(660)).toMatchObject([{ rule: 'J01', clearSince: expect.any(Number) }]);
  expect(world.at(660 + 119)).toHaveLength(1);
  expect(world.at(660 + 120)).toEqual([]);
});

test('a Job that fails some attempts and then succeeds never says a word', () => {
  const world = timeline([j01]);
  for (const attempt of [1, 2, 3]) world.put(job('flaky', { createdAt: 0, active: 1, failed: attempt }), attempt * 60);
  world.put(job('flaky', { createdAt: 0, active: 0, failed: 3, succeeded: 1, conditions: [complete(300)] }), 300);

  expect(world.sweep(3_600)).toEqual([]);
});

test('a failed run of a CronJob ends with the next run that succeeds', () => {
  const world = timeline([j01]);
  const nightly = cronJob('nightly', { schedule: '0 * * * *' });
  world.put(nightly, 0);
  world.put(job('nightly-1', { owner: nightly, createdAt: 10, active: 0, failed: 1, conditions: [failed(20)] }), 20);
  expect(world.at(20)).toHaveLength(1);
  expect(world.states()).toMatchObject([{ root: { kind: 'CronJob', name: 'nightly' }, domain: 'job' }]);

  world.put(job('nightly-2', { owner: nightly, createdAt: 3_610 }), 3_610);
  expect(world.sweep(3_611)).toHaveLength(1);

  world.put(
    job('nightly-2', { owner: nightly, createdAt: 3_610, active: 0, succeeded: 1, conditions: [complete(3_700)] }),
    3_700,
  );
  world.sweep(3_700);
  expect(world.at(3_820)).toEqual([]);
});

test('the run that succeeded may have been cleaned up: its CronJob remembers', () => {
  const world = timeline([j01]);
  const nightly = cronJob('nightly', { lastSuccessAt: 100 });
  world.put(nightly, 0);
  world.put(job('nightly-1', { owner: nightly, createdAt: 10, active: 0, failed: 1, conditions: [failed(20)] }), 120);

  expect(world.at(121)).toEqual([]);
});

test('of several failed runs the newest speaks', () => {
  const world = timeline([j01]);
  const nightly = cronJob('nightly');
  world.put(nightly, 0);
  for (const n of [1, 2, 3])
    world.put(
      job(`nightly-${n}`, {
        owner: nightly,
        createdAt: n * 10,
        active: 0,
        failed: 1,
        conditions: [failed(n * 10 + 5)],
      }),
      n * 10 + 5,
    );

  const told = world.sweep(600).filter(({ clearSince }) => clearSince === undefined);

  expect(told.map(({ object }) => object.name)).toEqual(['nightly-3']);
});

test('a deleted Job has nothing to say any more', () => {
  const world = timeline([j01]);
  world.put(job('gone', { active: 0, failed: 1, conditions: [failed(0)] }), 0);
  expect(world.at(1)).toHaveLength(1);

  world.remove('Job', 'shop', 'gone', 10);

  expect(world.at(130)).toEqual([]);
});

test.each([
  ['DeadlineExceeded', '', 'stopped at its deadline of 600 s (activeDeadlineSeconds)'],
  ['PodFailurePolicy', 'x', 'given up by its pod failure policy'],
  ['MaxFailedIndexesExceeded', 'failed indexes: 1,4', 'failed: failed indexes: 1,4'],
])('reason %s is said in words', (reason, message, cause) => {
  const world = timeline([j01]);
  world.put(job('a', { active: 0, activeDeadlineSeconds: 600, conditions: [failed(0, reason, message)] }), 0);

  expect(world.at(0)).toMatchObject([{ cause }]);
});

test('FailureTarget is the early notice of a failure', () => {
  const world = timeline([j01]);
  world.put(job('a', { active: 1, conditions: [condition('FailureTarget', true, 5, 'BackoffLimitExceeded')] }), 5);

  expect(world.at(5)).toHaveLength(1);
});

test('a rerun that fails, too, is the same trouble: one incident, which names it, until a later one succeeds', () => {
  const world = timeline([j01]);
  const rerun = (of: string, createdAt: number) => ({ createdAt, active: 0, annotations: { 'shipmate/rerun-of': of } });
  world.put(job('a', { createdAt: 0, active: 0, failed: 1, conditions: [failed(10)] }), 10);
  world.put(job('a-2', { ...rerun('a', 100), failed: 1, conditions: [failed(110)] }), 110);

  const told = world.sweep(110);
  expect(told.filter(({ isFolded }) => !isFolded)).toMatchObject([
    { object: { name: 'a' }, facts: expect.arrayContaining([{ label: 'Failed again', value: 'a-2' }]) },
  ]);

  world.put(job('a-3', { ...rerun('a-2', 200), succeeded: 1, conditions: [complete(210)] }), 210);
  world.sweep(210);
  expect(world.at(330)).toEqual([]);
});

test('Jobs of one operator are different work: the success of one says nothing about another', () => {
  const world = timeline([j01]);
  const backup = {
    apiVersion: 'example.com/v1',
    kind: 'Backup',
    metadata: { name: 'db', namespace: 'shop', uid: 'uid-backup' },
  };
  world.put(job('dump', { owner: backup, createdAt: 0, active: 0, failed: 1, conditions: [failed(10)] }), 10);
  world.put(job('upload', { owner: backup, createdAt: 20, active: 0, succeeded: 1, conditions: [complete(30)] }), 30);

  expect(world.sweep(600)).toMatchObject([{ object: { name: 'dump' } }]);
  expect(world.sweep(601)[0]?.clearSince).toBeUndefined();
});
