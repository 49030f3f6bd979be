import { expect, test } from 'vitest';
import { percent, quantityOf } from '../../../src/incidents/reading/quantities.ts';

test.each([
  ['110', 110],
  ['100m', 0.1],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['8Ki', 8_192],
  ['2k', 2_000],
  ['2e3', 2_000],
  ['1E', 1e18],
  ['1Ei', 2 ** 60],
  ['500u', 0.000_5],
  ['.5', 0.5],
  ['0', 0],
])('%s is %d', (text, value) => {
  expect(quantityOf(text)).toBeCloseTo(value, 9);
});

test.each(['', 'many', '1 Gi', '1GB', 'Gi', undefined])('%s is no quantity', (text) => {
  expect(quantityOf(text)).toBeUndefined();
});

test('a share is never rounded up to full', () => {
  expect(percent(0.999)).toBe('99%');
});
