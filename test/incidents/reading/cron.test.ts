import { expect, test } from 'vitest';
import { fireAfter, firesAt, nextFire, parseSchedule, scheduleOf } from '../../../src/incidents/reading/cron.ts';

/** Times and answers of robfig/cron v3 `spec_test.go` (with its leading seconds field left out), whose code the CronJob controller runs. */
const NEW_YORK = 'America/New_York';
const UPSTREAM: readonly [after: string, schedule: string, zone: string, next: string | undefined][] = [
  ['2012-07-09T14:45:00Z', '0/15 * * * *', 'UTC', '2012-07-09T15:00:00Z'],
  ['2012-07-09T14:59:59Z', '0/15 * * * *', 'UTC', '2012-07-09T15:00:00Z'],
  ['2012-07-09T15:45:00Z', '20-35/15 * * * *', 'UTC', '2012-07-09T16:20:00Z'],
  ['2012-07-09T23:46:00Z', '*/15 * * * *', 'UTC', '2012-07-10T00:00:00Z'],
  ['2012-07-09T23:45:00Z', '20-35/15 * * * *', 'UTC', '2012-07-10T00:20:00Z'],
  ['2012-07-09T23:35:00Z', '0 0 9 Apr-Oct ?', 'UTC', '2012-08-09T00:00:00Z'],
  ['2012-07-09T23:35:00Z', '0 0 */5 Apr,Aug,Oct Mon', 'UTC', '2012-08-01T00:00:00Z'],
  ['2012-07-09T23:35:00Z', '0 0 * Feb Mon', 'UTC', '2013-02-04T00:00:00Z'],
  ['2012-07-09T23:35:00Z', '0 0 * Feb Mon/2', 'UTC', '2013-02-01T00:00:00Z'],
  ['2012-07-09T23:35:00Z', '0 0 29 Feb ?', 'UTC', '2016-02-29T00:00:00Z'],
  ['2012-12-31T23:59:45Z', '* * * * *', 'UTC', '2013-01-01T00:00:00Z'],
  ['2012-07-09T23:35:00Z', '0 0 30 Feb ?', 'UTC', undefined],
  ['2012-07-09T23:35:00Z', '0 0 31 Apr ?', 'UTC', undefined],
  // Spring: 02:00 -05:00 is followed by 03:00 -04:00, and what lies between does not run.
  ['2012-03-11T00:00:00-05:00', '30 2 11 Mar ?', NEW_YORK, '2013-03-11T02:30:00-04:00'],
  ['2012-03-11T00:00:00-05:00', '0 * * * ?', NEW_YORK, '2012-03-11T01:00:00-05:00'],
  ['2012-03-11T01:00:00-05:00', '0 * * * ?', NEW_YORK, '2012-03-11T03:00:00-04:00'],
  ['2012-03-11T03:00:00-04:00', '0 * * * ?', NEW_YORK, '2012-03-11T04:00:00-04:00'],
  ['2012-03-11T01:00:00-05:00', '0 1 * * ?', NEW_YORK, '2012-03-12T01:00:00-04:00'],
  ['2012-03-11T00:00:00-05:00', '0 2 * * ?', NEW_YORK, '2012-03-12T02:00:00-04:00'],
  // Autumn: 02:00 -04:00 is 01:00 -05:00 again, and what lies between runs twice.
  ['2012-11-04T00:00:00-04:00', '30 2 04 Nov ?', NEW_YORK, '2012-11-04T02:30:00-05:00'],
  ['2012-11-04T01:45:00-04:00', '30 1 04 Nov ?', NEW_YORK, '2012-11-04T01:30:00-05:00'],
  ['2012-11-04T01:00:00-04:00', '0 * * * ?', NEW_YORK, '2012-11-04T01:00:00-05:00'],
  ['2012-11-04T01:00:00-05:00', '0 * * * ?', NEW_YORK, '2012-11-04T02:00:00-05:00'],
  ['2012-11-04T00:00:00-04:00', '0 1 * * ?', NEW_YORK, '2012-11-04T01:00:00-04:00'],
  ['2012-11-04T01:00:00-04:00', '0 1 * * ?', NEW_YORK, '2012-11-04T01:00:00-05:00'],
  ['2012-11-04T01:00:00-05:00', '0 1 * * ?', NEW_YORK, '2012-11-05T01:00:00-05:00'],
  ['2012-11-04T00:00:00-04:00', '0 2 * * ?', NEW_YORK, '2012-11-04T02:00:00-05:00'],
  ['2012-11-04T02:00:00-05:00', '0 2 * * ?', NEW_YORK, '2012-11-05T02:00:00-05:00'],
  ['2012-11-04T00:00:00-04:00', '0 3 3 * ?', NEW_YORK, '2012-12-03T03:00:00-05:00'],
  // Where midnight itself is skipped (robfig/cron#157).
  ['2018-10-17T05:00:00-04:00', '0 9 10 * ?', 'America/Sao_Paulo', '2018-11-10T06:00:00-05:00'],
  ['2018-02-14T05:00:00-05:00', '0 9 22 * ?', 'America/Sao_Paulo', '2018-02-22T07:00:00-05:00'],
];

test.each(UPSTREAM)('after %s, "%s" in %s fires at %s', (after, schedule, zone, next) => {
  const parsed = parseSchedule(schedule, zone);
  if (!parsed) throw new Error(`${schedule} was refused`);

  const found = nextFire(parsed, Date.parse(after));

  expect(found === undefined ? undefined : new Date(found).toISOString()).toBe(
    next === undefined ? undefined : new Date(next).toISOString(),
  );
});

test('a half hour that is skipped or repeated counts as well (Lord Howe)', () => {
  const daily = parseSchedule('15 2 * * *', 'Australia/Lord_Howe');
  if (!daily) throw new Error('refused');

  // 2025-10-05 02:00 +10:30 becomes 02:30 +11:00: 02:15 is not shown that day.
  expect(nextFire(daily, Date.parse('2025-10-04T12:00:00+10:30'))).toBe(Date.parse('2025-10-06T02:15:00+11:00'));
});

test.each([
  ['TZ=UTC 0 3 * * *', undefined],
  ['CRON_TZ=UTC 0 3 * * *', undefined],
  ['0 0 3 * * *', undefined],
  ['60 0 * * *', undefined],
  ['0 0 * * 7', undefined],
  ['0 0 * * XYZ', undefined],
  ['5-1 * * * *', undefined],
  ['*/0 * * * *', undefined],
  ['@reboot', undefined],
  ['@every soon', undefined],
  ['', undefined],
  ['0 3 * * *', 'Mars/Olympus'],
])('"%s" in zone %s is refused, as the API server refuses it', (schedule, zone) => {
  expect(parseSchedule(schedule, zone)).toBeUndefined();
});

test('descriptors stand for their five fields', () => {
  const after = Date.parse('2026-01-01T10:20:30Z');
  const next = (text: string): number | undefined => nextFire(parseSchedule(text) as never, after);

  expect(next('@hourly')).toBe(Date.parse('2026-01-01T11:00:00Z'));
  expect(next('@daily')).toBe(next('0 0 * * *'));
  expect(next('@weekly')).toBe(Date.parse('2026-01-04T00:00:00Z'));
  expect(next('@every 1h30m')).toBe(after + 5_400_000);
});

test('day of month and day of week are alternatives unless one of them is a star', () => {
  const after = Date.parse('2026-01-01T00:00:00Z');
  const either = parseSchedule('0 0 13 * 5');
  const fridaysOnly = parseSchedule('0 0 * * 5');
  if (!either || !fridaysOnly) throw new Error('refused');

  expect(fireAfter(either, after, 3)).toBe(Date.parse('2026-01-13T00:00:00Z'));
  expect(fireAfter(fridaysOnly, after, 3)).toBe(Date.parse('2026-01-16T00:00:00Z'));
});

test('whether it fires at a time is told to the minute', () => {
  const nightly = scheduleOf({ schedule: '0 3 * * *', timeZone: 'Europe/Berlin' });
  if (!nightly) throw new Error('refused');

  expect(firesAt(nightly, Date.parse('2026-01-05T02:00:00Z'))).toBe(true);
  expect(firesAt(nightly, Date.parse('2026-01-05T03:00:00Z'))).toBe(false);
});

test('a day on which clocks change is not slower than it needs to be', () => {
  const everyMinute = parseSchedule('* * * * *', NEW_YORK);
  if (!everyMinute) throw new Error('refused');
  const start = Date.parse('2026-11-01T00:00:00-04:00');

  let at = start;
  for (let n = 0; n < 25 * 60; n++) at = nextFire(everyMinute, at) as number;

  expect(at - start).toBe(25 * 3_600_000);
});
