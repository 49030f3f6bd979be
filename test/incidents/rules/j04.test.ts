import { expect, test } from 'vitest';
import j04 from '../../../src/incidents/rules/j04-cronjob-no-success.ts';
import { type CronJobOptions, condition, cronJob, job } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const HOURS = 3_600;

test('three periods without a success are told, and no more after the next one', () => {
  const world = timeline([j04]);
  const hourly = (over: CronJobOptions) => cronJob('hourly', { schedule: '0 * * * *', createdAt: -90_000, ...over });
  world.put(hourly({ lastScheduleAt: 0, lastSuccessAt: 120 }), 120);
  for (const n of [1, 2, 3]) world.put(hourly({ lastScheduleAt: n * HOURS, lastSuccessAt: 120 }), n * HOURS);
  const due = 3 * HOURS + 120 + 300;
  expect(world.sweep(due - 1)).toEqual([]);

  expect(world.at(due)).toMatchObject([
    { rule: 'J04', severity: 'high', cause: 'no run has succeeded since 1 Jan 00:02 UTC' },
  ]);

  world.put(hourly({ lastScheduleAt: 4 * HOURS, lastSuccessAt: 4 * HOURS + 60 }), 4 * HOURS + 60);
  expect(world.at(4 * HOURS + 60 + 119)).toHaveLength(1);
  expect(world.at(4 * HOURS + 60 + 120)).toEqual([]);
});

test('on weekdays only, a weekend is one period', () => {
  const world = timeline([j04]);
  const workdays = (over: CronJobOptions) => cronJob('a', { schedule: '0 0 * * 1-5', createdAt: -90_000, ...over });
  // T0 is a Thursday.
  world.put(workdays({ lastScheduleAt: 0, lastSuccessAt: 60 }), 60);
  world.put(workdays({ lastScheduleAt: 24 * HOURS, lastSuccessAt: 60 }), 24 * HOURS);

  expect(world.sweep(4 * 24 * HOURS)).toEqual([]);
});

test('a job that takes longer than its period is not ill', () => {
  const world = timeline([j04]);
  const minutely = (over: CronJobOptions) =>
    cronJob('a', { schedule: '* * * * *', concurrencyPolicy: 'Forbid', createdAt: -90_000, ...over });
  const first = minutely({ lastScheduleAt: -1_260, lastSuccessAt: 0 });
  const conditions = [condition('Complete', true, 0)];
  world.put(first, 0);
  world.put(job('a-1', { owner: first, createdAt: -1_260, completedAt: 0, active: 0, succeeded: 1, conditions }), 0);
  world.put(minutely({ lastScheduleAt: 10, lastSuccessAt: 0, active: ['a-2'] }), 10);

  expect(world.sweep(1_270)).toEqual([]);
});

test.each([
  ['a suspended one', { suspend: true, lastScheduleAt: 7_200, lastSuccessAt: 0 }],
  ['one that was never started, which is for J03', { lastSuccessAt: 0 }],
  ['one whose last run succeeded', { lastScheduleAt: 0, lastSuccessAt: 60 }],
  ['a young one', { createdAt: 36_000, lastScheduleAt: 36_000 }],
])('%s is silent', (_name, over) => {
  const world = timeline([j04]);
  world.put(cronJob('a', { schedule: '0 * * * *', createdAt: -90_000, ...over }), 36_100);

  expect(world.sweep(40_000)).toEqual([]);
});

test('one that has never succeeded is told as such', () => {
  const world = timeline([j04]);
  world.put(cronJob('a', { schedule: '0 * * * *', createdAt: 0, lastScheduleAt: 4 * HOURS }), 4 * HOURS + 1_000);

  expect(world.sweep(4 * HOURS + 1_000)).toMatchObject([{ cause: 'no run has ever succeeded' }]);
});
