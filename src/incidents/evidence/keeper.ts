import type { Clusters } from '../../kubernetes/cluster.ts';
import type { Logger } from '../../log.ts';
import type { Store } from '../../state/store.ts';
import { type Clock, delay } from '../../time.ts';
import { evidencePath } from '../book/paths.ts';
import type { Book } from '../book.ts';
import type { Incident, Step } from '../incident.ts';
import { said } from '../lifecycle/line.ts';
import type { Sight } from '../sight.ts';
import { captureEvidence } from './capture.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import { merged } from './merge.ts';
import { evidenceLine } from './words.ts';

export interface KeeperDeps {
  readonly book: Pick<Book, 'apply' | 'current'>;
  readonly store: Store;
  readonly clusters: Pick<Clusters, 'get'>;
  /** What is seen of a cluster now, where it is watched by this process: spares calls. */
  readonly sightOf?: ((cluster: string) => Sight | undefined) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Captures at the same time; default 4. */
  readonly atOnce?: number;
  /** Incidents that may wait; of more, the newest go without. Default 256. */
  readonly queue?: number;
}

export interface EvidenceKeeper {
  /** For the book: looks at what was recorded and returns at once; the message is never waited for. */
  readonly listener: (before: Incident | undefined, after: Incident) => void;
  /** At take-over: open incidents of a cluster that have none, since whoever opened them ended before they were looked at. */
  catchUp(cluster: string): Promise<void>;
  /** Incidents that wait or are being looked at; for metrics. */
  pending(): number;
  /** Starts nothing new and ends what is under way. */
  stop(): Promise<void>;
}

/** So many within a second are a burst. */
const BURST = 8;
const BURST_WITHIN_MS = 1_000;
const REST_MS = 400;
const LONGEST_REST_MS = 3_000;

/** Gathers evidence for incidents as they open, and again when another rule fires; then lets the message be edited. */
export function createEvidenceKeeper(deps: KeeperDeps): EvidenceKeeper {
  return new Keeper(deps);
}

class Keeper implements EvidenceKeeper {
  readonly #deps: KeeperDeps;
  readonly #atOnce: number;
  readonly #queue: number;
  readonly #waiting = new Map<string, Incident>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #stopped = new AbortController();
  /** When the last few began to wait, epoch ms. */
  readonly #arrivals: number[] = [];
  #rest: { readonly since: number; readonly end: AbortController } | undefined;
  readonly listener = (before: Incident | undefined, after: Incident): void => this.#look(before, after);

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
    this.#atOnce = deps.atOnce ?? 4;
    this.#queue = deps.queue ?? 256;
  }

  pending(): number {
    return this.#waiting.size + this.#running.size;
  }

  async catchUp(cluster: string): Promise<void> {
    for (const { value } of await this.#deps.book.current()) {
      if (value.cluster !== cluster || !isWorthIt(value)) continue;
      if ((await readEvidence(this.#deps.store, value.id)) === undefined) this.#look(undefined, value);
    }
  }

  async stop(): Promise<void> {
    this.#waiting.clear();
    this.#stopped.abort(new Error('stopped'));
    await Promise.allSettled(this.#running.values());
  }

  #look(before: Incident | undefined, after: Incident): void {
    if (this.#stopped.signal.aborted) return;
    // What is over, or became part of something bigger while it waited, needs none.
    if (!isWorthIt(after)) this.#waiting.delete(after.id);
    else if (this.#waiting.has(after.id)) this.#waiting.set(after.id, after);
    else if (hasNews(before, after)) this.#enqueue(after);
  }

  #enqueue(incident: Incident): void {
    if (this.#waiting.size >= this.#queue) {
      this.#deps.log.warn({ incident: incident.id }, 'no evidence is gathered: too many incidents wait for it');
      return;
    }
    this.#waiting.set(incident.id, incident);
    this.#mindBurst(this.#deps.clock());
    this.#next();
  }

  /** While many open at once, telling them comes first: gathering rests until it is quieter, at most three seconds. */
  #mindBurst(now: number): void {
    this.#arrivals.push(now);
    if (this.#arrivals.length > BURST) this.#arrivals.shift();
    const isBurst = this.#arrivals.length === BURST && now - (this.#arrivals[0] as number) < BURST_WITHIN_MS;
    if (!isBurst) return;
    const since = this.#rest?.since ?? now;
    if (now - since >= LONGEST_REST_MS) return;
    this.#rest?.end.abort();
    const rest = { since, end: new AbortController() };
    this.#rest = rest;
    const signal = AbortSignal.any([rest.end.signal, this.#stopped.signal]);
    void delay(REST_MS, signal).then(
      () => {
        this.#rest = undefined;
        this.#next();
      },
      () => undefined,
    );
  }

  #next(): void {
    if (this.#rest) return;
    for (const [id, incident] of this.#waiting) {
      if (this.#running.size >= this.#atOnce) return;
      // A second look at the same incident waits for the first.
      if (this.#running.has(id)) continue;
      this.#waiting.delete(id);
      const work = this.#gather(incident)
        .catch((error: unknown) => {
          if (!this.#stopped.signal.aborted)
            this.#deps.log.warn({ err: error, incident: id }, 'evidence was not gathered');
        })
        .finally(() => {
          this.#running.delete(id);
          if (!this.#stopped.signal.aborted) this.#next();
        });
      this.#running.set(id, work);
    }
  }

  async #gather(incident: Incident): Promise<void> {
    const { book, store, clusters, clock, sightOf } = this.#deps;
    const found = await captureEvidence({
      incident,
      cluster: clusters.get(incident.cluster),
      sight: sightOf?.(incident.cluster),
      clock,
      signal: this.#stopped.signal,
    });
    const earlier = await readEvidence(store, incident.id);
    const evidence = merged(earlier?.value, found);
    await store.commit([{ op: 'put', path: evidencePath(incident.id), value: evidence, expect: 'any' }]);
    await book.apply(incident.id, attached(evidence));
  }
}

/** Members of storms would be hundreds of calls for words that nobody is told. */
function isWorthIt({ kind, status, partOf, cluster, root, signals }: Incident): boolean {
  if (kind !== 'root' || status !== 'firing' || partOf !== undefined || cluster === '') return false;
  return root.kind !== 'Shipmate' && signals.some(({ evidence }) => evidence.length > 0);
}

/** Newly opened, opened again, no longer part of something else, or a rule fires that did not before (one more pod is no news). */
function hasNews(before: Incident | undefined, after: Incident): boolean {
  if (before?.status !== 'firing' || before.partOf !== undefined) return true;
  const known = new Set(before.signals.map(({ rule }) => rule));
  return after.signals.some(({ rule }) => !known.has(rule));
}

/** Step: the new line makes a new generation, by which the message is edited. The same words are not said twice. */
function attached(evidence: Evidence): Step {
  const line = evidenceLine(evidence);
  return (incident, now) => {
    if (line === undefined || incident.log.some(({ text }) => text === line)) return undefined;
    return said(incident, now, line);
  };
}
