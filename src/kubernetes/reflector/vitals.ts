import { asShipmateError, type ShipmateError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Clock } from '../../time.ts';

export interface ReflectorStatus {
  /** Plural, as in the URL. */
  readonly resource: string;
  /**
   * `syncing` until first listed; `failing` from an error until it is heard from again; `not-served` where the cluster has no such
   * resource (404), `forbidden` where Shipmate may not list it (403).
   */
  readonly state: 'syncing' | 'watching' | 'failing' | 'not-served' | 'forbidden';
  readonly objects: number;
  /** Epoch ms of the last complete list; 0 for none. */
  readonly lastSyncedAt: number;
  /** Epoch ms of the last event or bookmark; 0 for none. */
  readonly lastEventAt: number;
  /**
   * Since when what is known may be old, epoch ms; 0 while it flows: the last sign of life before the trouble, or before a silence in which
   * a list showed that the world had moved on.
   */
  readonly staleSince: number;
  /** What is wrong, in kubectl's words; '' for nothing. */
  readonly error: string;
}

/** A watch that flows says something each minute; after twice that, a list that brings news proves that it did not flow. */
const SILENT_MS = 125_000;

/** What one reflector knows of its own health. */
export class Vitals {
  readonly synced: Promise<void>;
  readonly #resource: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #objects: () => number;
  readonly #startedAt: number;
  #resolveSynced: () => void = () => {};
  #state: ReflectorStatus['state'] = 'syncing';
  #lastSyncedAt = 0;
  #lastEventAt = 0;
  #lastOpenedAt = 0;
  #staleSince = 0;
  #error = '';
  /** The log has heard of the trouble. */
  #isTold = false;

  constructor(resource: string, clock: Clock, log: Logger, objects: () => number) {
    this.#resource = resource;
    this.#clock = clock;
    this.#log = log;
    this.#objects = objects;
    this.#startedAt = clock();
    this.synced = new Promise((resolve) => {
      this.#resolveSynced = resolve;
    });
  }

  status(): ReflectorStatus {
    return {
      resource: this.#resource,
      state: this.#state,
      objects: this.#objects(),
      lastSyncedAt: this.#lastSyncedAt,
      lastEventAt: this.#lastEventAt,
      staleSince: this.#staleSince,
      error: this.#error,
    };
  }

  /** @param news how much of the list nobody had told us before. */
  listed(news: number): void {
    const now = this.#clock();
    const wasSilent = this.#lastSyncedAt > 0 && news > 0 && now - this.#lastSign() > SILENT_MS;
    // The watch did not tell; until it speaks again, nobody knows whether it would.
    this.#well(wasSilent ? this.#lastSign() : 0);
    this.#lastSyncedAt = now;
    this.#resolveSynced();
  }

  /** An event or a bookmark came. */
  heard(): void {
    this.#lastEventAt = this.#clock();
    this.#well(0);
  }

  /** The server has taken a watch anew, from where we left off: whatever was missed comes first. */
  opened(): void {
    this.#lastOpenedAt = this.#clock();
    if (this.#state === 'failing') this.#well(0);
  }

  failed(thrown: unknown): void {
    if (!this.#isTold)
      this.#log.warn({ resource: this.#resource, err: thrown }, 'A watch broke; it will be tried again.');
    this.#isTold = true;
    this.silent(thrown);
  }

  /** Nothing came for long; whether that is trouble shows when the watch is asked for anew. Where nothing happens, it happens all day. */
  silent(thrown: unknown): void {
    this.#state = 'failing';
    this.#error = asShipmateError(thrown).message;
    // A server that took the watch had nothing to add to what we knew then.
    this.#staleSince ||= Math.max(this.#lastSign(), this.#lastOpenedAt);
  }

  absent(state: 'not-served' | 'forbidden', error: ShipmateError): void {
    if (this.#state !== state)
      this.#log.info({ resource: this.#resource, reason: error.message }, 'A resource cannot be watched.');
    this.#state = state;
    this.#error = error.message;
    // What was seen before the right was taken away grows old; what was never seen does not.
    this.#staleSince = state === 'forbidden' && this.#lastSyncedAt > 0 ? this.#staleSince || this.#lastSign() : 0;
    this.#resolveSynced();
  }

  #well(staleSince: number): void {
    if (this.#isTold) this.#log.info({ resource: this.#resource }, 'A watch flows again.');
    this.#isTold = false;
    this.#state = 'watching';
    this.#error = '';
    this.#staleSince = staleSince;
  }

  #lastSign(): number {
    return Math.max(this.#lastEventAt, this.#lastSyncedAt) || this.#startedAt;
  }
}
