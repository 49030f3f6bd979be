import { ConflictError, NotFoundError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Change, Store, Versioned } from '../../state/store.ts';
import { type Clock, parseDuration } from '../../time.ts';
import type { Book, Companion, Listener } from '../book.ts';
import type { Incident, Step } from '../incident.ts';
import { readPast, sweepBook } from './history.ts';
import { idPath, metaPath, NOW, nowPath, pastPath } from './paths.ts';
import { Recent } from './recent.ts';
import { type Entry, type Recorder, recordAll } from './record.ts';

/** The book, and what only its keepers use. */
export interface KeptBook extends Book {
  /**
   * As `Book.apply`. @param by names this step (a press's id), so that it is done once although it is asked for again after a crash.
   * @throws NotFoundError, ConflictError when others keep writing, UnavailableError.
   */
  apply(id: string, step: Step, by?: string): Promise<Incident | undefined>;
  /** `apply` to several, in as few commits as possible where nobody else has written meanwhile. @throws as `apply`. */
  applyAll(ids: readonly string[], step: Step): Promise<void>;
  /** The incident as this process recorded it last, when that was in this very commit; asks nobody. */
  recorded(id: string, revision: string): Incident | undefined;
  /** Calls back on every write to what is current, also on other replicas; undefined: swept. May repeat itself. */
  watch(onChange: (key: string, found: Versioned<Incident> | undefined) => void): Promise<{ stop(): Promise<void> }>;
  /** Whether nothing was ever recorded about this cluster. */
  isFirstLook(cluster: string): Promise<boolean>;
  /** From now on it is known. Safe to repeat. */
  haveLooked(cluster: string): Promise<void>;
  /**
   * Forgets what has been over for 30 min among the current ones, and history past its keep. Any replica, every few minutes.
   * @returns how many occurrences were forgotten for good.
   */
  sweep(): Promise<number>;
}

export interface BookDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is written together with each incident: `incidentWords`, the bridges' rows. */
  readonly companions: readonly Companion[];
  /** Told after each recorded write. */
  readonly listeners: readonly Listener[];
  /** `alerts.keep`: how long incidents that are over are kept, as a duration (`90d`). */
  readonly keep: string;
}

const TRIES = 8;
/** An incident at its biggest has about 80 KB, an answer of etcd at most 16 MiB. */
const PAGE = 200;

/** Opens the book of incidents on Shipmate's own etcd. Nothing is read yet. */
export function openBook(deps: BookDeps): KeptBook {
  return new EtcdBook(deps);
}

class EtcdBook implements KeptBook {
  readonly #store: Store;
  readonly #deps: BookDeps;
  readonly #recorder: Recorder;
  readonly #recent = new Recent();

  constructor(deps: BookDeps) {
    this.#store = deps.store;
    this.#deps = deps;
    this.#recorder = { ...deps, tell: (before, written) => this.#tell(before, written) };
  }

  async get(id: string): Promise<Versioned<Incident> | undefined> {
    const known = await this.#store.get<{ key: string; endedAt?: number }>(idPath(id));
    if (!known) return undefined;
    const { key, endedAt } = known.value;
    const current = await this.byKey(key);
    if (current?.value.id === id) return current;
    return endedAt === undefined ? undefined : await this.#store.get<Incident>(pastPath(endedAt, id));
  }

  byKey(key: string): Promise<Versioned<Incident> | undefined> {
    return this.#store.get<Incident>(nowPath(key));
  }

  async current(): Promise<readonly Versioned<Incident>[]> {
    const found: Versioned<Incident>[] = [];
    let after: string | undefined;
    do {
      const page = await this.#store.list<Incident>(NOW, { limit: PAGE, ...(after !== undefined && { after }) });
      found.push(...page);
      after = page.length === PAGE ? page.at(-1)?.path : undefined;
    } while (after !== undefined);
    return found.sort((a, b) => b.value.openedAt - a.value.openedAt);
  }

  past(query: { since: number; until?: number; limit: number }): Promise<readonly Incident[]> {
    return readPast(this.#store, { until: this.#deps.clock() + 1, ...query });
  }

  recorded(id: string, revision: string): Incident | undefined {
    const found = this.#recent.get(id);
    return found?.revision === revision ? found.value : undefined;
  }

  async apply(id: string, step: Step, by?: string): Promise<Incident | undefined> {
    const known = by === undefined ? this.#recent.get(id) : undefined;
    const done = known && (await this.#applyUnseen(known, step));
    if (done) return done;
    for (let tries = 0; tries < TRIES; tries++) {
      const before = await this.get(id);
      if (!before) throw unknown(id);
      if (by !== undefined && before.commitId === by) return before.value;
      const after = step(before.value, this.#deps.clock());
      if (!after) return undefined;
      const { written } = await recordAll([{ before, after }], this.#recorder, undefined, by);
      if (written[0]) return written[0].value;
    }
    throw new ConflictError(`Incident ${id} kept changing while this was being recorded.`, { hint: 'Try again.' });
  }

  async applyAll(ids: readonly string[], step: Step): Promise<void> {
    const now = this.#deps.clock();
    const known = ids.flatMap((id) => this.#recent.get(id) ?? []);
    const entries = known.flatMap((before) => {
      const after = attempt(() => step(before.value, now));
      return after ? [{ before, after }] : [];
    });
    const { written } = await recordAll(entries, this.#recorder);
    const done = new Set(written.map(({ value }) => value.id));
    for (const id of ids) if (!done.has(id)) await this.apply(id, step);
  }

  /** To what this process wrote last, without reading it: what it refuses, or what somebody else has changed since, is read first. */
  async #applyUnseen(before: Versioned<Incident>, step: Step): Promise<Incident | undefined> {
    const after = attempt(() => step(before.value, this.#deps.clock()));
    if (!after) return undefined;
    const { written } = await recordAll([{ before, after }], this.#recorder);
    return written[0]?.value;
  }

  record(
    entries: readonly Entry[],
    check?: Change,
  ): Promise<{ readonly written: readonly Versioned<Incident>[]; readonly lost: readonly Incident[] }> {
    return recordAll(entries, this.#recorder, check);
  }

  watch(onChange: (key: string, found: Versioned<Incident> | undefined) => void): Promise<{ stop(): Promise<void> }> {
    return this.#store.watch<Incident>(NOW, ({ path, value }) => onChange(path.slice(NOW.length), value));
  }

  async isFirstLook(cluster: string): Promise<boolean> {
    return (await this.#store.get(metaPath(cluster))) === undefined;
  }

  async haveLooked(cluster: string): Promise<void> {
    const value = { firstLookAt: this.#deps.clock() };
    await this.#store.commit([{ op: 'put', path: metaPath(cluster), value, expect: 'absent' }]);
  }

  sweep(): Promise<number> {
    return sweepBook(this.#store, this.#deps.clock(), parseDuration(this.#deps.keep));
  }

  #tell(before: Incident | undefined, written: Versioned<Incident>): void {
    this.#recent.note(written);
    const { value: after, revision } = written;
    for (const listener of this.#deps.listeners) {
      try {
        listener(before, after, revision);
      } catch (error) {
        this.#deps.log.error({ err: error, incident: after.id }, 'a listener of the incidents failed');
      }
    }
  }
}

/** Undefined when it throws: the true state may be another one. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function unknown(id: string): NotFoundError {
  return new NotFoundError(`No incident "${id}" is known.`, {
    hint: '`/alerts list` shows what is open, `/alerts history` what was.',
  });
}
