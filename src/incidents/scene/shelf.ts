import type { SeenObject } from '../seen/kinds.ts';

const NOTHING: ReadonlySet<string> = new Set();

/** Sets of uids by some word; a word without any is not kept. */
export class Index {
  readonly #sets = new Map<string, Set<string>>();

  get(word: string): ReadonlySet<string> {
    return this.#sets.get(word) ?? NOTHING;
  }

  add(word: string, uid: string): void {
    const known = this.#sets.get(word);
    if (known === undefined) this.#sets.set(word, new Set([uid]));
    else known.add(uid);
  }

  remove(word: string, uid: string): void {
    const known = this.#sets.get(word);
    if (known?.delete(uid) && known.size === 0) this.#sets.delete(word);
  }

  /** Moves a uid when its word changed; undefined is no word. */
  move(from: string | undefined, to: string | undefined, uid: string): void {
    if (from === to) return;
    if (from !== undefined) this.remove(from, uid);
    if (to !== undefined) this.add(to, uid);
  }
}

/** The objects of one kind: uids by namespace and name, and by the uid of the controlling owner. */
export class Shelf {
  readonly #names = new Map<string, Map<string, string>>();
  readonly byOwner = new Index();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  uidOf(namespace: string, name: string): string | undefined {
    return this.#names.get(namespace)?.get(name);
  }

  *uids(): Generator<string> {
    for (const names of this.#names.values()) yield* names.values();
  }

  inNamespace(namespace: string): Iterable<string> {
    return this.#names.get(namespace)?.values() ?? [];
  }

  /** @param before the version of it that was here, if any. */
  put(object: SeenObject, before: SeenObject | undefined): void {
    const { uid, owner } = object.metadata;
    this.byOwner.move(before?.metadata.owner?.uid, owner?.uid, uid);
    if (before === undefined) this.#name(object);
  }

  remove(object: SeenObject): void {
    const { namespace, name, uid, owner } = object.metadata;
    this.byOwner.move(owner?.uid, undefined, uid);
    const names = this.#names.get(namespace);
    if (names?.get(name) !== uid) return;
    names.delete(name);
    this.#size -= 1;
    if (names.size === 0) this.#names.delete(namespace);
  }

  #name(object: SeenObject): void {
    const { namespace, name, uid } = object.metadata;
    let names = this.#names.get(namespace);
    if (names === undefined) {
      names = new Map();
      this.#names.set(namespace, names);
    }
    names.set(name, uid);
    this.#size += 1;
  }
}
