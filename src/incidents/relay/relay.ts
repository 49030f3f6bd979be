import type { Delivery, OutgoingAlert } from '../../bridges/alert.ts';
import type { Change, Versioned } from '../../state/store.ts';
import { delay } from '../../time.ts';
import type { Incident } from '../incident.ts';
import { afterAttempt, deliveryId, type Next, toSend } from './attempt.ts';
import type { Bridge, RelayDeps, Term } from './bridge.ts';
import { outgoingOf, wants } from './outgoing.ts';
import { repeat } from './repeat.ts';
import {
  type Addressed,
  DEAD,
  type DeadLetter,
  listAddressed,
  pathOf,
  placeOf,
  type RelayRow,
  ROWS,
  TOLD,
  type Told,
} from './rows.ts';
import { standingIn } from './standing-in.ts';

export type { Bridge, RelayDeps } from './bridge.ts';

/**
 * Tells other systems. One replica does it at a time (the term's `check` goes into every commit); each bridge has a lane of its own, so that a
 * dead one does not hold up the others, and in a lane the rows of one incident are told in order.
 */
export interface Relay {
  /** Delivers until the signal aborts. */
  run(term: Term): Promise<void>;
  /** Something was written: look now. */
  kick(): void;
}

const TICK_MS = 1_000;
/** Rows of one bridge that are under way together; a slow answer holds up its own row only. */
const AT_ONCE = 16;

export function createRelay(deps: RelayDeps): Relay {
  const bells = deps.bridges.map(() => new Bell());
  return {
    kick() {
      for (const bell of bells) bell.ring();
    },
    async run(term) {
      await Promise.all(deps.bridges.map((bridge, index) => runLane(bridge, term, deps, bells[index] as Bell)));
    },
  };
}

/** Wakes a lane; one that rings while the lane is at work is heard afterwards. */
class Bell {
  #isRung = false;
  #wake = (): void => undefined;

  ring(): void {
    this.#isRung = true;
    this.#wake();
  }

  /** Resolves when it rings or has rung since the last wait, after `ms`, or when the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isRung) {
      const sleeping = new AbortController();
      this.#wake = () => sleeping.abort();
      await delay(ms, AbortSignal.any([signal, sleeping.signal])).catch(() => undefined);
    }
    this.#isRung = false;
  }
}

/** What a lane remembers from one look to the next. */
interface Lane {
  readonly bridge: Bridge;
  /** The other side asked to be left alone until then, epoch ms. */
  pausedUntil: number;
  repeatedAt: number;
}

async function runLane(bridge: Bridge, term: Term, deps: RelayDeps, bell: Bell): Promise<void> {
  const lane: Lane = { bridge, pausedUntil: 0, repeatedAt: 0 };
  while (!term.signal.aborted) {
    await look(lane, deps, term).catch((error) => {
      if (!term.signal.aborted)
        deps.log.warn({ err: error, bridge: bridge.config.name }, 'another system was not told; tried again');
    });
    await bell.wait(TICK_MS, term.signal);
  }
}

async function look(lane: Lane, deps: RelayDeps, term: Term): Promise<void> {
  if (deps.clock() < lane.pausedUntil) return;
  await deliverDue(lane, deps, term);
  const { bridge } = lane;
  const everyMs = bridge.target.repeatEveryMs;
  if (everyMs === undefined || deps.clock() - lane.repeatedAt < TICK_MS) return;
  lane.repeatedAt = deps.clock();
  await repeat(bridge, everyMs, deps, term);
}

/** The oldest first. */
async function deliverDue(lane: Lane, deps: RelayDeps, term: Term): Promise<void> {
  const { bridge } = lane;
  const rows = await listAddressed<RelayRow>(deps.store, ROWS, bridge.config.name);
  const ripe = rows
    .filter(({ entry }) => entry.value.notBefore <= deps.clock())
    .sort((a, b) => a.entry.value.since - b.entry.value.since);
  const due = bridge.config.fallback ? await standingIn(ripe, bridge, deps, term.check) : ripe;
  const left = due.values();
  const some = async (): Promise<void> => {
    for (const row of left) {
      if (term.signal.aborted || deps.clock() < lane.pausedUntil) return;
      await deliverRow(row, lane, deps, term);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, some));
}

async function deliverRow(
  row: Addressed<RelayRow>,
  lane: Lane,
  deps: RelayDeps,
  { signal, check }: Term,
): Promise<void> {
  const { bridge } = lane;
  const { found, told } = await lookUp(row, deps);
  if (!found || !isStillWanted(found, bridge, told)) return await forget(row, deps, check);
  if (isWorthWaiting(row, found, bridge, deps.clock())) return;
  // Without a message there is no link to it.
  const alert = outgoingOf(found, found.notifiedAt === undefined ? undefined : await deps.link(found));
  const now = deps.clock();
  let delivery: Delivery = { ok: true };
  let heard: OutgoingAlert | undefined;
  for (const step of toSend(alert, told?.value)) {
    const known = told?.value.status === 'resolved' ? undefined : told?.value.severity;
    delivery = await bridge.target.send(step, {
      id: deliveryId(bridge.target, step, row.entry.value.since, told?.value),
      signal,
      now,
      knownAs: heard?.severity ?? known,
    });
    if (!delivery.ok) break;
    heard = step;
  }
  // Stopped in the middle: nobody knows whether it arrived, and the row stays as it is.
  if (signal.aborted && !delivery.ok) return;
  if (!delivery.ok && delivery.retryAfterMs !== undefined) lane.pausedUntil = now + delivery.retryAfterMs;
  await settle(row, delivery, { heard, alert }, deps, check);
}

/** Its message is on its way to Slack, and its link with it. */
function isWorthWaiting({ entry }: Addressed<RelayRow>, incident: Incident, { target }: Bridge, now: number): boolean {
  const isComing = incident.status === 'firing' && incident.channel !== undefined && incident.notifiedAt === undefined;
  return isComing && now - entry.value.since < (target.linkWaitMs ?? 0);
}

/** What has just begun here is known without asking, and was told to nobody yet. */
async function lookUp(
  row: Addressed<RelayRow>,
  deps: RelayDeps,
): Promise<{ found: Incident | undefined; told: Versioned<Told> | undefined }> {
  const recorded = deps.book.recorded(row.incident, row.entry.revision);
  if (recorded?.generation === 1) return { found: recorded, told: undefined };
  const [kept, told] = await Promise.all([
    recorded ? undefined : deps.book.get(row.incident),
    deps.store.get<Told>(pathOf(TOLD, row.bridge, row.incident)),
  ]);
  return { found: recorded ?? kept?.value, told };
}

/** The end is told to whoever heard of the beginning, whatever was silenced since. */
function isStillWanted(incident: Incident, bridge: Bridge, told: Versioned<Told> | undefined): boolean {
  if (told !== undefined && incident.status === 'resolved') return true;
  return wants(bridge.config, incident, placeOf(bridge.config));
}

async function settle(
  row: Addressed<RelayRow>,
  delivery: Delivery,
  { heard, alert }: { readonly heard: OutgoingAlert | undefined; readonly alert: OutgoingAlert },
  deps: RelayDeps,
  check: Change,
): Promise<void> {
  const now = deps.clock();
  const next = afterAttempt(row.entry.value, delivery, now, deps.random());
  const { status, severity } = heard ?? alert;
  const told: Told = { schemaVersion: 1, key: row.entry.value.key, status, severity, at: now };
  const note: Change = { op: 'put', path: pathOf(TOLD, row.bridge, row.incident), value: told, expect: 'any' };
  const isKnown = next.kind === 'told' || heard !== undefined;
  const changes = [check, ...(isKnown ? [note] : []), ...changesFor(row, next, now)];
  report(row, next, deps);
  if ((await deps.store.commit(changes)) !== undefined || !isKnown) return;
  // It changed meanwhile: the newer row stays, and knows what was said.
  await deps.store.commit([check, note]);
}

function changesFor({ entry, bridge, incident }: Addressed<RelayRow>, next: Next, now: number): Change[] {
  const { path, revision } = entry;
  if (next.kind === 'again') return [{ op: 'put', path, value: next.row, expect: { revision } }];
  const done: Change = { op: 'del', path, expect: { revision } };
  const deadPath = pathOf(DEAD, bridge, incident);
  // What was given up earlier is told now, too.
  if (next.kind === 'told') return [done, { op: 'del', path: deadPath, expect: 'any' }];
  const dead: DeadLetter = { ...next.row, gaveUpAt: now };
  return [done, { op: 'put', path: deadPath, value: dead, expect: 'any' }];
}

function report({ bridge, incident }: Addressed<RelayRow>, next: Next, deps: RelayDeps): void {
  deps.measured?.(bridge, { told: 'ok', again: 'retry', dead: 'dead' }[next.kind] as 'ok' | 'retry' | 'dead');
  if (next.kind === 'told') return;
  const facts = { bridge, incident, error: next.row.error };
  if (next.kind === 'again') deps.log.warn(facts, 'a bridge did not take an incident');
  else deps.log.error(facts, 'a bridge refused an incident');
}

async function forget(row: Addressed<RelayRow>, { store }: RelayDeps, check: Change): Promise<void> {
  const { path, revision } = row.entry;
  await store.commit([check, { op: 'del', path, expect: { revision } }]);
}
