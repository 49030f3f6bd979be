import { describe, expect, test } from 'vitest';
import {
  knownZone,
  mondayAt,
  nextAt,
  parseUntil,
  tomorrowAt,
  wallWords,
} from '../../../src/incidents/desk/wall-time.ts';
import { snoozeUntil } from '../../../src/incidents/presses/snooze.ts';

const at = (text: string): number => Date.parse(text);
const NINE = { hour: 9, minute: 0 };

describe('a time on the wall', () => {
  test.each([
    ['2026-01-07T07:30Z', 'Europe/Berlin', '2026-01-08T08:00Z'],
    ['2026-01-07T02:30Z', 'America/New_York', '2026-01-07T14:00Z'],
    ['2026-01-07T12:00Z', 'UTC', '2026-01-08T09:00Z'],
    // The night before the clocks go forward: 09:00 is an hour earlier in UTC.
    ['2026-03-28T22:00Z', 'Europe/Berlin', '2026-03-29T07:00Z'],
    ['2026-10-24T21:00Z', 'Europe/Berlin', '2026-10-25T08:00Z'],
    ['2026-01-31T12:00Z', 'Asia/Kathmandu', '2026-02-01T03:15Z'],
  ])('tomorrow at nine, seen from %s in %s, is %s', (now, zone, expected) => {
    expect(new Date(tomorrowAt(at(now), NINE, zone)).toISOString()).toBe(new Date(expected).toISOString());
  });

  test.each([
    ['2026-01-07T12:00Z', '2026-01-12T09:00Z'],
    ['2026-01-12T08:59Z', '2026-01-12T09:00Z'],
    ['2026-01-12T09:00Z', '2026-01-19T09:00Z'],
    ['2026-01-11T23:59Z', '2026-01-12T09:00Z'],
  ])('the Monday after %s begins at %s, at most a week away', (now, expected) => {
    expect(new Date(mondayAt(at(now), NINE, 'UTC')).toISOString()).toBe(new Date(expected).toISOString());
  });

  test('is the next one: today when it is still to come', () => {
    expect(nextAt(at('2026-01-07T08:00Z'), NINE, 'UTC')).toBe(at('2026-01-07T09:00Z'));
    expect(nextAt(at('2026-01-07T09:00Z'), NINE, 'UTC')).toBe(at('2026-01-08T09:00Z'));
  });

  test('may be typed as a time or as a whole date', () => {
    expect(parseUntil('9:00', at('2026-01-07T08:00Z'), 'UTC')).toBe(at('2026-01-07T09:00Z'));
    expect(parseUntil('2026-01-09T10:00Z', 0, 'UTC')).toBe(at('2026-01-09T10:00Z'));
    for (const wrong of ['25:00', 'soon', '2026-99-99T00:00Z', '9'])
      expect(() => parseUntil(wrong, 0, 'UTC')).toThrow('is not a time');
  });

  test('is told with its zone, and an unknown zone is UTC', () => {
    expect(wallWords(at('2026-01-12T08:00Z'), 'Europe/Berlin')).toMatch(/^Mon 12 Jan,? 09:00 Europe\/Berlin$/);
    expect(knownZone('Mars/Olympus')).toBe('UTC');
    expect(knownZone(undefined)).toBe('UTC');
  });
});

test('each choice of the menu ends when it says', () => {
  const now = at('2026-01-07T12:00Z');

  expect(snoozeUntil('30m', now, 'UTC').at - now).toBe(30 * 60_000);
  expect(snoozeUntil('2h', now, 'UTC').at - now).toBe(2 * 3_600_000);
  expect(snoozeUntil('morning', now, 'UTC').at).toBe(at('2026-01-08T09:00Z'));
  expect(snoozeUntil('monday', now, 'UTC').at).toBe(at('2026-01-12T09:00Z'));
  expect(() => snoozeUntil('for ever', now, 'UTC')).toThrow('no longer known');
});
