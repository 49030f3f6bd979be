import type { Versioned } from '../../state/store.ts';
import type { Incident } from '../incident.ts';

/** Enough for the incidents of a storm between their record and their message. */
const KEPT = 1_000;

/**
 * The incidents that this process recorded last, with their revisions: a guess at what stands, which spares reading what one has just
 * written. Whoever acts on it compares the revision.
 */
export class Recent {
  readonly #known = new Map<string, Versioned<Incident>>();

  get(id: string): Versioned<Incident> | undefined {
    return this.#known.get(id);
  }

  note(entry: Versioned<Incident>): void {
    const { id } = entry.value;
    this.#known.delete(id);
    this.#known.set(id, entry);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) return;
      this.#known.delete(oldest);
    }
  }
}
