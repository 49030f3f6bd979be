import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Audit, openAudit } from '../../../src/access/audit/audit.ts';
import type { Entry } from '../../../src/access/audit/entry.ts';
import { standing } from '../../../src/access/audit/query.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { digestOf, newId } from '../../../src/ids.ts';
import { createLogger } from '../../../src/log.ts';
import { intentOf, stepWrites } from '../../../src/pipeline/audited.ts';
import { type ChangeRecord, confirm, start } from '../../../src/pipeline/change.ts';
import { type Changes, changesOn } from '../../../src/pipeline/changes.ts';
import type { AnyChange, CommandContext, Plan } from '../../../src/pipeline/definition.ts';
import { type ExecuteDeps, executeChange } from '../../../src/pipeline/execute.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import type { Change, Store } from '../../../src/state/store.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';

const ADA = { team: 'T1', user: 'U1ADA' };
const log = createLogger('silent');

let etcd: EtcdService;
let store: Store;
let audit: Audit;
let changes: Changes;
/** While true, etcd takes no entry of the audit chain. */
let isChainAway = false;
beforeAll(async () => {
  etcd = await startEtcd();
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: 'shipmate/v1/', log });
  const breakable: Store = Object.create(store, {
    commit: {
      value: async (writes: readonly Change[], options?: { commitId?: string }) => {
        if (isChainAway) throw new UnavailableError('etcd does not answer');
        return await store.commit(writes, options);
      },
    },
    get: { value: (path: string) => store.get(path) },
    list: { value: (prefix: string, options?: object) => store.list(prefix, options) },
  });
  // Its patience is 5 s by this clock, which goes ten times as fast.
  const clock = (): number => Date.now() * 10;
  audit = openAudit(
    { reads: 'off', keepMs: 1e12 },
    { store: breakable, clock, log, owner: 'a', random: Math.random, redact: (value) => value },
  );
  changes = changesOn(store, () => audit.written(), stepWrites(audit, 'CAUDIT'));
});
afterAll(async () => {
  await store.close();
  await etcd.stop();
});

async function confirmed(): Promise<string> {
  const id = newId();
  const plan: Plan = {
    cluster: 'demo',
    targets: ['dial'],
    summary: 'Turn the dial',
    confirm: 'Turn',
    changes: [],
    warnings: [],
    risk: 'low',
    data: {},
  };
  const record: ChangeRecord = {
    schemaVersion: 1,
    id,
    generation: 1,
    state: 'awaiting',
    command: 'dial turn',
    shown: '/dial turn',
    raw: '/dial turn',
    person: ADA,
    origin: { surface: 'slash', channel: 'C1', receivedAt: 0 },
    plan,
    digest: digestOf(plan),
    createdAt: Date.now(),
    expiresAt: Date.now() + 60_000,
  };
  await changes.create(record);
  await changes.apply(id, (found) => confirm(found, ADA, Date.now()));
  return id;
}

/** Runs it; `during` is called in the moment of acting. */
async function run(id: string, during: () => void, wasApplied = false): Promise<void> {
  const command = {
    name: 'dial turn',
    verify: async () => (wasApplied ? { applied: true, effect: { said: 'dial turned' } } : { applied: false }),
    act: async () => {
      during();
      return { said: 'dial turned', data: { generation: 7 } };
    },
  } as unknown as AnyChange;
  const deps: ExecuteDeps = {
    changes,
    worker: 'w1',
    clock: Date.now,
    commandOf: () => command,
    contextOf: (_record, signal) => ({ signal, log, clock: Date.now }) as unknown as CommandContext,
    authorise: async () => undefined,
    progress: () => undefined,
    intend: async (record) => void (await audit.append(intentOf(record, Date.now()))),
    calls: () => [{ call: 'PUT v1 dials/dial on demo', status: 'ok', revision: '42', generation: 7 }],
  };
  await executeChange(id, new AbortController().signal, deps);
}

async function storyOf(id: string): Promise<{ types: string[]; standing: string; entries: readonly Entry[] }> {
  const { stories } = await audit.find({ invocation: id, limit: 1 });
  const entries = stories[0]?.entries ?? [];
  return {
    types: entries.map((entry) => entry.type),
    standing: standing(stories[0] ?? { invocation: id, entries }),
    entries,
  };
}

describe('T23: a change and its audit', () => {
  test('is in the chain before it is done', async () => {
    const id = await confirmed();
    let before: Promise<string[]> | undefined;

    await run(id, () => {
      before = storyOf(id).then((story) => story.types);
    });

    expect(await before).toEqual(['planned', 'confirmed', 'intent']);
    await expect.poll(async () => (await storyOf(id)).types).toEqual(['planned', 'confirmed', 'intent', 'outcome']);
    const outcome = (await storyOf(id)).entries.at(-1);
    expect(outcome).toMatchObject({ result: 'succeeded', said: 'dial turned', detail: { effect: { generation: 7 } } });
    expect(outcome?.calls).toEqual([
      { call: 'PUT v1 dials/dial on demo', status: 'ok', revision: '42', generation: 7 },
    ]);
  });

  test('is not done when its intent cannot be written, and says so', async () => {
    const id = await confirmed();
    let acts = 0;
    isChainAway = true;

    await run(id, () => {
      acts += 1;
    });
    isChainAway = false;

    expect(acts).toBe(0);
    const record = (await changes.get(id))?.value;
    expect(record).toMatchObject({ state: 'failed', outcome: { title: expect.stringContaining('audit log') } });
    audit.written();
    await expect.poll(async () => (await storyOf(id)).types).toEqual(['planned', 'confirmed', 'outcome']);
  });

  test('whose worker dies in between stands as intent without outcome, until another one finishes it', async () => {
    const id = await confirmed();
    // The worker wrote its marker and its intent, and was never heard of again.
    const marked = await changes.apply(id, (found) => start(found, 'w0', Date.now()));
    await audit.append(intentOf(marked as ChangeRecord, Date.now()));
    expect((await storyOf(id)).standing).toBe('intent without outcome');

    await run(id, () => undefined, true);

    await expect.poll(async () => (await storyOf(id)).standing).toBe('succeeded');
    expect((await storyOf(id)).types).toEqual(['planned', 'confirmed', 'intent', 'outcome']);
    expect((await audit.verify()).broken).toBeUndefined();
  });

  test('has one line waiting for the audit channel once it is over', async () => {
    const id = await confirmed();
    expect(await store.get(`outbox/audit/${id}`)).toBeUndefined();

    await run(id, () => undefined);

    expect((await store.get(`outbox/audit/${id}`))?.value).toMatchObject({ channel: 'CAUDIT' });
  });
});
