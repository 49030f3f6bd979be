import type { MarkChange, Marks } from '../engine-contract.ts';

/** One remembered thing. `ring`: times with a number beside each (growth of a counter, 1 for a change). */
export interface Mark {
  value: string;
  since: number;
  ring?: (readonly [number, number])[];
  /** The judging in which it was last asked for; not kept. */
  round: number;
  /** The longest window that was asked of the ring, ms; not kept. */
  withinMs?: number;
}

/** So many words may be remembered about one object, and so many times in one ring: a rule that makes up labels cannot fill the memory. */
const MAX_MARKS = 64;
const MAX_RING = 64;

/**
 * Marks of every object, by uid and label. What people's etcd keeps is less than what stands here: marks of healthy pods are counters that
 * have never moved, and a restart finds the same again (`isKept`).
 */
export class Remembered {
  readonly #byUid = new Map<string, Map<string, Mark>>();
  readonly #dirty = new Set<string>();
  /** What etcd holds, as JSON would show it: nothing is written twice. */
  readonly #kept = new Map<string, string>();
  readonly #isKept: (uid: string, marks: ReadonlyMap<string, Mark>) => boolean;

  constructor(
    kept: ReadonlyMap<string, Marks> | undefined,
    isKept: (uid: string, marks: ReadonlyMap<string, Mark>) => boolean,
  ) {
    this.#isKept = isKept;
    for (const [uid, marks] of kept ?? []) {
      const restored = new Map<string, Mark>();
      for (const [label, mark] of Object.entries(marks)) if (isMark(mark)) restored.set(label, copyOf(mark));
      this.#byUid.set(uid, restored);
      this.#kept.set(uid, JSON.stringify(jsonOf(restored)));
    }
  }

  uids(): IterableIterator<string> {
    return this.#byUid.keys();
  }

  of(uid: string): ReadonlyMap<string, Mark> | undefined {
    return this.#byUid.get(uid);
  }

  get(uid: string, label: string): Mark | undefined {
    return this.#byUid.get(uid)?.get(label);
  }

  /** Remembers a word; when the object has too many, the one asked for longest ago makes room. */
  set(uid: string, label: string, mark: Mark): Mark {
    const marks = this.#byUid.get(uid) ?? new Map<string, Mark>();
    if (marks.size === 0) this.#byUid.set(uid, marks);
    if (marks.size >= MAX_MARKS && !marks.has(label)) {
      const oldest = [...marks].reduce((a, b) => (b[1].round < a[1].round ? b : a));
      marks.delete(oldest[0]);
    }
    marks.set(label, mark);
    this.#dirty.add(uid);
    return mark;
  }

  /** Adds to a ring, which stays short: the two oldest entries become one. */
  note(uid: string, mark: Mark, at: number, amount: number): void {
    const ring = mark.ring ?? [];
    mark.ring = ring;
    ring.push([at, amount]);
    if (ring.length > MAX_RING) {
      const [first, second] = ring.splice(0, 2) as [readonly [number, number], readonly [number, number]];
      ring.unshift([second[0], first[1] + second[1]]);
    }
    this.#dirty.add(uid);
  }

  touch(uid: string): void {
    this.#dirty.add(uid);
  }

  delete(uid: string, label: string): void {
    const marks = this.#byUid.get(uid);
    if (!marks?.delete(label)) return;
    if (marks.size === 0) this.#byUid.delete(uid);
    this.#dirty.add(uid);
  }

  /** The object is gone. */
  forget(uid: string): void {
    if (this.#byUid.delete(uid)) this.#dirty.add(uid);
  }

  /** Runs `work`, after which everything about an object is remembered as before. */
  asIs<T>(uid: string, work: () => T): T {
    const before = this.#byUid.get(uid);
    const copy = before && new Map([...before].map(([label, mark]) => [label, { ...mark, ring: mark.ring?.slice() }]));
    try {
      return work();
    } finally {
      if (copy) this.#byUid.set(uid, copy as Map<string, Mark>);
      else this.#byUid.delete(uid);
    }
  }

  /** What has changed for etcd since the last call. */
  takeChanges(): MarkChange[] {
    const changes: MarkChange[] = [];
    for (const uid of this.#dirty) {
      const marks = this.#byUid.get(uid);
      const value = marks && this.#isKept(uid, marks) ? jsonOf(marks) : undefined;
      const text = value && JSON.stringify(value);
      if (text === this.#kept.get(uid)) continue;
      if (text === undefined) this.#kept.delete(uid);
      else this.#kept.set(uid, text);
      changes.push({ uid, value });
    }
    this.#dirty.clear();
    return changes;
  }
}

function isMark(mark: unknown): mark is Marks[string] {
  const { value, since, ring } = (mark ?? {}) as Partial<Marks[string]>;
  return typeof value === 'string' && typeof since === 'number' && (ring === undefined || Array.isArray(ring));
}

function copyOf({ value, since, ring }: Marks[string]): Mark {
  return { value, since, ...(ring && { ring: ring.slice(-MAX_RING) }), round: 0 };
}

function jsonOf(marks: ReadonlyMap<string, Mark>): Marks {
  return Object.fromEntries(
    [...marks].map(([label, { value, since, ring }]) => [
      label,
      { value, since, ...(ring && ring.length > 0 && { ring: [...ring] }) },
    ]),
  );
}
