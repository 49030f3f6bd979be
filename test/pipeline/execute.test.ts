import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EtcdService, startEtcd } from '../../deploy/sandbox/services.ts';
import { ConflictError, UnavailableError } from '../../src/errors.ts';
import { digestOf, newId } from '../../src/ids.ts';
import { createLogger } from '../../src/log.ts';
import { type ChangeRecord, confirm } from '../../src/pipeline/change.ts';
import { type Changes, changesOn } from '../../src/pipeline/changes.ts';
import type { AnyChange, CommandContext, Plan } from '../../src/pipeline/definition.ts';
import { executeChange } from '../../src/pipeline/execute.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import type { Store } from '../../src/state/store.ts';

const ADA = { team: 'T1', user: 'U1ADA' };
const log = createLogger('silent');

/** A small working world: a number that is changed under a precondition, with failures on demand. */
class Dial {
  value = 2;
  version = 1;
  writes = 0;
  /** What happens around the next writes, in order. */
  readonly trouble: ('lose the answer' | 'refuse the connection' | 'fall over before' | 'fall over after')[] = [];

  command(): AnyChange {
    return {
      name: 'dial set',
      summary: 'Sets the dial',
      examples: [],
      args: {},
      permission: 'dial:set',
      risk: 'low',
      plan: async () => ({ nothingToDo: { title: '' } }),
      verify: async (plan: Plan<{ to: number; version: number }>) => {
        if (this.version === plan.data.version) return { applied: false };
        if (this.value === plan.data.to && this.version === plan.data.version + 1)
          return { applied: true, effect: { said: 'dial set' } };
        return { applied: 'unknown', found: `the dial is at ${this.value}` };
      },
      act: async (plan: Plan<{ to: number; version: number }>) => {
        const trouble = this.trouble.shift();
        if (trouble === 'refuse the connection') throw new UnavailableError('refused');
        if (trouble === 'fall over before') throw new Crash();
        if (this.version !== plan.data.version)
          throw new ConflictError(`the dial is at ${this.value}, not as planned`, { hint: 'run it again' });
        this.value = plan.data.to;
        this.version += 1;
        this.writes += 1;
        if (trouble === 'lose the answer') throw new UnavailableError('no answer');
        if (trouble === 'fall over after') throw new Crash();
        return { said: 'dial set' };
      },
    } as AnyChange;
  }
}

/** Stands for a process that dies: the job ends without an outcome being written. */
class Crash extends Error {}

let etcd: EtcdService;
let store: Store;
let changes: Changes;
beforeAll(async () => {
  etcd = await startEtcd();
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: 'shipmate/v1/', log });
  changes = changesOn(store, () => undefined);
});
afterAll(async () => {
  await store.close();
  await etcd.stop();
});

async function confirmedChange(dial: Dial, to: number): Promise<string> {
  const id = newId();
  const plan: Plan = {
    cluster: 'demo',
    targets: ['dial'],
    summary: `Set to ${to}`,
    confirm: 'Set',
    changes: [],
    warnings: [],
    risk: 'low',
    data: { to, version: dial.version },
  };
  const record: ChangeRecord = {
    schemaVersion: 1,
    id,
    generation: 1,
    state: 'awaiting',
    command: 'dial set',
    shown: '/dial set',
    raw: '/dial set',
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

/** One worker's attempt; a crash aborts its signal, so that nothing is written afterwards. */
async function attempt(id: string, dial: Dial, authorise: () => Promise<void> = async () => undefined): Promise<void> {
  const dying = new AbortController();
  const command = dial.command();
  await executeChange(id, dying.signal, {
    changes,
    worker: newId(),
    clock: Date.now,
    commandOf: () => ({
      ...command,
      act: async (plan, context) => {
        try {
          return await command.act(plan, context);
        } catch (error) {
          if (error instanceof Crash) dying.abort(error);
          throw error;
        }
      },
    }),
    contextOf: (_record, signal) => ({ signal, log }) as unknown as CommandContext,
    authorise,
    progress: () => undefined,
    intend: async () => undefined,
    calls: () => [],
  }).catch((error) => {
    if (!(error instanceof Crash)) throw error;
  });
}

const stateOf = async (id: string) => (await changes.get(id))?.value;

describe('a confirmed change', () => {
  test('has its effect once and says so', async () => {
    const dial = new Dial();
    const id = await confirmedChange(dial, 5);

    await attempt(id, dial);

    expect(await stateOf(id)).toMatchObject({ state: 'succeeded', outcome: { title: 'dial set' } });
    expect(dial).toMatchObject({ value: 5, writes: 1 });
  });

  test('whose worker dies before acting is done by the next worker, once', async () => {
    const dial = new Dial();
    dial.trouble.push('fall over before');
    const id = await confirmedChange(dial, 5);

    await attempt(id, dial);
    expect(await stateOf(id)).toMatchObject({ state: 'running', marker: { attempts: 1 } });
    await attempt(id, dial);

    expect(await stateOf(id)).toMatchObject({ state: 'succeeded' });
    expect(dial.writes).toBe(1);
  });

  test('whose worker dies right after acting is found done, not done again', async () => {
    const dial = new Dial();
    dial.trouble.push('fall over after');
    const id = await confirmedChange(dial, 5);

    await attempt(id, dial);
    await attempt(id, dial);

    expect(await stateOf(id)).toMatchObject({ state: 'succeeded' });
    expect(dial.writes).toBe(1);
  });

  test('whose answer is lost is looked up before it is tried again', async () => {
    const dial = new Dial();
    dial.trouble.push('lose the answer');
    const id = await confirmedChange(dial, 5);

    await attempt(id, dial);

    expect(await stateOf(id)).toMatchObject({ state: 'succeeded' });
    expect(dial.writes).toBe(1);
  });

  test('that cannot reach its system at first is tried again', async () => {
    const dial = new Dial();
    dial.trouble.push('refuse the connection', 'refuse the connection');
    const id = await confirmedChange(dial, 5);

    await attempt(id, dial);

    expect(await stateOf(id)).toMatchObject({ state: 'succeeded' });
    expect(dial.writes).toBe(1);
  });

  test('fails without effect when somebody else changed the object since the plan', async () => {
    const dial = new Dial();
    const id = await confirmedChange(dial, 5);
    dial.value = 3;
    dial.version = 2;

    await attempt(id, dial);

    expect(await stateOf(id)).toMatchObject({
      state: 'failed',
      outcome: { title: 'the dial is at 3, not as planned', hint: 'run it again' },
    });
    expect(dial).toMatchObject({ value: 3, writes: 0 });
  });

  test('ends as unknown when a worker died and the object has moved in a way nobody can attribute', async () => {
    const dial = new Dial();
    dial.trouble.push('fall over after');
    const id = await confirmedChange(dial, 5);

    await attempt(id, dial);
    dial.value = 9;
    dial.version += 1;
    await attempt(id, dial);

    expect(await stateOf(id)).toMatchObject({ state: 'unknown' });
    expect(dial).toMatchObject({ value: 9, writes: 1 });
  });

  test('is not begun when the right was taken away while it waited', async () => {
    const dial = new Dial();
    const id = await confirmedChange(dial, 5);

    await attempt(id, dial, () => {
      throw new ConflictError('not any more');
    });

    expect(await stateOf(id)).toMatchObject({ state: 'failed', outcome: { title: 'not any more' } });
    expect(dial.writes).toBe(0);
  });

  test('whose stored plan was tampered with is refused', async () => {
    const dial = new Dial();
    const id = await confirmedChange(dial, 5);
    const found = await changes.get(id);
    if (!found) throw new Error('it was just created');
    await store.commit([
      {
        op: 'put',
        path: found.path,
        value: { ...found.value, plan: { ...found.value.plan, data: { to: 99, version: 1 } } },
        expect: 'any',
      },
    ]);

    await attempt(id, dial);

    expect(await stateOf(id)).toMatchObject({ state: 'failed' });
    expect(dial.writes).toBe(0);
  });

  test('taken up by two workers at once has its effect once', async () => {
    const dial = new Dial();
    const id = await confirmedChange(dial, 5);

    await Promise.all([attempt(id, dial), attempt(id, dial)]);

    expect(await stateOf(id)).toMatchObject({ state: 'succeeded' });
    expect(dial.writes).toBe(1);
  });
});
