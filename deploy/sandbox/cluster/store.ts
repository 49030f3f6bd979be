import { keyOf, type Obj } from './object.ts';
import { expired } from './status.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly object: Obj;
  /** The object before the change; selectors need it to tell "stopped matching" from "never matched". */
  readonly previous: Obj | undefined;
}

interface Bucket {
  objects: Map<string, Obj>;
  /** Sorted lazily: lists want key order, writes should not pay for it. */
  sorted: Obj[] | undefined;
  history: Change[];
  /** The newest revision that history no longer explains. */
  forgottenUpTo: number;
  listeners: Set<(change: Change) => void>;
  /** Ids of dependents by their owner's uid. */
  owned: Map<string, Set<string>>;
}

const FIRST_REVISION = 1_000;

/**
 * The objects of the cluster, each an immutable snapshot, with one revision counter for all and a bounded history per resource.
 * What etcd is to a real API server. Everything is synchronous: a change, its history entry and its listeners are one step.
 */
export class Store {
  readonly #buckets = new Map<string, Bucket>();
  readonly #historySize: number;
  readonly #everywhere = new Set<(key: string, change: Change) => void>();
  #revision = FIRST_REVISION;

  constructor(historySize = 20_000) {
    this.#historySize = historySize;
  }

  get revision(): number {
    return this.#revision;
  }

  get(key: string, namespace: string | undefined, name: string): Obj | undefined {
    return this.#bucket(key).objects.get(namespace ? `${namespace}/${name}` : name);
  }

  /** All objects of a resource in key order, of one namespace or of all. The array must not be changed. */
  list(key: string, namespace?: string): readonly Obj[] {
    const bucket = this.#bucket(key);
    bucket.sorted ??= [...bucket.objects.entries()].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map((entry) => entry[1]);
    if (namespace === undefined) return bucket.sorted;
    return bucket.sorted.filter((object) => object.metadata.namespace === namespace);
  }

  /** The objects of a resource that name this uid among their owners. */
  owned(key: string, uid: string): Obj[] {
    const bucket = this.#bucket(key);
    return [...(bucket.owned.get(uid) ?? [])]
      .map((id) => bucket.objects.get(id))
      .filter((object) => object !== undefined);
  }

  /** Every resource that holds at least one object. */
  keys(): string[] {
    return [...this.#buckets].filter(([, bucket]) => bucket.objects.size > 0).map(([key]) => key);
  }

  /** Stores a new version and gives it the next revision. The object becomes the store's; do not change it afterwards. */
  put(key: string, object: Obj): Obj {
    const bucket = this.#bucket(key);
    const id = keyOf(object);
    const previous = bucket.objects.get(id);
    this.#revision++;
    object.metadata.resourceVersion = String(this.#revision);
    bucket.objects.set(id, object);
    if (previous && bucket.sorted) {
      const at = bucket.sorted.indexOf(previous);
      // A copy, because snapshots of chunked lists may still hold the old array.
      bucket.sorted = at < 0 ? undefined : bucket.sorted.with(at, object);
    } else bucket.sorted = undefined;
    indexOwners(bucket, id, previous, object);
    this.#record(key, bucket, { type: previous ? 'MODIFIED' : 'ADDED', revision: this.#revision, object, previous });
    return object;
  }

  remove(key: string, object: Obj): Obj {
    const bucket = this.#bucket(key);
    const previous = bucket.objects.get(keyOf(object));
    bucket.objects.delete(keyOf(object));
    indexOwners(bucket, keyOf(object), previous, undefined);
    bucket.sorted = undefined;
    this.#revision++;
    const last: Obj = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } };
    this.#record(key, bucket, { type: 'DELETED', revision: this.#revision, object: last, previous });
    return last;
  }

  /** Calls back after every change of a resource. Returns the way to stop. */
  listen(key: string, listener: (change: Change) => void): () => void {
    const bucket = this.#bucket(key);
    bucket.listeners.add(listener);
    return () => bucket.listeners.delete(listener);
  }

  /** Calls back after every change of anything. */
  listenEverywhere(listener: (key: string, change: Change) => void): void {
    this.#everywhere.add(listener);
  }

  /** Changes after a revision. @throws ApiError 410 Expired when history no longer reaches back that far. */
  since(key: string, revision: number): Change[] {
    const bucket = this.#bucket(key);
    if (revision < bucket.forgottenUpTo) {
      throw expired(`too old resource version: ${revision} (${bucket.forgottenUpTo})`);
    }
    let at = bucket.history.length;
    while (at > 0 && (bucket.history[at - 1] as Change).revision > revision) at--;
    return bucket.history.slice(at);
  }

  /** Forgets all history, as etcd's compaction does: watches from before get 410. */
  compact(): void {
    for (const bucket of this.#buckets.values()) {
      bucket.history = [];
      bucket.forgottenUpTo = this.#revision;
    }
  }

  #record(key: string, bucket: Bucket, change: Change): void {
    bucket.history.push(change);
    if (bucket.history.length > this.#historySize * 1.25) {
      const dropped = bucket.history.splice(0, bucket.history.length - this.#historySize);
      bucket.forgottenUpTo = (dropped.at(-1) as Change).revision;
    }
    for (const listener of [...bucket.listeners]) listener(change);
    for (const listener of this.#everywhere) listener(key, change);
  }

  #bucket(key: string): Bucket {
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = {
        objects: new Map(),
        sorted: undefined,
        history: [],
        forgottenUpTo: FIRST_REVISION - 1,
        listeners: new Set(),
        owned: new Map(),
      };
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}

function indexOwners(bucket: Bucket, id: string, previous: Obj | undefined, object: Obj | undefined): void {
  if (previous?.metadata.ownerReferences === object?.metadata.ownerReferences) return;
  for (const { uid } of previous?.metadata.ownerReferences ?? []) {
    const ids = bucket.owned.get(uid);
    ids?.delete(id);
    if (ids?.size === 0) bucket.owned.delete(uid);
  }
  for (const { uid } of object?.metadata.ownerReferences ?? []) {
    const ids = bucket.owned.get(uid) ?? new Set<string>();
    bucket.owned.set(uid, ids.add(id));
  }
}
