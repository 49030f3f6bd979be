import type { Cluster, KubeObject } from '../../kubernetes/cluster.ts';
import {
  type Reflector,
  type ReflectorOptions,
  type ReflectorTimings,
  startReflector,
} from '../../kubernetes/reflector/reflector.ts';
import type { ReflectorStatus } from '../../kubernetes/reflector/vitals.ts';
import type { Logger } from '../../log.ts';
import { afterwards, type Clock, delay } from '../../time.ts';
import type { Scene } from '../engine-contract.ts';
import type { Kind } from '../seen/kinds.ts';
import { seenEvent, seenOf } from '../seen/projection.ts';
import { EVENT_STREAMS, WATCHED } from './watched.ts';

export interface FeedOptions {
  readonly cluster: Cluster;
  readonly scene: Scene;
  readonly clock: Clock;
  readonly log: Logger;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Uids to judge again, gathered over one turn of the event loop. Not called before `synced`: then everything is to be judged. */
  readonly onChange: (uids: readonly string[]) => void;
  readonly timings?: Partial<ReflectorTimings>;
}

export interface Feed {
  /** Resolved when everything that rules need is in the scene, as far as the cluster lets us see it. Never rejects. */
  readonly synced: Promise<void>;
  /** One per watched resource; `kind` as rules name it, `Event` for events. */
  statuses(): readonly FeedStatus[];
  /** Ends all watches. */
  stop(): Promise<void>;
}

export interface FeedStatus extends ReflectorStatus {
  readonly kind: string;
  /** Few clusters have it, or it is only evidence. */
  readonly isOptional: boolean;
}

/** Evidence and what few clusters have; a broken extension must not keep Shipmate from watching the rest. */
const OPTIONAL_WAIT_MS = 10_000;

/** Watches every kind of one cluster and keeps its scene. Starts at once. */
export function startFeed(options: FeedOptions): Feed {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const changes = new Changes(options, signal);
  const { scene, clock } = options;
  const start = <T>(
    resource: ReflectorOptions<T>['resource'],
    part: Pick<ReflectorOptions<T>, 'project' | 'onPut' | 'onRemove'> & { query?: Readonly<Record<string, string>> },
  ): Reflector => startReflector<T>({ ...options, ...part, resource, signal });

  const kinds = WATCHED.map(({ kind, isOptional, ...resource }) => ({
    kind: kind as string,
    isOptional: isOptional ?? false,
    reflector: start(resource, {
      project: (raw: KubeObject) => seenOf<Kind>(kind, raw),
      onPut: (object) => changes.add(scene.put(object)),
      onRemove: (uids) => {
        for (const uid of uids) changes.add(scene.remove(kind, uid));
      },
    }),
  }));
  const events = EVENT_STREAMS.map(({ query, ...resource }) => ({
    kind: 'Event',
    isOptional: true,
    reflector: start(resource, {
      query,
      project: seenEvent,
      onPut: (event) => changes.add(scene.event(event, clock())),
      // An event that expires is no news; the scene forgets by itself.
      onRemove: () => {},
    }),
  }));
  const all = [...kinds, ...events];
  const synced = firstSync(all, signal).then(() => changes.open());
  return {
    synced,
    statuses: () => all.map(({ kind, isOptional, reflector }) => ({ kind, isOptional, ...reflector.status() })),
    stop: async () => {
      stopping.abort();
      await Promise.all(all.map(({ reflector }) => reflector.stopped));
    },
  };
}

async function firstSync(
  all: readonly { readonly isOptional: boolean; readonly reflector: Reflector }[],
  signal: AbortSignal,
): Promise<void> {
  const syncs = (isOptional: boolean): Promise<unknown> =>
    Promise.all(all.filter((one) => one.isOptional === isOptional).map(({ reflector }) => reflector.synced));
  await syncs(false);
  const enough = new AbortController();
  const waited = delay(OPTIONAL_WAIT_MS, AbortSignal.any([signal, enough.signal])).catch(() => {});
  await Promise.race([syncs(true), waited]);
  enough.abort();
}

/** Gathers uids: a burst of events about the pods of one workload is one look at it. */
class Changes {
  readonly #options: Pick<FeedOptions, 'onChange' | 'log'>;
  readonly #signal: AbortSignal;
  #uids = new Set<string>();
  #isOpen = false;

  constructor(options: Pick<FeedOptions, 'onChange' | 'log'>, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  open(): void {
    this.#isOpen = true;
  }

  add(uids: readonly string[]): void {
    if (!this.#isOpen || uids.length === 0) return;
    if (this.#uids.size === 0) afterwards(() => this.#flush());
    for (const uid of uids) this.#uids.add(uid);
  }

  #flush(): void {
    const uids = [...this.#uids];
    this.#uids = new Set();
    if (this.#signal.aborted) return;
    try {
      this.#options.onChange(uids);
    } catch (error) {
      // The watch goes on: the next change, or the sweep, looks again.
      this.#options.log.error({ err: error, objects: uids.length }, 'A change could not be judged.');
    }
  }
}
