import { expect, test } from 'vitest';
import { Backoff } from '../../../src/kubernetes/reflector/backoff.ts';

test('waits double from 0.8 s to 30 s', () => {
  const backoff = new Backoff(() => 1);

  expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([
    800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000,
  ]);
  backoff.reset();
  expect(backoff.next()).toBe(800);
});

test('chance takes off half at most, and the server’s own wish is the least', () => {
  const backoff = new Backoff(() => 0);

  expect(backoff.next()).toBe(400);
  expect(backoff.next(5_000)).toBe(5_000);
});
