import { beforeEach, expect, test } from 'vitest';
import { UnavailableError } from '../../../src/errors.ts';
import { Vitals } from '../../../src/kubernetes/reflector/vitals.ts';
import { createLogger } from '../../../src/log.ts';

const MINUTE = 60_000;
const T0 = 1_000_000;
let now: number;
let vitals: Vitals;
beforeEach(() => {
  now = T0;
  vitals = new Vitals(
    'events',
    () => now,
    createLogger('silent'),
    () => 0,
  );
  vitals.listed(0);
  vitals.opened();
});

const after = (ms: number): void => {
  now = T0 + ms;
};

test('a watch of what never speaks, asked for anew each minute, is well and was never stale for long', () => {
  for (let minutes = 1; minutes <= 9; minutes++) {
    after(minutes * MINUTE);
    vitals.silent(new UnavailableError('nothing'));
    expect(now - vitals.status().staleSince).toBe(MINUTE);
    vitals.opened();
    expect(vitals.status()).toMatchObject({ state: 'watching', staleSince: 0, error: '' });
  }
});

test('one that breaks after a long quiet was well until the server last took it', () => {
  after(4 * MINUTE);
  vitals.silent(new UnavailableError('nothing'));
  vitals.opened();
  after(5 * MINUTE);

  vitals.failed(new UnavailableError('connection refused'));

  expect(vitals.status()).toMatchObject({ state: 'failing', staleSince: T0 + 4 * MINUTE, error: 'connection refused' });
});

test('a silence that is followed by refusals counts from its beginning', () => {
  after(MINUTE);
  vitals.silent(new UnavailableError('nothing'));
  after(2 * MINUTE);
  vitals.failed(new UnavailableError('connection refused'));

  expect(vitals.status()).toMatchObject({ state: 'failing', staleSince: T0 });
});

test('that a watch was taken does not hide that it told nothing of what a list shows', () => {
  for (let minutes = 1; minutes <= 9; minutes++) {
    after(minutes * MINUTE);
    vitals.silent(new UnavailableError('nothing'));
    vitals.opened();
  }
  after(10 * MINUTE);

  vitals.listed(1);

  expect(vitals.status()).toMatchObject({ state: 'watching', staleSince: T0 });
});
