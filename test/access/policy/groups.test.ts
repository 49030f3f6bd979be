import { expect, test } from 'vitest';
import { cachedGroups } from '../../../src/access/policy/groups.ts';

const ADA = { team: 'T1', user: 'U1ADA' };

function world() {
  const state = { now: 0, reads: 0, fails: false, groups: new Map([['S1', ['U1ADA']]]) };
  const groups = cachedGroups(
    async () => {
      state.reads += 1;
      if (state.fails) throw new Error('missing_scope');
      return state.groups;
    },
    () => state.now,
  );
  return { state, groups };
}

test('groups are unknown until they were read', async () => {
  const { groups } = world();
  expect(groups.of(ADA)).toEqual([]);

  await groups.refresh(0);

  expect(groups.of(ADA)).toEqual(['S1']);
});

test('they are read again only when they are older than asked for, and once for many askers', async () => {
  const { state, groups } = world();
  await Promise.all([groups.refresh(1_000), groups.refresh(1_000)]);
  expect(state.reads).toBe(1);

  state.now += 999;
  await groups.refresh(1_000);
  expect(state.reads).toBe(1);

  state.now += 1;
  await groups.refresh(1_000);
  expect(state.reads).toBe(2);
});

test('that cannot be read count a while longer, then give nothing, and it is told', async () => {
  const { state, groups } = world();
  await groups.refresh(0);
  state.fails = true;
  state.now += 60_000;
  await groups.refresh(0);
  expect(groups.of(ADA)).toEqual(['S1']);
  expect(groups.problem()).toContain('missing_scope');

  state.now += 15 * 60_000;

  expect(groups.of(ADA)).toEqual([]);
  expect(groups.problem()).toContain('give nothing');
});
