import type { Clock } from '../../time.ts';
import type { Scene } from '../engine-contract.ts';
import type { Kind, SeenByKind, SeenObject } from '../seen/kinds.ts';
import type { SeenPod } from '../seen/pod.ts';
import type { SeenEvent } from '../seen/surroundings.ts';
import type { ObjectRef, Sight } from '../sight.ts';
import { EventShelf } from './event-shelf.ts';
import { climb, refOf, refOfOwner } from './roots.ts';
import { Index, Shelf } from './shelf.ts';
import { isUnchanged } from './unchanged.ts';

/**
 * The cache of one cluster.
 * @param clock to know which events are too old; without it, the latest time that `event` was told.
 */
export function createScene(cluster: string, clock?: Clock): Scene {
  return new Cache(cluster, clock);
}

/** Owners never stand higher above a pod than this (pod, Job, CronJob); a circle of owners must not hold us. */
const MAX_CLIMB = 4;

/** Objects by uid; every index holds uids only, so that a new version of an object is one write. */
class Cache implements Scene, Sight {
  readonly cluster: string;
  readonly #objects = new Map<string, SeenObject>();
  readonly #shelves = new Map<Kind, Shelf>();
  readonly #podsByNode = new Index();
  readonly #events = new EventShelf();
  readonly #clock: Clock | undefined;
  #now = 0;

  constructor(cluster: string, clock: Clock | undefined) {
    this.cluster = cluster;
    this.#clock = clock;
  }

  get sight(): Sight {
    return this;
  }

  put<K extends Kind>(object: SeenByKind[K]): readonly string[] {
    const { uid, namespace, name } = object.metadata;
    const shelf = this.#shelf(object.kind);
    const known = this.#objects.get(uid);
    if (known !== undefined && isUnchanged(known, object)) {
      this.#objects.set(uid, object);
      return [];
    }
    const touched = new Set<string>();
    // A uid never changes its name in a cluster; in made-up objects it may.
    const before = known !== undefined && isAt(known, object) ? known : undefined;
    if (known !== undefined && before === undefined)
      for (const other of this.remove(known.kind, uid)) touched.add(other);
    // Deleted and made again while nobody looked: the name is the new one's.
    const namesake = shelf.uidOf(namespace, name);
    if (namesake !== undefined && namesake !== uid)
      for (const other of this.remove(object.kind, namesake)) touched.add(other);
    if (before !== undefined) this.#addTouched(before, touched);
    this.#objects.set(uid, object);
    shelf.put(object, before);
    if (object.kind === 'Pod') this.#podsByNode.move(nodeOf(before), object.spec.nodeName, uid);
    this.#addTouched(object, touched);
    return [...touched];
  }

  remove(kind: Kind, uid: string): readonly string[] {
    const object = this.#objects.get(uid);
    if (object === undefined || object.kind !== kind) return [];
    this.#objects.delete(uid);
    this.#shelf(kind).remove(object);
    this.#podsByNode.move(nodeOf(object), undefined, uid);
    this.#events.remove(uid);
    const touched = new Set<string>();
    this.#addTouched(object, touched);
    return [...touched];
  }

  event(event: SeenEvent, now: number): readonly string[] {
    this.#now = Math.max(this.#now, now);
    return this.#events.add(event, now) && this.#objects.has(event.about) ? [event.about] : [];
  }

  replace<K extends Kind>(kind: K, objects: readonly SeenByKind[K][]): readonly string[] {
    const touched = new Set<string>();
    const kept = new Set(objects.map((object) => object.metadata.uid));
    for (const uid of [...this.#shelf(kind).uids()])
      if (!kept.has(uid)) for (const other of this.remove(kind, uid)) touched.add(other);
    for (const object of objects) for (const other of this.put(object)) touched.add(other);
    return [...touched];
  }

  counts(): Readonly<Partial<Record<Kind, number>>> {
    return Object.fromEntries([...this.#shelves].map(([kind, shelf]) => [kind, shelf.size]));
  }

  get<K extends Kind>(kind: K, namespace: string, name: string): SeenByKind[K] | undefined {
    const uid = this.#shelf(kind).uidOf(namespace, name);
    return uid === undefined ? undefined : (this.#objects.get(uid) as SeenByKind[K] | undefined);
  }

  byUid(uid: string): SeenObject | undefined {
    return this.#objects.get(uid);
  }

  all<K extends Kind>(kind: K): Iterable<SeenByKind[K]> {
    return this.#seen(this.#shelf(kind).uids());
  }

  inNamespace<K extends Kind>(kind: K, namespace: string): Iterable<SeenByKind[K]> {
    return this.#seen(this.#shelf(kind).inNamespace(namespace));
  }

  ownedBy<K extends Kind>(kind: K, uid: string): Iterable<SeenByKind[K]> {
    return this.#seen(this.#shelf(kind).byOwner.get(uid));
  }

  podsOf(object: SeenObject): readonly SeenPod[] {
    const { uid } = object.metadata;
    if (object.kind === 'Pod') return [object];
    const pods = [...this.ownedBy('Pod', uid)];
    for (const kind of ['ReplicaSet', 'Job'] as const)
      for (const between of this.ownedBy(kind, uid)) pods.push(...this.ownedBy('Pod', between.metadata.uid));
    return pods;
  }

  podsOnNode(name: string): Iterable<SeenPod> {
    return this.#seen<'Pod'>(this.#podsByNode.get(name));
  }

  rootOf(object: SeenObject): ObjectRef {
    let at = object;
    for (let steps = 0; steps < MAX_CLIMB; steps += 1) {
      const owner = climb(at);
      if (owner === undefined) break;
      const next = this.#ownerSeen(owner);
      if (next === undefined) return refOfOwner(owner, at.metadata.namespace);
      at = next;
    }
    return refOf(at);
  }

  events(uid: string): readonly SeenEvent[] {
    return this.#events.of(uid, this.#clock?.() ?? this.#now);
  }

  /** A mirror pod may name its node by another uid than the API's. */
  #ownerSeen(owner: { readonly kind: string; readonly name: string; readonly uid: string }): SeenObject | undefined {
    return owner.kind === 'Node' ? this.get('Node', '', owner.name) : this.#objects.get(owner.uid);
  }

  /** The object, its owners as far as they are seen, and its node. */
  #addTouched(object: SeenObject, touched: Set<string>): void {
    touched.add(object.metadata.uid);
    let owner = climb(object);
    for (let steps = 0; steps < MAX_CLIMB && owner !== undefined; steps += 1) {
      const seen = this.#ownerSeen(owner);
      if (seen === undefined) break;
      touched.add(seen.metadata.uid);
      owner = climb(seen);
    }
    const node = nodeOf(object);
    const onNode = node === undefined ? undefined : this.#shelf('Node').uidOf('', node);
    if (onNode !== undefined) touched.add(onNode);
  }

  #shelf(kind: Kind): Shelf {
    let shelf = this.#shelves.get(kind);
    if (shelf === undefined) {
      shelf = new Shelf();
      this.#shelves.set(kind, shelf);
    }
    return shelf;
  }

  *#seen<K extends Kind>(uids: Iterable<string>): Generator<SeenByKind[K]> {
    for (const uid of uids) {
      const object = this.#objects.get(uid);
      if (object !== undefined) yield object as SeenByKind[K];
    }
  }
}

function isAt(a: SeenObject, b: SeenObject): boolean {
  return a.kind === b.kind && a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;
}

function nodeOf(object: SeenObject | undefined): string | undefined {
  return object?.kind === 'Pod' ? object.spec.nodeName : undefined;
}
