import { NotFoundError, ShipmateError, UnavailableError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { type Clock, delay } from '../../time.ts';
import type { Cluster, KubeObject, Resource, WatchEvent } from '../cluster.ts';
import { Gone, statusOf } from '../errors.ts';
import { Silent } from '../watch.ts';
import { Backoff } from './backoff.ts';
import { listAll } from './listing.ts';
import type { ReflectorStatus } from './vitals.ts';
import { Vitals } from './vitals.ts';

/**
 * Follows every object of one resource in one cluster: lists, watches from there, and lists again whenever the watch may have missed
 * something. Each object is projected as it arrives and its JSON dropped.
 *
 *   list ──▶ watch ──(cut, silent)──▶ watch from the last resourceVersion
 *    ▲          └──(410, refused thrice, every 10 min)──▶ list, compare, watch
 *    └── not served (404) or not allowed (403): look again every 5 min
 *
 * The receiver hears of each change at least once and in order, and of each deletion, even of one that happened while nobody watched.
 */
export interface ReflectorOptions<T> {
  readonly cluster: Cluster;
  readonly resource: Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced'>;
  /** Selectors, the same for lists and watches. */
  readonly query?: Readonly<Record<string, string>>;
  /** What is kept of an object. */
  readonly project: (raw: KubeObject) => T;
  /** A new or changed object. */
  readonly onPut: (object: T) => void;
  /** Objects that are gone, by uid. */
  readonly onRemove: (uids: readonly string[]) => void;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Logger;
  /** From 0 up to 1; spreads reconnections. */
  readonly random: () => number;
  readonly timings?: Partial<ReflectorTimings>;
}

/** Milliseconds, but for `pageSize`. */
export interface ReflectorTimings {
  readonly resyncMs: number;
  /** Between looks at what is not served or not allowed. */
  readonly absentMs: number;
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** The longest silence of a watch before it is asked for anew; servers send a bookmark each minute, but of events none. */
  readonly silenceMs: number;
  /** How long one watch connection is asked for; spread by a sixth either way. */
  readonly watchMs: number;
  readonly pageSize: number;
}

const TIMINGS: ReflectorTimings = {
  resyncMs: 600_000,
  absentMs: 300_000,
  firstRetryMs: 800,
  // One leader per cluster asks, a few kinds each: nobody is hurried by that, and an outage is seen to be over soon.
  maxRetryMs: 10_000,
  silenceMs: 75_000,
  watchMs: 290_000,
  pageSize: 500,
};

export interface Reflector {
  /** Resolved when the objects are first known, or when it is known that there are none to see (404, 403). Never rejects. */
  readonly synced: Promise<void>;
  status(): ReflectorStatus;
  /** Lists now and compares. */
  resync(): void;
  /** Resolved when it has stopped after `signal`. */
  readonly stopped: Promise<void>;
}

/** Starts at once; ends when `signal` aborts. */
export function startReflector<T>(options: ReflectorOptions<T>): Reflector {
  return new Following(options);
}

/** After so many refused watches in a row the resourceVersion itself is doubted. */
const MAX_REFUSALS = 3;
/** A connection that lasted so long was a good one: the next trouble is a new one. */
const LASTED_MS = 10_000;
/** So long a server may ask us to wait, ms. */
const LONGEST_HINT_MS = 30_000;
/** A server that is busy, restarting or behind a balancer without it; a list by everybody is the last thing that it needs. */
const AWAY = [429, 502, 503];

class Following<T> implements Reflector {
  readonly stopped: Promise<void>;
  readonly #options: ReflectorOptions<T>;
  readonly #timings: ReflectorTimings;
  readonly #backoff: Backoff;
  readonly #vitals: Vitals;
  /** resourceVersion by uid of all that the receiver was told of. */
  readonly #known = new Map<string, string>();
  #resourceVersion = '';
  /** Ends the current watch, so that the list is asked for again. */
  #restart = new AbortController();

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#timings = { ...TIMINGS, ...options.timings };
    this.#backoff = new Backoff(options.random, this.#timings.firstRetryMs, this.#timings.maxRetryMs);
    this.#vitals = new Vitals(options.resource.plural, options.clock, options.log, () => this.#known.size);
    this.stopped = this.#run();
  }

  get synced(): Promise<void> {
    return this.#vitals.synced;
  }

  status(): ReflectorStatus {
    return this.#vitals.status();
  }

  resync(): void {
    this.#restart.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#list();
        await this.#watch();
      } catch (error) {
        if (signal.aborted) return;
        await this.#recover(error).catch(() => {});
      }
    }
  }

  async #list(): Promise<void> {
    const { cluster, resource, query = {}, signal } = this.#options;
    const { pageSize } = this.#timings;
    const present = new Set<string>();
    let missed = 0;
    const resourceVersion = await listAll({
      cluster,
      resource,
      query,
      pageSize,
      signal,
      onBegin: () => present.clear(),
      onItem: (item) => {
        if (item.metadata?.uid) present.add(item.metadata.uid);
        if (this.#put(item)) missed += 1;
      },
    });
    const gone = [...this.#known.keys()].filter((uid) => !present.has(uid));
    this.#remove(gone);
    this.#resourceVersion = resourceVersion;
    this.#vitals.listed(missed + gone.length);
  }

  async #watch(): Promise<void> {
    const { resyncMs } = this.#timings;
    this.#restart = new AbortController();
    const restart = this.#restart;
    const timer = setTimeout(() => restart.abort(), resyncMs * (0.9 + this.#options.random() / 5));
    timer.unref();
    const signal = AbortSignal.any([this.#options.signal, restart.signal]);
    try {
      for (let failures = 0; !signal.aborted; ) {
        const error = await this.#watchOnce(signal, () => {
          failures = 0;
        });
        if (error === undefined) return;
        // Asked again from where it was: if that goes well nothing was wrong, and what was missed comes first.
        if (error instanceof Silent) {
          this.#vitals.silent(error);
          continue;
        }
        if (isDoubtful(error)) failures += 1;
        if (!(error instanceof UnavailableError) || error instanceof Gone || failures >= MAX_REFUSALS) throw error;
        await this.#pause(error, signal).catch(() => {});
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** @returns why it ended; undefined when `signal` said so. */
  async #watchOnce(signal: AbortSignal, onEvent: () => void): Promise<unknown> {
    const { cluster, resource, query, random } = this.#options;
    const seconds = Math.round((this.#timings.watchMs / 1_000) * (5 / 6 + random() / 3));
    let openedAt = Infinity;
    try {
      const events = cluster.watch({
        resource,
        query: { ...query, timeoutSeconds: String(seconds) },
        resourceVersion: this.#resourceVersion,
        isLean: true,
        deadlineMs: this.#timings.silenceMs,
        signal,
        onOpen: () => {
          openedAt = this.#options.clock();
          this.#vitals.opened();
        },
      });
      for await (const event of events) {
        onEvent();
        this.#take(event);
      }
      return undefined;
    } catch (error) {
      if (this.#options.clock() - openedAt >= LASTED_MS) this.#backoff.reset();
      return signal.aborted ? undefined : error;
    }
  }

  #take({ type, object }: WatchEvent): void {
    const { uid = '', resourceVersion = '' } = object.metadata ?? {};
    if (isOlder(resourceVersion, this.#resourceVersion))
      throw new Gone(`Cluster ${this.#options.cluster.name} went back in time: its etcd may have been restored.`);
    if (type === 'DELETED') this.#remove([uid]);
    else if (type !== 'BOOKMARK') this.#put(object);
    if (resourceVersion !== '') this.#resourceVersion = resourceVersion;
    this.#backoff.reset();
    this.#vitals.heard();
  }

  /** @returns whether it was news. */
  #put(raw: KubeObject): boolean {
    const { uid, resourceVersion = '' } = raw.metadata ?? {};
    if (!uid || (resourceVersion !== '' && this.#known.get(uid) === resourceVersion)) return false;
    this.#known.set(uid, resourceVersion);
    this.#tell(() => this.#options.onPut(this.#options.project(raw)), raw.metadata.name);
    return true;
  }

  #remove(uids: readonly string[]): void {
    const known = uids.filter((uid) => this.#known.delete(uid));
    if (known.length > 0) this.#tell(() => this.#options.onRemove(known));
  }

  /** One object that the receiver cannot take must not stop the others. */
  #tell(work: () => void, name?: string): void {
    try {
      work();
    } catch (error) {
      const { resource, log } = this.#options;
      log.error({ resource: resource.plural, name, err: error }, 'An object that was watched could not be taken in.');
    }
  }

  async #recover(error: unknown): Promise<void> {
    const { signal, random } = this.#options;
    const absence = absenceOf(error);
    if (absence === undefined) return this.#pause(error, signal);
    if (absence === 'not-served') this.#remove([...this.#known.keys()]);
    this.#vitals.absent(absence, error as ShipmateError);
    await delay(this.#timings.absentMs * (0.9 + random() / 5), signal);
  }

  async #pause(error: unknown, signal: AbortSignal): Promise<void> {
    this.#vitals.failed(error);
    const hintSeconds = statusOf(error)?.details?.retryAfterSeconds ?? 0;
    await delay(this.#backoff.next(Math.min(hintSeconds * 1_000, LONGEST_HINT_MS)), signal);
  }
}

function absenceOf(error: unknown): 'not-served' | 'forbidden' | undefined {
  if (error instanceof NotFoundError) return 'not-served';
  return error instanceof ShipmateError && statusOf(error)?.code === 403 ? 'forbidden' : undefined;
}

function isDoubtful(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && !AWAY.includes(status.code);
}

/** resourceVersions of one server are decimal numbers that grow; of two that are not, nothing is said. */
function isOlder(a: string, b: string): boolean {
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return false;
  return a.length === b.length ? a < b : a.length < b.length;
}
