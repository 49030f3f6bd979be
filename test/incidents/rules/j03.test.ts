import { expect, test } from 'vitest';
import j03 from '../../../src/incidents/rules/j03-cronjob-missed.ts';
import { type CronJobOptions, cronJob } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const HOURS = 3_600;
const DAYS = 24 * HOURS;

test('a run that does not start is told five minutes later, and no more once one has started', () => {
  const world = timeline([j03]);
  const hourly = (over: CronJobOptions) => cronJob('hourly', { schedule: '0 * * * *', ...over });
  world.put(hourly({ lastScheduleAt: 0 }), 0);
  expect(world.sweep(HOURS + 299)).toEqual([]);

  expect(world.at(HOURS + 300)).toMatchObject([
    { rule: 'J03', severity: 'warning', cause: 'the run of 1 Jan 01:00 UTC did not start' },
  ]);

  world.put(hourly({ lastScheduleAt: 2 * HOURS }), 2 * HOURS);
  expect(world.at(2 * HOURS + 119)).toHaveLength(1);
  expect(world.at(2 * HOURS + 120)).toEqual([]);
});

test('startingDeadlineSeconds gives it longer', () => {
  const world = timeline([j03]);
  world.put(cronJob('a', { schedule: '0 * * * *', lastScheduleAt: 0, startingDeadlineSeconds: 1_800 }), 0);

  expect(world.sweep(HOURS + 1_799)).toEqual([]);
  expect(world.at(HOURS + 1_800)).toHaveLength(1);
});

test('under Forbid a run that still goes on explains what was skipped, and nobody is disturbed', () => {
  const world = timeline([j03]);
  world.put(
    cronJob('a', { schedule: '0 * * * *', lastScheduleAt: 0, concurrencyPolicy: 'Forbid', active: ['a-1'] }),
    0,
  );

  expect(world.sweep(HOURS + 300)).toMatchObject([
    { severity: 'info', cause: 'the run of 1 Jan 01:00 UTC was skipped: a-1 still runs (concurrencyPolicy Forbid)' },
  ]);
});

test('a CronJob that is younger than its first run owes nothing yet', () => {
  const world = timeline([j03]);
  world.put(cronJob('young', { schedule: '0 0 * * *', createdAt: 60 }), 60);

  expect(world.sweep(DAYS + 299)).toEqual([]);
  expect(world.sweep(DAYS + 300)).toHaveLength(1);
});

test('a suspended CronJob misses nothing, and one that is resumed starts with its next run', () => {
  const world = timeline([j03]);
  const nightly = (suspend: boolean) => cronJob('nightly', { schedule: '0 0 * * *', lastScheduleAt: 0, suspend });
  world.put(nightly(true), 0);
  expect(world.sweep(5 * DAYS)).toEqual([]);

  world.put(nightly(false), 5 * DAYS + 60);

  expect(world.sweep(6 * DAYS + 299)).toEqual([]);
  expect(world.sweep(6 * DAYS + 300)).toHaveLength(1);
});

test('a schedule that is edited counts from then on', () => {
  const world = timeline([j03]);
  world.put(cronJob('a', { schedule: '0 0 * * *', lastScheduleAt: 0 }), 0);
  world.put(cronJob('a', { schedule: '*/10 * * * *', lastScheduleAt: 0 }), 12 * HOURS);

  expect(world.sweep(12 * HOURS + 899)).toEqual([]);
  expect(world.sweep(12 * HOURS + 900)).toHaveLength(1);
});

test('clocks that skip an hour skip the run in it', () => {
  const world = timeline([j03]);
  // 2026-03-08: 02:30 does not exist in New York. Last run 2026-03-07 02:30 -05:00.
  const lastScheduleAt = Date.parse('2026-03-07T07:30:00Z') / 1_000 - Date.UTC(2026, 0, 1) / 1_000;
  world.put(cronJob('a', { schedule: '30 2 * * *', timeZone: 'America/New_York', lastScheduleAt }), lastScheduleAt);

  expect(world.sweep(lastScheduleAt + 40 * HOURS)).toEqual([]);
  expect(world.sweep(lastScheduleAt + 47 * HOURS + 300)).toHaveLength(1);
});

test('without a time zone, a controller that lives elsewhere is noticed', () => {
  const world = timeline([j03]);
  // 03:00 in the controller's zone is 01:00 UTC; at 03:00 UTC nothing is missing.
  world.put(cronJob('a', { schedule: '0 3 * * *', lastScheduleAt: HOURS }), HOURS);

  expect(world.sweep(25 * HOURS)).toEqual([]);
  expect(world.sweep(2 * DAYS + 3 * HOURS)).toHaveLength(1);
});

test.each([['TZ=UTC 0 * * * *'], ['0 0 30 2 *'], ['nonsense']])('nothing is said about "%s"', (schedule) => {
  const world = timeline([j03]);
  world.put(cronJob('a', { schedule, lastScheduleAt: 0 }), 0);

  expect(world.sweep(30 * DAYS)).toEqual([]);
});

test('a restart while it is suspended does not make a resumed CronJob late', () => {
  const world = timeline([j03]);
  world.put(cronJob('a', { schedule: '0 * * * *', lastScheduleAt: 0, suspend: true }), 0);
  world.restart(2 * DAYS);

  world.put(cronJob('a', { schedule: '0 * * * *', lastScheduleAt: 0 }), 3 * DAYS + 10);

  expect(world.sweep(3 * DAYS + 60)).toEqual([]);
});

test.each([
  [
    'FailedCreate',
    'Error creating job: jobs.batch "a-1" is forbidden: exceeded quota: team, requested: count/jobs.batch=1, used: count/jobs.batch=5, limited: count/jobs.batch=5',
    {
      cause: expect.stringContaining('did not start: quota team'),
      causeClass: 'admission',
      shares: { quota: 'shop/team' },
    },
  ],
  [
    'UnknownTimeZone',
    'invalid timeZone: "Europe/Berlin": unknown time zone Europe/Berlin',
    {
      cause:
        'the run of 1 Jan 01:00 UTC did not start: invalid timeZone: "Europe/Berlin": unknown time zone Europe/Berlin',
    },
  ],
])('the controller says why it started nothing: %s', (reason, message, told) => {
  const world = timeline([j03]);
  world.put(cronJob('a', { schedule: '0 * * * *', lastScheduleAt: 0 }), 0);
  const about = { kind: 'CronJob', namespace: 'shop', name: 'a' } as const;
  world.event({ about, type: 'Warning', reason, message }, HOURS + 1);

  expect(world.at(HOURS + 300)).toMatchObject([told]);
});
