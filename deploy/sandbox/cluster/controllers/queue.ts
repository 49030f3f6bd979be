import type { Change } from '../store.ts';
import type { World } from '../world.ts';

/** How long changes gather before they are acted on; a burst is one pass. Cluster milliseconds. */
const GATHER_MS = 15;

export interface Watching {
  key: string;
  /** The keys (`ns/name`) to look at after a change. */
  toKeys: (change: Change) => (string | undefined)[];
}

/** A controller's work queue: changes become keys, keys become one call each, soon. Nothing polls. */
export class Queue {
  readonly #world: World;
  readonly #work: (keys: string[]) => void;
  readonly #waiting = new Set<string>();
  readonly #later = new Map<string, () => void>();
  #isScheduled = false;

  constructor(world: World, watching: readonly Watching[], work: (keys: string[]) => void) {
    this.#world = world;
    this.#work = work;
    for (const { key, toKeys } of watching) {
      const listener = (change: Change): void => {
        for (const id of toKeys(change)) if (id !== undefined) this.add(id);
      };
      world.store.listen(key, listener);
    }
  }

  add(id: string): void {
    this.#waiting.add(id);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#world.after(GATHER_MS, () => {
      this.#isScheduled = false;
      const ids = [...this.#waiting];
      this.#waiting.clear();
      this.#work(ids);
    });
  }

  /** Looks at a key again after `ms`; a later call for the same key replaces an earlier one. */
  addAfter(id: string, ms: number): void {
    this.#later.get(id)?.();
    const cancel = this.#world.after(ms, () => {
      this.#later.delete(id);
      this.add(id);
    });
    this.#later.set(id, cancel);
  }
}

/** A queue whose work is one key at a time. */
export function eachKey(
  world: World,
  watching: readonly Watching[],
  reconcile: (namespace: string, name: string, queue: Queue) => void,
): Queue {
  const queue: Queue = new Queue(world, watching, (ids) => {
    for (const id of ids) {
      const slash = id.indexOf('/');
      reconcile(slash < 0 ? '' : id.slice(0, slash), id.slice(slash + 1), queue);
    }
  });
  return queue;
}
