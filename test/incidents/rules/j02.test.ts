import { expect, test } from 'vitest';
import j02 from '../../../src/incidents/rules/j02-job-slow.ts';
import { condition, cronJob, job, pod, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const HOURS = 3_600;

test('a Job that runs for 12 hours is slow, not a second sooner, and no more once it is done', () => {
  const world = timeline([j02]);
  world.put(job('report', { createdAt: 0 }), 0);
  expect(world.sweep(12 * HOURS - 1)).toEqual([]);

  expect(world.at(12 * HOURS)).toMatchObject([
    { rule: 'J02', severity: 'warning', cause: 'runs since 1 Jan 00:00 UTC, for more than 12h' },
  ]);

  const conditions = [condition('Complete', true, 13 * HOURS)];
  world.put(job('report', { createdAt: 0, active: 0, succeeded: 1, conditions }), 13 * HOURS);
  expect(world.at(13 * HOURS + 119)).toHaveLength(1);
  expect(world.at(13 * HOURS + 120)).toEqual([]);
});

test('nine tenths of its deadline are slow, too', () => {
  const world = timeline([j02]);
  world.put(job('report', { createdAt: 0, activeDeadlineSeconds: 1_000 }), 0);

  expect(world.sweep(899)).toEqual([]);
  expect(world.at(900)).toMatchObject([
    { cause: expect.stringContaining('its deadline of 16m (activeDeadlineSeconds) is near') },
  ]);
});

test('three times what its past runs took is slow, too', () => {
  const world = timeline([j02]);
  const nightly = cronJob('nightly');
  world.put(nightly, 0);
  for (const n of [1, 2, 3]) {
    const conditions = [condition('Complete', true, -n * HOURS + 600)];
    const times = { createdAt: -n * HOURS, completedAt: -n * HOURS + 600 };
    world.put(job(`nightly-${n}`, { owner: nightly, ...times, active: 0, succeeded: 1, conditions }), 0);
  }
  world.put(job('nightly-now', { owner: nightly, createdAt: 0 }), 0);

  expect(world.sweep(1_799)).toEqual([]);
  expect(world.at(1_800)).toMatchObject([{ cause: expect.stringContaining('3 times as long as usual (10m)') }]);
});

test.each([
  ['a suspended Job', job('a', { createdAt: 0, suspend: true })],
  ['a Job without a running pod', job('a', { createdAt: 0, active: 0 })],
  ['a Job with a deadline of a minute', job('a', { createdAt: 11 * HOURS, activeDeadlineSeconds: 60 })],
  ['a failed Job', job('a', { createdAt: 0, conditions: [condition('Failed', true, 9)] })],
])('%s is not slow', (_name, object) => {
  const world = timeline([j02]);
  world.put(object, 11 * HOURS);

  expect(world.sweep(13 * HOURS)).toEqual([]);
});

test('a Job whose pod cannot pull its image never fails: it is told after 5 min, and ends when the pod starts', () => {
  const world = timeline([j02]);
  const owner = job('report', { createdAt: 0 });
  const image = 'registry.example.com/report:9';
  world.put(owner, 0);
  const stuck = {
    name: 'app',
    image,
    state: waiting('ImagePullBackOff', `Back-off pulling image "${image}": not found`),
    ready: false,
  };
  world.put(pod('report-x', { owner, phase: 'Pending', containers: [stuck] }), 10);
  expect(world.at(309)).toEqual([]);

  expect(world.at(310)).toMatchObject([
    {
      rule: 'J02',
      key: 'start',
      severity: 'warning',
      cause: expect.stringContaining(`cannot start: image "${image}" cannot be pulled`),
      causeClass: 'image',
      shares: { registry: 'registry.example.com' },
      about: { kind: 'Pod', name: 'report-x' },
      container: 'app',
    },
  ]);

  world.put(pod('report-x', { owner }), 400);
  expect(world.at(519)).toHaveLength(1);
  expect(world.at(520)).toEqual([]);
});

test('a Job whose pod waits for room in the cluster is a queue, and silent', () => {
  const world = timeline([j02]);
  const owner = job('report', { createdAt: 0 });
  world.put(owner, 0);
  const conditions = [condition('PodScheduled', false, 0, 'Unschedulable', '0/3 nodes are available')];
  world.put(pod('report-x', { owner, phase: 'Pending', node: '', conditions }), 0);

  expect(world.sweep(3_600)).toEqual([]);
});
