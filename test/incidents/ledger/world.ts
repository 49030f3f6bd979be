import type { AlertsConfig } from '../../../src/config/alerts.ts';
import { alertsSchema } from '../../../src/config/alerts.ts';
import { type KeptBook, openBook } from '../../../src/incidents/book/book.ts';
import { incidentWords } from '../../../src/incidents/book/words.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import type { LedgerDeps } from '../../../src/incidents/ledger/contract.ts';
import { createLedger, type Ledger } from '../../../src/incidents/ledger/ledger.ts';
import type { RootState, Signal } from '../../../src/incidents/signal.ts';
import type { Quiet } from '../../../src/incidents/silences/silence.ts';
import { createLogger } from '../../../src/log.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import { pending } from '../../../src/state/outbox.ts';
import type { Store } from '../../../src/state/store.ts';
import { ownPrefix } from '../../support/services.ts';

export const T0 = Date.parse('2026-01-01T00:00:00Z');
export const ADA = { team: 'T1', user: 'UADA' };
export const GRACE = { team: 'T1', user: 'UGRACE' };

/** One finding, as the engine says it; times in seconds after T0. */
export function signal(change: Partial<Signal> = {}): Signal {
  const object = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-1', uid: 'u-web-1' };
  return {
    rule: 'P01',
    title: 'crash loop',
    object,
    key: '',
    domain: 'availability',
    since: T0 - 60_000,
    firedAt: T0,
    severity: 'warning',
    cause: 'container "web" exits with 1',
    causeClass: 'crash',
    facts: [],
    shares: {},
    about: object,
    evidence: [],
    actions: [],
    isFolded: false,
    ...change,
  };
}

/** What the engine says about one Deployment. */
export function state(
  name: string,
  signals: readonly Signal[] = [signal()],
  change: Partial<RootState> = {},
): RootState {
  const { namespace = 'shop', ...rest } = { namespace: undefined, ...change } as Partial<RootState> & {
    namespace?: string;
  };
  return {
    cluster: 'eu1',
    root: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name, uid: `u-${name}` },
    domain: 'availability',
    signals,
    namespaceLabels: {},
    labels: { app: name },
    nodes: [],
    isPending: false,
    isGone: false,
    ...rest,
  };
}

export const well = (name: string, change: Partial<RootState> = {}): RootState => state(name, [], change);

export interface World {
  readonly store: Store;
  readonly book: KeptBook;
  now: number;
  quiets: readonly Quiet[];
  ledger(change?: Partial<LedgerDeps>): Ledger;
  /** By root name, the newest first. */
  incidents(): Promise<readonly Incident[]>;
  incident(name: string): Promise<Incident>;
  /** Subjects with something to say, `incident/<id>`. */
  words(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function alertsOf(change: object = {}): AlertsConfig {
  return alertsSchema.parse(change);
}

/** A book on real etcd, and ledgers on it whose time the test decides. */
export function openWorld(endpoint: string, alerts: object = {}): World {
  const log = createLogger('silent');
  const store = openStore({ endpoints: [endpoint] }, { prefix: ownPrefix(), log });
  const ledgers: Ledger[] = [];
  const clock = () => world.now;
  const book = openBook({ store, clock, log, companions: [incidentWords], listeners: [], keep: '90d' });
  const world: World = {
    store,
    book,
    now: T0,
    quiets: [],
    ledger(change = {}) {
      const settings = { alerts: alertsOf(alerts), channel: 'CALERTS' };
      const ledger = createLedger({
        cluster: 'eu1',
        book,
        settings,
        quiets: () => world.quiets,
        clock,
        log,
        ...change,
      });
      ledgers.push(ledger);
      return ledger;
    },
    async incidents() {
      return (await book.current()).map(({ value }) => value);
    },
    async incident(name) {
      const found = (await world.incidents()).find(({ root }) => root.name === name);
      if (!found) throw new Error(`no incident of ${name}`);
      return { partOf: undefined, silencedBy: undefined, channel: undefined, ...found };
    },
    async words() {
      return (await pending(store, 1_000)).map((row) => `${row.subjectKind}/${row.subjectId}`);
    },
    async close() {
      for (const ledger of ledgers) await ledger.stop();
      await store.close();
    },
  };
  return world;
}
