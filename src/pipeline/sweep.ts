import type { Queues } from '../jobs/queues.ts';
import type { Logger } from '../log.ts';
import { listDue, settleDue } from '../state/due.ts';
import type { Store } from '../state/store.ts';
import { type Clock, delay } from '../time.ts';
import { escalate } from './approval.ts';
import { expire } from './change.ts';
import { type Changes, CONFIRM_EXPIRY, ESCALATION, FORGET_CHANGE } from './changes.ts';

export interface SweepDeps {
  readonly changes: Changes;
  readonly queues: Queues;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Delivers what waits in the outbox. */
  deliverPending(): Promise<void>;
}

const TICK_MS = 1_000;
const REPAIR_EVERY_TICKS = 5;

/**
 * What makes promises survive: timers that are kept in etcd, messages that a crash left undelivered, confirmed changes whose job was lost
 * with Redis or with the worker. Every replica sweeps; all of it is safe to do twice.
 */
export function startSweeping(deps: SweepDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let isDelivering = false;
  /** Not waited for: Slack takes a message a second, and timers must not stand behind a thousand of them. */
  const deliver = async (): Promise<void> => {
    if (isDelivering) return;
    isDelivering = true;
    await quietly(deps, 'outbox', () => deps.deliverPending());
    isDelivering = false;
  };
  const done = (async () => {
    for (let tick = 0; !stopping.signal.aborted; tick++) {
      await quietly(deps, 'timers', () => fireTimers(deps));
      if (tick % REPAIR_EVERY_TICKS === 0) {
        void deliver();
        await quietly(deps, 'lost jobs', () => requeueLost(deps));
      }
      await delay(TICK_MS, stopping.signal).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function quietly(deps: SweepDeps, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    deps.log.warn({ err: error, what }, 'sweep failed; it will be tried again');
  }
}

async function fireTimers(deps: SweepDeps): Promise<void> {
  for (const timer of await listDue(deps.store, deps.clock())) {
    if (timer.kind === CONFIRM_EXPIRY) await deps.changes.apply(timer.id, (record) => expire(record, deps.clock()));
    else if (timer.kind === ESCALATION) await deps.changes.apply(timer.id, (record) => escalate(record, deps.clock()));
    else if (timer.kind === FORGET_CHANGE) await deps.changes.forget(timer.id);
    else continue;
    await settleDue(deps.store, timer);
  }
}

/** A confirmed change must have a job; if Redis lost it, or its worker died with it, it gets a new one. Redelivery is safe by the marker. */
export async function requeueLost(deps: Pick<SweepDeps, 'changes' | 'queues' | 'log'>): Promise<void> {
  for (const id of await deps.changes.open()) {
    const record = (await deps.changes.get(id))?.value;
    if (record?.state !== 'queued' && record?.state !== 'running') continue;
    const state = await deps.queues.state('changes', id);
    if (state === 'waiting' || state === 'active' || state === 'delayed') continue;
    // Read again: it may have ended between the two looks.
    const now = (await deps.changes.get(id))?.value.state;
    if (now !== 'queued' && now !== 'running') continue;
    deps.log.warn({ change: id, job: state }, 'a confirmed change had no job; queued again');
    if (state !== 'missing') await deps.queues.forget('changes', id);
    await deps.queues.add('changes', { id, name: 'change', data: { id } });
  }
}
