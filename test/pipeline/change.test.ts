import { describe, expect, test } from 'vitest';
import { ApprovalError } from '../../src/errors.ts';
import { acted, type ChangeRecord, cancel, confirm, expire, finish, start } from '../../src/pipeline/change.ts';

const ADA = { team: 'T1', user: 'U1ADA' };
const GRACE = { team: 'T1', user: 'U1GRACE' };

const AWAITING: ChangeRecord = {
  schemaVersion: 1,
  id: 'iabc',
  generation: 1,
  state: 'awaiting',
  command: 'k8s scale',
  shown: '/k8s scale deploy/web 5',
  raw: '/k8s scale deploy/web 5',
  person: ADA,
  origin: { surface: 'slash', channel: 'C1', receivedAt: 0 },
  plan: {
    cluster: 'demo',
    targets: ['deployment.apps/web'],
    summary: 'Scale',
    confirm: 'Scale web to 5',
    changes: [],
    warnings: [],
    risk: 'low',
    undo: '/k8s scale deploy/web 2',
    data: {},
  },
  digest: 'd',
  createdAt: 1_000,
  expiresAt: 601_000,
};
const queued = confirm(AWAITING, ADA, 2_000);
const running = start(queued, 'w1', 3_000) as ChangeRecord;

describe('a change', () => {
  test('that its requester confirms in time is queued, a generation later', () => {
    expect(queued).toMatchObject({ state: 'queued', generation: 2, decided: { by: ADA, at: 2_000 } });
  });

  test('cannot be confirmed by anybody else', () => {
    expect(() => confirm(AWAITING, GRACE, 2_000)).toThrow(ApprovalError);
    expect(() => confirm(AWAITING, { ...ADA, team: 'T2' }, 2_000)).toThrow(/Only the person who asked/);
  });

  test('expires at its time exactly, not a millisecond before', () => {
    expect(expire(AWAITING, 600_999)).toBeUndefined();
    expect(expire(AWAITING, 601_000)).toMatchObject({ state: 'expired' });
    expect(() => confirm(AWAITING, ADA, 601_000)).toThrow(/expired/);
  });

  test('that is confirmed never expires', () => {
    expect(expire(queued, 9_000_000)).toBeUndefined();
  });

  test('cannot be confirmed twice', () => {
    expect(() => confirm(queued, ADA, 2_001)).toThrow(/queued already/);
  });

  test('can be cancelled by anybody until it starts', () => {
    expect(cancel(AWAITING, GRACE, 2_000)).toMatchObject({ state: 'cancelled', decided: { by: GRACE } });
    expect(cancel(queued, GRACE, 2_500)).toMatchObject({ state: 'cancelled' });
    expect(() => cancel(running, ADA, 3_500)).toThrow(/has started/);
  });

  test('that is cancelled is not started by the job that was queued for it', () => {
    expect(start(cancel(queued, ADA, 2_500), 'w1', 3_000)).toBeUndefined();
  });

  test('counts the workers that took it up, and keeps its effect across them', () => {
    const withEffect = acted(running, { said: 'deployment.apps/web scaled' }, 3_100);
    const again = start(withEffect, 'w2', 9_000);

    expect(running.marker).toEqual({ worker: 'w1', at: 3_000, attempts: 1 });
    expect(again).toMatchObject({
      marker: { worker: 'w2', attempts: 2 },
      effect: { said: 'deployment.apps/web scaled' },
    });
  });

  test('that is over stays over', () => {
    const done = finish(running, { status: 'succeeded', title: 'done' }, 4_000);

    expect(start(done, 'w2', 5_000)).toBeUndefined();
    expect(expire(done, 9_000_000)).toBeUndefined();
    expect(() => cancel(done, ADA, 5_000)).toThrow(/succeeded already/);
  });

  test('grows by one generation with every transition', () => {
    expect([AWAITING, queued, running].map((record) => record.generation)).toEqual([1, 2, 3]);
  });
});
