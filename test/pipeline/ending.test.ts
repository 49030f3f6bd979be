import { describe, expect, test } from 'vitest';
import type { ChangeRecord } from '../../src/pipeline/change.ts';
import { deservesReply, endingWrites, renderEnding } from '../../src/pipeline/ending.ts';

const ADA = { team: 'T1', user: 'U1ADA' };
const ended = (tookMs: number): ChangeRecord => ({
  schemaVersion: 1,
  id: 'iabc',
  generation: 5,
  state: 'succeeded',
  command: 'k8s scale',
  shown: '/k8s scale deploy/web 5',
  raw: '/k8s scale deploy/web 5',
  person: ADA,
  origin: { surface: 'slash', channel: 'C1', receivedAt: 0 },
  plan: {
    cluster: 'demo',
    targets: ['deployment.apps/web'],
    summary: 'Scale',
    confirm: 'Scale',
    changes: [],
    warnings: [],
    risk: 'low',
    data: {},
  },
  digest: 'd',
  createdAt: 0,
  expiresAt: 600_000,
  decided: { by: ADA, at: 1_000 },
  outcome: { status: 'succeeded', title: 'web rolled out', at: 1_000 + tookMs },
});

describe('the reply at the end of a change', () => {
  test('is written only when the person has had time to look away', () => {
    expect(deservesReply(ended(19_999))).toBe(false);
    expect(endingWrites(ended(19_999))).toEqual([]);
    expect(endingWrites(ended(20_000))).toHaveLength(1);
  });

  test('stands in the thread of the change’s message and names the person', () => {
    const reply = renderEnding(ended(150_000), { channel: 'C1', ts: '17.5' });

    expect(reply).toMatchObject({
      channel: 'C1',
      thread: '17.5',
      message: { status: 'succeeded', title: 'web rolled out' },
    });
    expect(JSON.stringify(reply?.message.parts)).toContain('U1ADA');
    expect(JSON.stringify(reply?.message.parts)).toContain('2m30s');
  });

  test('waits until the message it replies to is known', () => {
    expect(() => renderEnding(ended(60_000), undefined)).toThrow(/not in Slack yet/);
  });

  test('is nothing for a change that has not ended', () => {
    expect(renderEnding(undefined, undefined)).toBeUndefined();
  });
});
