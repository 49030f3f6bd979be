import type { Versioned } from '../../state/store.ts';
import type { Entry } from '../book/record.ts';
import type { Incident } from '../incident.ts';

const NONE: ReadonlySet<string> = new Set();

/** What will be recorded next: the incidents as they are known, with the changes of one round laid over them. */
export class Draft {
  readonly #known: ReadonlyMap<string, Versioned<Incident>>;
  readonly #lively: ReadonlyMap<string, Incident>;
  readonly #changed = new Map<string, Incident>();

  /** @param lively those among the known that decide about others: young ones, nodes, umbrellas and what is under them. */
  constructor(known: ReadonlyMap<string, Versioned<Incident>>, lively: ReadonlyMap<string, Incident>) {
    this.#known = known;
    this.#lively = lively;
  }

  get(key: string): Incident | undefined {
    return this.#changed.get(key) ?? this.#known.get(key)?.value;
  }

  /** As it was before this round; undefined: it is new, or another occurrence. */
  before(incident: Incident): Incident | undefined {
    const known = this.#known.get(incident.key)?.value;
    return known?.id === incident.id ? known : undefined;
  }

  /** Takes what a step made; undefined: it had nothing to do. */
  put(incident: Incident | undefined): void {
    if (incident) this.#changed.set(incident.key, incident);
  }

  all(): Incident[] {
    const all = [...this.#changed.values()];
    for (const [key, { value }] of this.#known) if (!this.#changed.has(key)) all.push(value);
    return all;
  }

  firing(): Incident[] {
    return this.all().filter(({ status }) => status === 'firing');
  }

  /** What this round changes, and the lively ones: few, however many are open. */
  lively(): Incident[] {
    const lively = [...this.#changed.values()];
    for (const [key, incident] of this.#lively) if (!this.#changed.has(key)) lively.push(incident);
    return lively;
  }

  /** What this round changes. @param also keys that count as changed. */
  touched(also: ReadonlySet<string> = NONE): Incident[] {
    const touched = [...this.#changed.values()];
    for (const key of also) {
      const known = this.#known.get(key);
      if (known && !this.#changed.has(key)) touched.push(known.value);
    }
    return touched;
  }

  /** Umbrellas first: members never name one that was not written. */
  entries(): Entry[] {
    const entries = this.touched().map((after) => ({ before: this.#known.get(after.key), after }));
    return entries.sort((a, b) => Number(b.after.kind === 'storm') - Number(a.after.kind === 'storm'));
  }
}
