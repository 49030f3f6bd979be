import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/log.ts';
import { dueChange, listDue, nextDue, notDueChange, settleDue } from '../../src/state/due.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import { outboxChange, type PendingRow, pending, settle, watchOutbox } from '../../src/state/outbox.ts';
import type { Store } from '../../src/state/store.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../support/services.ts';

let etcd: EtcdService;
let store: Store;

beforeAll(async () => {
  etcd = await startEtcd();
});
beforeEach(async () => {
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: ownPrefix(), log: createLogger('silent') });
  return () => store.close();
});
afterAll(() => etcd.stop());

describe('the due-index', () => {
  it('lists what is due by now, the longest overdue first', async () => {
    await store.commit([
      dueChange(2_000, 'escalation', 'inc-1/3'),
      dueChange(999, 'confirmation', 'c1'),
      dueChange(3_001, 'confirmation', 'c2'),
      dueChange(10_000, 'confirmation', 'c3'),
    ]);

    const due = await listDue(store, 3_000);

    expect(due.map(({ at, kind, id }) => [at, kind, id])).toEqual([
      [999, 'confirmation', 'c1'],
      [2_000, 'escalation', 'inc-1/3'],
    ]);
    expect(await listDue(store, 3_000, 1)).toHaveLength(1);
    expect(await nextDue(store)).toBe(999);
  });

  it('forgets what was settled, and keeps what was put there anew', async () => {
    await store.commit([dueChange(1, 'a', 'x'), dueChange(2, 'a', 'y')]);
    const [x, y] = await listDue(store, 5);
    await store.commit([dueChange(2, 'a', 'y')]);

    await settleDue(store, x as never);
    await settleDue(store, y as never);
    expect((await listDue(store, 5)).map(({ id }) => id)).toEqual(['y']);
    await store.commit([notDueChange(2, 'a', 'y')]);

    expect(await nextDue(store)).toBeUndefined();
  });
});

describe('the outbox', () => {
  const row = { subjectKind: 'invocation', subjectId: 'i1', generation: 1, channel: 'C1', since: 5 };

  it('holds one row per subject: the newest generation', async () => {
    await store.commit([outboxChange(row)]);
    await store.commit([outboxChange({ ...row, generation: 2, thread: '1.2' })]);
    await store.commit([outboxChange({ ...row, subjectKind: 'incident', subjectId: 'n1' })]);

    expect(await pending(store, 10, 'invocation')).toMatchObject([{ ...row, generation: 2, thread: '1.2' }]);
    expect(await pending(store)).toHaveLength(2);
  });

  it('keeps a row whose subject changed while it was being delivered', async () => {
    await store.commit([outboxChange(row)]);
    const [delivering] = await pending(store);
    await store.commit([outboxChange({ ...row, generation: 2 })]);

    expect(await settle(store, delivering as PendingRow)).toBe(false);
    const [again] = await pending(store);
    expect(again?.generation).toBe(2);
    expect(await settle(store, again as PendingRow)).toBe(true);
    expect(await pending(store)).toEqual([]);
  });

  it('calls whoever watches it', async () => {
    let calls = 0;
    const watch = await watchOutbox(store, () => {
      calls += 1;
    });

    await store.commit([outboxChange(row)]);

    await expect.poll(() => calls).toBe(1);
    await watch.stop();
  });
});
