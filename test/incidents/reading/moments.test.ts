import { expect, test } from 'vitest';
import { moment, plural, someOf } from '../../../src/incidents/reading/moments.ts';

test('a moment is absolute, short and in UTC', () => {
  expect(moment(Date.parse('2026-11-03T07:05:59Z'))).toBe('3 Nov 07:05 UTC');
});

test('counts and lists read well on a phone', () => {
  expect([plural(0, 'pod'), plural(1, 'pod'), plural(2, 'pod')]).toEqual(['0 pods', '1 pod', '2 pods']);
  expect(someOf(['a', 'b', 'c'])).toBe('a, b, c');
  expect(someOf(['a', 'b', 'c', 'd'])).toBe('a, b, c and 1 more');
});
