import type { BridgeInConfig, BridgeOutConfig, BridgesConfig } from '../../config/bridges.ts';
import type { Store } from '../../state/store.ts';
import type { Clock } from '../../time.ts';
import type { KeptBook } from '../book/book.ts';
import type { Heartbeats } from '../heartbeats.ts';
import { deadLettersOn } from './dead-letters.ts';
import { HEARD, type Heard, REFUSED } from './heard.ts';
import { type Addressed, type DeadLetter, listAddressed, type RelayRow, ROWS, TOLD, type Told } from './rows.ts';

/** A way in, as it stands. Times in epoch ms. */
export interface WayIn {
  readonly name: string;
  readonly kind: BridgeInConfig['kind'];
  readonly heardAt?: number | undefined;
  /** The last body that could not be understood. */
  readonly refused?: { readonly at: number; readonly why: string } | undefined;
  /** Incidents from there that are open. */
  readonly open: number;
  /** Of a heartbeat that is overdue: since when. */
  readonly silentSince?: number | undefined;
}

/** A way out, as it stands. */
export interface WayOut {
  readonly name: string;
  readonly kind: BridgeOutConfig['kind'];
  readonly isFallback: boolean;
  /** When it took something last; kept for a day after the end of what it took. */
  readonly toldAt?: number | undefined;
  readonly waiting: number;
  /** Why the oldest that waits was not taken yet. */
  readonly error?: string | undefined;
  readonly dead: readonly { readonly incident: string; readonly at: number; readonly error: string }[];
}

/** The state of all bridges, whichever replica is asked. */
export interface BridgeBoard {
  look(): Promise<{ readonly in: readonly WayIn[]; readonly out: readonly WayOut[] }>;
  /** Puts what was given up back to be told. @param bridge a name of `outNames`; default all. @returns how many. */
  replay(bridge?: string): Promise<number>;
  readonly outNames: readonly string[];
}

export interface BoardDeps {
  readonly bridges: BridgesConfig;
  readonly store: Store;
  readonly book: Pick<KeptBook, 'current'>;
  readonly heartbeats: () => Promise<Heartbeats>;
  readonly clock: Clock;
}

export function createBoard(deps: BoardDeps): BridgeBoard {
  const letters = deadLettersOn(deps.store);
  return {
    async look() {
      const [ins, outs] = await Promise.all([waysIn(deps), waysOut(deps)]);
      return { in: ins, out: outs };
    },
    replay: (bridge) => letters.replay(deps.clock(), bridge),
    outNames: deps.bridges.out.map(({ name }) => name),
  };
}

async function waysIn({ bridges, store, book, heartbeats, clock }: BoardDeps): Promise<WayIn[]> {
  if (bridges.in.length === 0) return [];
  const [heard, refused, current, open] = await Promise.all([
    listAddressed<Heard>(store, HEARD),
    listAddressed<Heard>(store, REFUSED),
    book.current(),
    heartbeats(),
  ]);
  const overdue = open.overdue(clock());
  return bridges.in.map(({ name, kind, heartbeat }) => {
    const last = ofBridge(heard, name)[0]?.entry.value;
    const wrong = ofBridge(refused, name)[0]?.entry.value;
    const silent = heartbeat && overdue.find((one) => one.name === `${heartbeat.alertname} (${name})`);
    return {
      name,
      kind,
      heardAt: last?.at,
      refused: wrong && { at: wrong.at, why: wrong.why ?? '' },
      open: current.filter(({ value }) => value.status === 'firing' && value.external?.source === name).length,
      silentSince: silent?.overdueSince,
    };
  });
}

async function waysOut({ bridges, store }: BoardDeps): Promise<WayOut[]> {
  if (bridges.out.length === 0) return [];
  const [rows, told, dead] = await Promise.all([
    listAddressed<RelayRow>(store, ROWS),
    listAddressed<Told>(store, TOLD),
    deadLettersOn(store).list(),
  ]);
  return bridges.out.map(({ name, kind, fallback }) => {
    const waiting = ofBridge(rows, name).toSorted((a, b) => a.entry.value.since - b.entry.value.since);
    const times = ofBridge(told, name).map(({ entry }) => entry.value.at);
    return {
      name,
      kind,
      isFallback: fallback,
      toldAt: times.length === 0 ? undefined : Math.max(...times),
      waiting: waiting.length,
      error: waiting.find(({ entry }) => entry.value.error !== undefined)?.entry.value.error,
      dead: ofBridge(dead, name)
        .map(deadWords)
        .toSorted((a, b) => b.at - a.at),
    };
  });
}

function deadWords({ incident, entry }: Addressed<DeadLetter>): WayOut['dead'][number] {
  return { incident, at: entry.value.gaveUpAt, error: entry.value.error ?? 'unknown' };
}

function ofBridge<T>(all: readonly Addressed<T>[], name: string): readonly Addressed<T>[] {
  return all.filter(({ bridge }) => bridge === name);
}
