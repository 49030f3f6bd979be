import type { Delivery, OutgoingAlert, Target } from '../../bridges/alert.ts';
import type { BridgeOutConfig } from '../../config/bridges.ts';
import type { Logger } from '../../log.ts';
import type { Change, Store, Versioned } from '../../state/store.ts';
import { type Clock, delay } from '../../time.ts';
import type { KeptBook } from '../book/book.ts';
import type { Incident } from '../incident.ts';
import { afterAttempt, deliveryId, toSend } from './attempt.ts';
import { outgoingOf, wants } from './outgoing.ts';
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

export interface Bridge {
  readonly config: BridgeOutConfig;
  readonly target: Target;
}

export interface RelayDeps {
  readonly bridges: readonly Bridge[];
  readonly book: Pick<KeptBook, 'get' | 'recorded'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  /** Whether Slack takes messages: bridges marked `fallback` speak only when it does not. */
  isSlackWell(): boolean;
  /** Link to the incident's message. */
  link(incident: Incident): Promise<string | undefined>;
  /** One delivery more or less, for the metrics. */
  measured?(bridge: string, result: 'ok' | 'retry' | 'dead'): void;
}

/**
 * Tells other systems. One replica does it at a time (the term's `check` goes into every commit); each bridge has a lane of its own, so that a
 * dead one does not hold up the others, and in a lane the rows of one incident are told in order.
 */
export interface Relay {
  /** Delivers until the signal aborts. */
  run(term: { readonly signal: AbortSignal; readonly check: Change }): Promise<void>;
  /** Something was written: look now. */
  kick(): void;
}

const TICK_MS = 1_000;
const AT_ONCE = 8;

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

async function runLane(
  bridge: Bridge,
  { signal, check }: { readonly signal: AbortSignal; readonly check: Change },
  deps: RelayDeps,
  bell: Bell,
): Promise<void> {
  while (!signal.aborted) {
    await deliverDue(bridge, deps, check, signal).catch((error) => {
      if (!signal.aborted)
        deps.log.warn({ err: error, bridge: bridge.config.name }, 'another system was not told; tried again');
    });
    await bell.wait(TICK_MS, signal);
  }
}

async function deliverDue(bridge: Bridge, deps: RelayDeps, check: Change, signal: AbortSignal): Promise<void> {
  const rows = await listAddressed<RelayRow>(deps.store, ROWS, bridge.config.name);
  const due = rows.filter(({ entry }) => entry.value.notBefore <= deps.clock());
  if (bridge.config.fallback && deps.isSlackWell()) return await dropAll(due, deps, check);
  for (let at = 0; at < due.length && !signal.aborted; at += AT_ONCE) {
    await Promise.all(due.slice(at, at + AT_ONCE).map((row) => deliverRow(row, bridge, deps, check, signal)));
  }
  if (bridge.target.repeatEveryMs !== undefined) await repeat(bridge, bridge.target.repeatEveryMs, deps, check);
}

async function deliverRow(
  row: Addressed<RelayRow>,
  bridge: Bridge,
  deps: RelayDeps,
  check: Change,
  signal: AbortSignal,
): Promise<void> {
  const { found, told } = await lookUp(row, deps);
  if (!found || !isStillWanted(found, bridge, told)) return await forget(row, deps, check);
  // Without a message there is no link to it.
  const alert = outgoingOf(found, found.notifiedAt === undefined ? undefined : await deps.link(found));
  const now = deps.clock();
  let delivery: Delivery = { ok: true };
  let last: OutgoingAlert = alert;
  for (const step of toSend(alert, told?.value)) {
    delivery = await bridge.target.send(step, {
      id: deliveryId(bridge.target, step, row.entry.value.since),
      signal,
      now,
    });
    if (!delivery.ok) break;
    last = step;
  }
  await settle(row, delivery, last, deps, check);
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
  sent: OutgoingAlert,
  deps: RelayDeps,
  check: Change,
): Promise<void> {
  const now = deps.clock();
  const next = afterAttempt(row.entry.value, delivery, now, deps.random());
  const { path, revision } = row.entry;
  const changes: Change[] = [check];
  if (next.kind === 'told') {
    const told: Told = {
      schemaVersion: 1,
      key: row.entry.value.key,
      status: sent.status,
      severity: sent.severity,
      at: now,
    };
    changes.push({ op: 'put', path: pathOf(TOLD, row.bridge, row.incident), value: told, expect: 'any' });
    changes.push({ op: 'del', path, expect: { revision } });
    deps.measured?.(row.bridge, 'ok');
  } else if (next.kind === 'again') {
    deps.measured?.(row.bridge, 'retry');
    deps.log.warn(
      { bridge: row.bridge, incident: row.incident, error: next.row.error },
      'a bridge did not take an incident',
    );
    changes.push({ op: 'put', path, value: next.row, expect: { revision } });
  } else {
    deps.measured?.(row.bridge, 'dead');
    deps.log.error(
      { bridge: row.bridge, incident: row.incident, error: next.row.error },
      'a bridge refused an incident',
    );
    const dead: DeadLetter = { ...next.row, gaveUpAt: now };
    changes.push({ op: 'del', path, expect: { revision } });
    changes.push({ op: 'put', path: pathOf(DEAD, row.bridge, row.incident), value: dead, expect: 'any' });
  }
  if ((await deps.store.commit(changes)) !== undefined || next.kind !== 'told') return;
  // It changed meanwhile: the newer row stays, and knows what was said.
  const [, told] = changes as [Change, Change];
  await deps.store.commit([check, told]);
}

async function forget(row: Addressed<RelayRow>, { store }: RelayDeps, check: Change): Promise<void> {
  const { path, revision } = row.entry;
  await store.commit([check, { op: 'del', path, expect: { revision } }]);
}

async function dropAll(rows: readonly Addressed<RelayRow>[], deps: RelayDeps, check: Change): Promise<void> {
  // A moment is left, so that what made Slack ill just now is not dropped as if it were well.
  const old = rows.filter(({ entry }) => deps.clock() - entry.value.since > 120_000);
  for (const row of old) await forget(row, deps, check);
}

/** Says again what still fires, to those who would forget it; what was closed at our side is swept from the notes after a day. */
async function repeat(bridge: Bridge, everyMs: number, deps: RelayDeps, check: Change): Promise<void> {
  const now = deps.clock();
  const told = await listAddressed<Told>(deps.store, TOLD, bridge.config.name);
  for (const { bridge: name, incident, entry } of told) {
    const isOpen = entry.value.status !== 'resolved';
    if (isOpen && now - entry.value.at >= everyMs) {
      const current = (await deps.book.get(incident))?.value;
      if (!current || current.status === 'resolved') continue;
      const alert = outgoingOf(current, await deps.link(current));
      const delivery = await bridge.target.send(alert, {
        id: `${name}.${incident}.${now}`,
        signal: AbortSignal.timeout(15_000),
        now,
      });
      if (!delivery.ok) continue;
      await deps.store.commit([
        check,
        { op: 'put', path: entry.path, value: { ...entry.value, at: now }, expect: { revision: entry.revision } },
      ]);
    }
  }
}
