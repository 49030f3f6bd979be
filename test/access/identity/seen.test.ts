import { expect, test } from 'vitest';
import { seenFacts } from '../../../src/access/identity/seen.ts';

test('only so many are remembered; those read longest ago are forgotten first', async () => {
  const calls: string[] = [];
  const seen = seenFacts(
    async (key) => {
      calls.push(key);
      return key;
    },
    () => 0,
    2,
  );
  for (const key of ['a', 'b', 'c']) await seen.get(key, 1_000);

  for (const key of ['c', 'b', 'a']) await seen.get(key, 1_000);

  expect(calls).toEqual(['a', 'b', 'c', 'a']);
});
