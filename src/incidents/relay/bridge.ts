import type { Target } from '../../bridges/alert.ts';
import type { BridgeOutConfig } from '../../config/bridges.ts';
import type { Logger } from '../../log.ts';
import type { Change, Store } from '../../state/store.ts';
import type { Clock } from '../../time.ts';
import type { KeptBook } from '../book/book.ts';
import type { Incident } from '../incident.ts';

/** A way out: what the config file says of it, and how it is told. */
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

/** For how long one replica tells; `check` belongs into each of its commits. */
export interface Term {
  readonly signal: AbortSignal;
  readonly check: Change;
}
