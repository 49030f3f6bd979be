import type { PageEvent } from './protocol.ts';

type Listener = (event: PageEvent) => void;

/** Who is looking: the open pages (and tests) of each person. */
export class PageBus {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** @returns ends the subscription. */
  subscribe(personId: string, listener: Listener): () => void {
    const set = this.#listeners.get(personId) ?? new Set();
    set.add(listener);
    this.#listeners.set(personId, set);
    return () => {
      set.delete(listener);
      if (set.size === 0) this.#listeners.delete(personId);
    };
  }

  /** Ids of the people whose page is open. */
  watchers(): string[] {
    return [...this.#listeners.keys()];
  }

  toPerson(personId: string, event: PageEvent): void {
    for (const listener of this.#listeners.get(personId) ?? []) listener(event);
  }

  toEveryone(event: PageEvent): void {
    for (const personId of this.watchers()) this.toPerson(personId, event);
  }
}
