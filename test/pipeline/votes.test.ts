import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EtcdService, startEtcd } from '../../deploy/sandbox/services.ts';
import { createAccess } from '../../src/access/access.ts';
import { accessSchema } from '../../src/config/access.ts';
import { digestOf, newId } from '../../src/ids.ts';
import { createLogger } from '../../src/log.ts';
import { askOthers } from '../../src/pipeline/approval.ts';
import type { ChangeRecord, Vote } from '../../src/pipeline/change.ts';
import { type Changes, changesOn } from '../../src/pipeline/changes.ts';
import type { Plan } from '../../src/pipeline/definition.ts';
import { castVote } from '../../src/pipeline/votes.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import type { Store } from '../../src/state/store.ts';

const ADA = { team: 'T1', user: 'U1ADA' };
const VOTERS = ['U1GRACE', 'U1LINUS', 'U1MARGARET', 'U1EVE'].map((user) => ({ team: 'T1', user }));
const PLAN: Plan = {
  cluster: 'demo',
  targets: ['dial'],
  summary: 'Set',
  confirm: 'Set',
  changes: [],
  warnings: [],
  risk: 'low',
  asked: [{ permission: 'dial:set', cluster: 'demo' }],
  data: {},
};
const access = createAccess(
  accessSchema.parse({
    approvals: { rules: [{ permissions: ['*'], approvers: { users: VOTERS.map(({ user }) => user) }, count: 2 }] },
  }),
  {
    homeTeam: () => 'T1',
    groups: { of: () => [], refresh: async () => undefined, problem: () => undefined },
    claimed: () => new Set(),
    configured: true,
  },
);

let etcd: EtcdService;
let stores: Store[];
let replicas: Changes[];
/** States that each change went through, on either replica. */
const steps: string[] = [];
beforeAll(async () => {
  etcd = await startEtcd();
  const log = createLogger('silent');
  stores = [1, 2].map(() => openStore({ endpoints: [etcd.endpoint] }, { prefix: 'shipmate/v1/', log }));
  replicas = stores.map((store) => changesOn(store, ({ id, state }) => void steps.push(`${id} ${state}`)));
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await etcd.stop();
});

async function request(): Promise<string> {
  const demand = access.gate(PLAN).approval;
  if (!demand) throw new Error('no approval was demanded');
  const now = Date.now();
  const awaiting: ChangeRecord = {
    schemaVersion: 1,
    id: newId(),
    generation: 1,
    state: 'awaiting',
    command: 'dial set',
    shown: '/dial set',
    raw: '/dial set',
    person: ADA,
    origin: { surface: 'slash', channel: 'C1', receivedAt: 0 },
    plan: PLAN,
    digest: digestOf(PLAN),
    createdAt: now,
    expiresAt: now + 60_000,
  };
  await replicas[0]?.create(awaiting);
  await replicas[0]?.apply(awaiting.id, (record) => askOthers(record, ADA, now, demand, undefined));
  return awaiting.id;
}

/** Votes on alternating replicas, all at once. */
async function all(id: string, choices: readonly Vote['choice'][]): Promise<ChangeRecord> {
  await Promise.allSettled(
    choices.map((choice, index) =>
      castVote(id, VOTERS[index % VOTERS.length] as typeof ADA, choice, undefined, {
        access,
        changes: replicas[index % 2] as Changes,
        clock: Date.now,
        enqueue: async () => undefined,
      }),
    ),
  );
  const found = await replicas[0]?.get(id);
  if (!found) throw new Error('the change is gone');
  return found.value;
}

test('T17: votes on two replicas at once are counted one after the other and lead to one transition', async () => {
  for (let round = 0; round < 10; round++) {
    const id = await request();

    const record = await all(id, ['approve', 'deny', 'approve', 'approve']);

    const ends = steps.filter((step) => step === `${id} queued` || step === `${id} denied`);
    expect(ends).toHaveLength(1);
    expect(ends[0]).toBe(`${id} ${record.state}`);
    const keys = await stores[0]?.list<Vote>(`votes/${id}/`);
    expect(keys?.map(({ value }) => value.by.user).sort()).toEqual(
      record.approval?.votes.map(({ by }) => by.user).sort(),
    );
  }
});

test('T20: one person’s many presses are one vote', async () => {
  const id = await request();

  const record = await all(id, [
    'approve',
    'approve',
    'approve',
    'approve',
    'approve',
    'approve',
    'approve',
    'approve',
  ]);

  expect(record.state).toBe('queued');
  expect(new Set(record.approval?.votes.map(({ by }) => by.user)).size).toBe(2);
  expect(record.approval?.votes).toHaveLength(2);
});

test('a request that ended leaves no vote behind once it is forgotten', async () => {
  const id = await request();
  await all(id, ['deny']);

  await replicas[1]?.forget(id);

  expect(await stores[0]?.list(`votes/${id}/`)).toEqual([]);
  expect(await replicas[0]?.recentOf(ADA, 100)).not.toContain(id);
});
