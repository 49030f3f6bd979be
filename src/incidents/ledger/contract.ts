import type { AlertsConfig } from '../../config/alerts.ts';
import type { Logger } from '../../log.ts';
import type { Change } from '../../state/store.ts';
import type { Clock } from '../../time.ts';
import type { KeptBook } from '../book/book.ts';
import type { Incident } from '../incident.ts';
import type { ObjectRef } from '../sight.ts';
import type { RootState } from '../signal.ts';
import type { Quiet } from '../silences/silence.ts';

/**
 * Makes incidents of what the engine says about one cluster, and keeps them: what belongs together, what is quiet, what has to be told.
 * Fed by the cluster's leader only; people's presses and other replicas write to the same book, and who loses a race judges again.
 */
export interface Ledger {
  /**
   * Takes the newest states of some roots. Those that arrive while a commit is under way go into the next one, together.
   * @returns once recorded in etcd. @throws UnavailableError, LeadsNoMoreError: nothing is known to be recorded; call `start`.
   */
  accept(states: readonly RootState[], now: number): Promise<void>;
  /** Everything whose time has come: ends of snoozes, silences and hold-downs, updates of storms, alerts that fell silent. */
  due(now: number): Promise<void>;
  /** When `due` should be called next, epoch ms. May become earlier by itself, when somebody presses a button: ask again each second. */
  nextDue(): number | undefined;
  /**
   * Reads what is recorded and compares: still wrong → kept; well → over, "while the bot was away" (at the first call); new → told, with
   * its true start. On a cluster's very first day all that stands is one digest.
   * @param standing everything that is wrong now. States accepted before the first `start` wait for it.
   */
  start(standing: readonly RootState[], now: number): Promise<void>;
  /** What is open now; for metrics. */
  open(): readonly Incident[];
  /** The open one with this key. */
  openAt(key: string): Incident | undefined;
  /** Stops following what others write. */
  stop(): Promise<void>;
}

export interface LedgerSettings {
  readonly alerts: AlertsConfig;
  /** `channels.alerts`. */
  readonly channel: string | undefined;
}

export interface LedgerDeps {
  /** The alias; '' for the house's own ledger: alerts of other systems and drills, which no engine feeds. */
  readonly cluster: string;
  readonly book: KeptBook;
  readonly settings: LedgerSettings;
  /** Silences and maintenance windows, whether in force now or not; see `silences/silences.ts`. */
  readonly quiets: () => readonly Quiet[];
  readonly clock: Clock;
  readonly log: Logger;
  /** Of the leader's term; absent: anybody may write. */
  readonly check?: Change | undefined;
  /** Whether a reboot of this node is under way: then its being away is expected. Default: never. */
  readonly isRebooting?: ((node: string) => boolean) | undefined;
  /**
   * Whether objects of this kind cannot be seen at all at the moment (`Event`: nor what is said about any): what depends on them is not over
   * because nothing is found. Default: everything is seen.
   */
  readonly isBlindFor?: ((kind: string) => boolean) | undefined;
  /** Keeps only these of the cluster's incidents, and knows no first look. Default: all. */
  readonly only?: ((incident: Incident) => boolean) | undefined;
  /** How many pods of this root were on the node. Default: as many as are missing. */
  readonly podsOn?: ((node: string, root: ObjectRef) => number) | undefined;
}
