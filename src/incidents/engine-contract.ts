import type { Kind, SeenByKind } from './seen/kinds.ts';
import type { SeenEvent } from './seen/surroundings.ts';
import type { Sight } from './sight.ts';
import type { RootState } from './signal.ts';

/** The cache of one cluster, fed by reflectors. Only the feeder writes; everybody else sees a `Sight`. */
export interface Scene {
  readonly sight: Sight;
  /** @returns what must be judged again because of it: the object, its owners, its node; uids, may be empty when nothing that rules read changed. */
  put<K extends Kind>(object: SeenByKind[K]): readonly string[];
  remove(kind: Kind, uid: string): readonly string[];
  event(event: SeenEvent, now: number): readonly string[];
  /** Replaces all objects of a kind by a fresh list; returns what must be judged again. */
  replace<K extends Kind>(kind: K, objects: readonly SeenByKind[K][]): readonly string[];
  /** How many objects of each kind. */
  counts(): Readonly<Partial<Record<Kind, number>>>;
}

/** Judges one cluster. Synchronous and without I/O: time comes in, root states come out. */
export interface Engine {
  /** Objects that changed (uids from the scene). Judged at once; the states of all roots that this touched and changed come back. */
  changed(uids: readonly string[], now: number): readonly RootState[];
  /** Everything whose hold, hold-down or look-again has come. */
  due(now: number): readonly RootState[];
  /** When `due` should be called next, epoch ms; undefined: nothing waits. */
  nextDue(): number | undefined;
  /** Judges everything, a slice at a time so that nothing else waits long (the 30 s sweep). Call until `done`. */
  sweep(now: number, slice: number): { states: readonly RootState[]; done: boolean };
  /** All roots with something wrong now; after a first sync, compared with what is recorded. */
  standing(now: number): readonly RootState[];
  /** What was remembered and changed since the last call: to be kept in etcd. */
  takeMarks(): readonly MarkChange[];
  /** Explains what each rule finds about one object, firing or not: `/alerts rules … --why`. */
  explain(uid: string, now: number): readonly Explained[];
  /** How often each rule threw, by id; empty when all is well. */
  ruleErrors(): Readonly<Record<string, number>>;
}

/** What rules remember about one object (and the engine: first findings). Undefined value: forgotten. */
export interface MarkChange {
  readonly uid: string;
  readonly value: Marks | undefined;
}
/** Label → when it took its value, the value, and a ring of times; JSON. */
export type Marks = Readonly<
  Record<
    string,
    { readonly value: string; readonly since: number; readonly ring?: readonly (readonly [number, number])[] }
  >
>;

/** What `Explained.because` says of a rule that found nothing, and nothing else. */
export const CONDITION_IS_FALSE = 'condition is false';

export interface Explained {
  readonly rule: string;
  readonly title: string;
  readonly state: 'firing' | 'pending' | 'quiet' | 'suppressed' | 'disabled';
  /** `fires in 1m30s: image cannot be pulled`, `condition is false`, `opted out by annotation`. */
  readonly because: string;
}
