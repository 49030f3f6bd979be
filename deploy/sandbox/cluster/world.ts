import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../src/time.ts';
import { rfc3339 } from './object.ts';
import { Resources } from './resources.ts';
import { Store } from './store.ts';

export interface WorldOptions {
  clock: Clock;
  /** How much faster than life controllers and kubelets are: 10 means a 2 s pull takes 0.2 s. */
  speed: number;
  /** Timestamps run as fast as the controllers do: at speed 60 a minute of the cluster's life is a second. Default: the clock's time. */
  isTimeFast?: boolean | undefined;
  historySize?: number;
  /** Told about an error in a controller; without it the error is thrown, out of a timer. */
  onFailure?: ((error: unknown) => void) | undefined;
}

/** What every part of the practice cluster shares: objects, served resources, time and timers. */
export class World {
  readonly store: Store;
  readonly resources = new Resources();
  readonly clock: Clock;
  readonly speed: number;
  /** So many of the cluster's own milliseconds pass while timestamps show one. */
  readonly #msPerStamp: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #onFailure: WorldOptions['onFailure'];
  #isStopped = false;

  constructor(options: WorldOptions) {
    const { clock, speed, isTimeFast } = options;
    const bornAt = clock();
    this.clock = isTimeFast ? () => bornAt + (clock() - bornAt) * speed : clock;
    this.speed = speed;
    this.#msPerStamp = isTimeFast ? 1 : speed;
    this.#onFailure = options.onFailure;
    this.store = new Store(options.historySize);
  }

  timestamp(): string {
    return rfc3339(this.clock());
  }

  /** `metav1.MicroTime`, as leases and new events carry it. */
  microTimestamp(): string {
    return new Date(this.clock()).toISOString().replace('Z', '000Z');
  }

  newUid(): string {
    return randomUUID();
  }

  /** Runs something after `ms` of the cluster's own time. Returns the way to cancel. Never keeps the process alive, never fires after stop. */
  after(ms: number, action: () => void): () => void {
    if (this.#isStopped) return () => {};
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        try {
          action();
        } catch (error) {
          if (!this.#onFailure) throw error;
          this.#onFailure(error);
        }
      },
      Math.min(ms / this.speed, 2 ** 31 - 1),
    );
    timer.unref();
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  /** Milliseconds of the cluster's own time since an RFC 3339 time. */
  elapsedSince(time: string | undefined): number {
    return time === undefined ? Number.POSITIVE_INFINITY : (this.clock() - Date.parse(time)) * this.#msPerStamp;
  }

  /** How much of the cluster's own time, ms, passes until timestamps show this one. */
  lifeUntil(epochMs: number): number {
    return Math.max(0, epochMs - this.clock()) * this.#msPerStamp;
  }

  /** Runs something when timestamps show `ms` more than now; see `after`. */
  afterStamped(ms: number, action: () => void): () => void {
    return this.after(ms * this.#msPerStamp, action);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
