import { describe, expect, it } from 'vitest';
import { Backlog } from '../../../src/incidents/watcher/backlog.ts';

const row = (subjectId: string) => ({ subjectKind: 'incident', subjectId });

describe('what waits for Slack', () => {
  it('has waited since it was first seen, until it is seen no more', () => {
    const backlog = new Backlog();

    backlog.look([row('a')], 1_000);
    backlog.look([row('a'), row('b')], 6_000);
    expect([backlog.pending, backlog.oldest()]).toEqual([2, 1_000]);

    backlog.look([row('b')], 11_000);
    expect([backlog.pending, backlog.oldest()]).toEqual([1, 6_000]);
    backlog.look([], 16_000);
    expect([backlog.pending, backlog.oldest()]).toEqual([0, 0]);
  });

  it('is as new as any other when it comes back', () => {
    const backlog = new Backlog();

    backlog.look([row('a')], 1_000);
    backlog.look([], 6_000);
    backlog.look([row('a')], 11_000);

    expect(backlog.isOlderThan(5_000, 15_999)).toBe(false);
    expect(backlog.isOlderThan(5_000, 16_000)).toBe(true);
  });
});
