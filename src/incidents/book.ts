import type { Change, Versioned } from '../state/store.ts';
import type { Incident, Step } from './incident.ts';

/**
 * Where incidents are kept. Each write carries the outbox rows of everything that has to be said because of it: the living message, the
 * thread, the people told, the other systems.
 */
export interface Book {
  get(id: string): Promise<Versioned<Incident> | undefined>;
  byKey(key: string): Promise<Versioned<Incident> | undefined>;
  /** Open ones, and those resolved within the last 30 min; the newest first. */
  current(): Promise<readonly Versioned<Incident>[]>;
  /** Occurrences that are over, the newest first. */
  past(query: { since: number; until?: number; limit: number }): Promise<readonly Incident[]>;
  /**
   * Applies a pure step under compare-and-swap; when somebody else wrote meanwhile, to what they wrote.
   * @param by names this step where it may be repeated after a crash.
   * @returns what stands now; undefined when the step had nothing to do. @throws NotFoundError for an unknown id.
   */
  apply(id: string, step: Step): Promise<Incident | undefined>;
  /**
   * Records several incidents in as few commits as possible (at most 128 operations each); each entry is `before` (undefined: new) and
   * `after`. @param check of the leader's term: nothing is written by one who leads no more.
   * @returns the entries that somebody else had written meanwhile: judge them again.
   */
  record(
    entries: readonly { before: Versioned<Incident> | undefined; after: Incident }[],
    check?: Change,
  ): Promise<{ readonly written: readonly Versioned<Incident>[]; readonly lost: readonly Incident[] }>;
}

/**
 * Somebody who is told of every recorded step, in the same process and at once: the courier, the bridges, on-call. Must not throw.
 * @param revision of the commit, which wrote the incident and every row that goes with it.
 */
export type Listener = (before: Incident | undefined, after: Incident, revision: string) => void;

/**
 * Something that must be written together with an incident: outbox rows of the bridges and, later, of on-call's escalations. Pure.
 */
export type Companion = (before: Incident | undefined, after: Incident) => readonly Change[];
