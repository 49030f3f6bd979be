/** Something that wants to be looked at again. */
export interface Waking {
  /** When, epoch ms; undefined: not at all. The heap's own entry counts only while it is equal to this. */
  wakeAt: number | undefined;
}

/**
 * Who must be looked at next: a binary heap by time. A moved or cancelled wake leaves its old entry behind, which is dropped when its time
 * comes: moving one is as cheap as adding one.
 */
export class Wakes<T extends Waking> {
  readonly #heap: { readonly at: number; readonly who: T }[] = [];

  /** Moves the only wake of `who`; undefined cancels it. */
  set(who: T, at: number | undefined): void {
    if (who.wakeAt === at) return;
    who.wakeAt = at;
    if (at !== undefined) this.#push({ at, who });
  }

  /** The earliest wake, epoch ms. */
  next(): number | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (top.who.wakeAt === top.at) return top.at;
      this.#pop();
    }
    return undefined;
  }

  /** Takes everybody whose time has come; each has no wake afterwards. */
  take(now: number): T[] {
    const due: T[] = [];
    for (let at = this.next(); at !== undefined && at <= now; at = this.next()) {
      const { who } = this.#pop() as { who: T };
      who.wakeAt = undefined;
      due.push(who);
    }
    return due;
  }

  #push(entry: { readonly at: number; readonly who: T }): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as { at: number; who: T };
      if (above.at <= entry.at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): { readonly at: number; readonly who: T } | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as { at: number }).at < (heap[child] as { at: number }).at)
        child++;
      const below = heap[child] as { at: number; who: T };
      if (below.at >= last.at) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}
