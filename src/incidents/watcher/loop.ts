import type { Logger } from '../../log.ts';
import { type Clock, delay } from '../../time.ts';
import type { Engine } from '../engine-contract.ts';
import type { RootState } from '../signal.ts';

/** What the loop needs of the ledger. */
export interface Taker {
  /** Resolves once recorded in etcd. */
  accept(states: readonly RootState[], now: number): Promise<void>;
  /** Compares everything that is wrong now with what is recorded: at take-over, and whenever an `accept` failed. */
  start(standing: readonly RootState[], now: number): Promise<void>;
  due(now: number): Promise<void>;
  nextDue(): number | undefined;
}

export interface LoopDeps {
  readonly engine: Engine;
  readonly ledger: Taker;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export interface WatchLoop {
  /** Objects that changed. */
  changed(uids: readonly string[]): void;
  /** Compares everything that stands with what is recorded once more, soon. */
  compare(): void;
  /** How long the oldest change that is not judged or not recorded yet has waited, ms. */
  lagMs(): number;
  /** Resolves when the signal has aborted and the last commit is through. */
  readonly done: Promise<void>;
}

const SWEEP_EVERY_MS = 30_000;
/** So many objects are judged before anything else may happen. */
const SLICE = 500;
const RETRY_MS = 1_000;
/** The loop never sleeps longer than that: clocks jump. */
const LONGEST_SLEEP_MS = 1_000;

/**
 * Turns the engine: on a change, at the exact end of a hold, and in a sweep. Judging is synchronous and quick; recording is not waited for,
 * so that a slow etcd does not stop the eyes. When recording fails, everything that stands is compared again.
 */
export function startLoop(deps: LoopDeps): WatchLoop {
  const loop = new Loop(deps);
  return {
    changed: (uids) => loop.changed(uids),
    compare: () => loop.compare(),
    lagMs: () => loop.lagMs(),
    done: loop.run(),
  };
}

class Loop {
  readonly #deps: LoopDeps;
  readonly #pending = new Set<string>();
  #pendingSince = 0;
  /** Commits under way → when the changes in them were seen. */
  readonly #recording = new Map<Promise<void>, number>();
  /** Since when what is recorded may not be what is true; 0: it is. */
  #mustCompareSince: number;
  #isComparing = false;
  #retryAt = 0;
  #sweepAt: number;
  #wake = (): void => undefined;

  constructor(deps: LoopDeps) {
    this.#deps = deps;
    const now = deps.clock();
    this.#mustCompareSince = now;
    this.#sweepAt = now + SWEEP_EVERY_MS;
  }

  changed(uids: readonly string[]): void {
    if (uids.length === 0) return;
    if (this.#pending.size === 0) this.#pendingSince = this.#deps.clock();
    for (const uid of uids) this.#pending.add(uid);
    this.#wake();
  }

  compare(): void {
    this.#mustCompareSince ||= this.#deps.clock();
    this.#retryAt = 0;
    this.#wake();
  }

  lagMs(): number {
    const since = [
      ...this.#recording.values(),
      ...(this.#pending.size > 0 ? [this.#pendingSince] : []),
      ...(this.#mustCompareSince > 0 ? [this.#mustCompareSince] : []),
    ];
    return since.length === 0 ? 0 : Math.max(0, this.#deps.clock() - Math.min(...since));
  }

  async run(): Promise<void> {
    const { signal, clock } = this.#deps;
    while (!signal.aborted) {
      const now = clock();
      this.#judge(now);
      this.#compare(now);
      if (this.#sweep(now)) await this.#sleep();
      // Between two slices of a sweep everything else has its turn.
      else await delay(0, signal).catch(() => undefined);
    }
    await Promise.allSettled(this.#recording.keys());
  }

  #judge(now: number): void {
    const { engine, ledger } = this.#deps;
    const states = [...(this.#pending.size > 0 ? engine.changed([...this.#pending], now) : []), ...engine.due(now)];
    const seenAt = this.#pending.size > 0 ? this.#pendingSince : now;
    this.#pending.clear();
    if (states.length > 0) this.#record(ledger.accept(latest(states), now), seenAt);
    if ((ledger.nextDue() ?? Infinity) <= now) this.#record(ledger.due(now), now);
  }

  #compare(now: number): void {
    // Commits under way are not waited for: where changes never cease there is no moment without one.
    if (this.#mustCompareSince === 0 || now < this.#retryAt || this.#isComparing) return;
    const since = this.#mustCompareSince;
    this.#mustCompareSince = 0;
    this.#retryAt = now + RETRY_MS;
    this.#isComparing = true;
    const compared = this.#deps.ledger.start(this.#deps.engine.standing(now), now).finally(() => {
      this.#isComparing = false;
    });
    this.#record(compared, since);
  }

  /** @returns false while a sweep is half done. */
  #sweep(now: number): boolean {
    if (now < this.#sweepAt) return true;
    const { states, done } = this.#deps.engine.sweep(now, SLICE);
    if (states.length > 0) this.#record(this.#deps.ledger.accept(latest(states), now), now);
    if (done) this.#sweepAt = now + SWEEP_EVERY_MS;
    return done;
  }

  #record(work: Promise<void>, seenAt: number): void {
    const settled: Promise<void> = work
      .catch((error: unknown) => {
        this.#mustCompareSince ||= seenAt;
        if (this.#deps.signal.aborted) return;
        this.#deps.log.warn({ err: error }, 'incidents were not recorded; everything is compared again');
      })
      .finally(() => {
        this.#recording.delete(settled);
        if (this.#mustCompareSince > 0) this.#wake();
      });
    this.#recording.set(settled, seenAt);
  }

  async #sleep(): Promise<void> {
    if (this.#pending.size > 0) return;
    const { engine, ledger, clock, signal } = this.#deps;
    const sleeping = new AbortController();
    this.#wake = () => sleeping.abort();
    const retryAt = this.#mustCompareSince > 0 ? this.#retryAt : Infinity;
    const at = Math.min(engine.nextDue() ?? Infinity, ledger.nextDue() ?? Infinity, this.#sweepAt, retryAt);
    const ms = Math.min(LONGEST_SLEEP_MS, Math.max(1, at - clock()));
    await delay(ms, AbortSignal.any([sleeping.signal, signal])).catch(() => undefined);
    this.#wake = () => undefined;
  }
}

/** Of several states of one root in one domain only the last one counts. */
function latest(states: readonly RootState[]): RootState[] {
  const byRoot = new Map<string, RootState>();
  for (const state of states) {
    byRoot.set(`${state.root.kind}/${state.root.namespace}/${state.root.name}/${state.domain}`, state);
  }
  return [...byRoot.values()];
}
