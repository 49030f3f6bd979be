import type { Memory } from '../sight.ts';
import type { Mark, Remembered } from './remembered.ts';

/**
 * What one rule remembers about one object, for the length of one judging. Labels in the store: `P01/since:…`, `P01/changes:…`,
 * `P01/rise:…`.
 */
export class RuleMemory implements Memory {
  readonly #remembered: Remembered;
  #uid = '';
  #prefix = '';
  #now = 0;
  #round = 0;
  /** The next moment at which an answer that was given becomes another one because a window has passed. */
  #expiresAt: number | undefined;

  constructor(remembered: Remembered) {
    this.#remembered = remembered;
  }

  begin(uid: string, rule: string, now: number): void {
    this.#uid = uid;
    this.#prefix = `${rule}/`;
    this.#now = now;
    this.#round += 1;
    this.#expiresAt = undefined;
  }

  /**
   * Forgets what was not asked again: a value that nobody looked at may have changed meanwhile. Counters stay.
   * @returns when the object must be judged again although nothing changes.
   */
  end(): number | undefined {
    const marks = this.#remembered.of(this.#uid);
    if (marks === undefined) return undefined;
    const since = `${this.#prefix}since:`;
    for (const [label, mark] of marks)
      if (mark.round !== this.#round && label.startsWith(since)) this.#remembered.delete(this.#uid, label);
    return this.#expiresAt;
  }

  since(label: string, value: string | number | boolean): number {
    const word = `${this.#prefix}since:${label}`;
    const mark = this.#remembered.get(this.#uid, word);
    if (mark?.value === String(value)) {
      mark.round = this.#round;
      return mark.since;
    }
    this.#remembered.set(this.#uid, word, { value: String(value), since: this.#now, round: this.#round });
    return this.#now;
  }

  changes(label: string, value: string | number | boolean, withinMs: number): readonly number[] {
    const mark = this.#mark(`${this.#prefix}changes:${label}`, String(value));
    if (mark.value !== String(value)) {
      mark.value = String(value);
      this.#remembered.note(this.#uid, mark, this.#now, 1);
    }
    return this.#within(mark, withinMs).map(([at]) => at);
  }

  rise(label: string, count: number, withinMs: number, baseline = count): number {
    const mark = this.#mark(`${this.#prefix}rise:${label}`, String(Math.min(baseline, count)));
    const before = Number(mark.value);
    if (count !== before) {
      mark.value = String(count);
      // A counter that falls began anew; what it lost says nothing.
      if (count > before) this.#remembered.note(this.#uid, mark, this.#now, count - before);
      else this.#remembered.touch(this.#uid);
    }
    return this.#within(mark, withinMs).reduce((sum, [, amount]) => sum + amount, 0);
  }

  #mark(word: string, first: string): Mark {
    const mark =
      this.#remembered.get(this.#uid, word) ??
      this.#remembered.set(this.#uid, word, { value: first, since: this.#now, round: this.#round });
    mark.round = this.#round;
    return mark;
  }

  /** Entries younger than `withinMs`; those that are too old for every window that was ever asked are dropped. */
  #within(mark: Mark, withinMs: number): readonly (readonly [number, number])[] {
    const { ring } = mark;
    if (ring === undefined || ring.length === 0) return [];
    mark.withinMs = Math.max(mark.withinMs ?? 0, withinMs);
    const oldest = this.#now - mark.withinMs;
    if ((ring[0] as readonly [number, number])[0] <= oldest) {
      mark.ring = ring.filter(([at]) => at > oldest);
      this.#remembered.touch(this.#uid);
    }
    const young = (mark.ring ?? []).filter(([at]) => at > this.#now - withinMs);
    const first = young[0];
    if (first) this.#expiresAt = Math.min(this.#expiresAt ?? Infinity, first[0] + withinMs);
    return young;
  }
}

/** Whether a label is a rule's own, and not one of the engine's. */
export function isRuleWord(label: string): boolean {
  return /^[^/!=]+\/(since|changes|rise):/.test(label);
}

export function isSinceWord(label: string): boolean {
  return /^[^/!=]+\/since:/.test(label);
}
