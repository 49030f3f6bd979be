import type { SeenObject } from '../seen/kinds.ts';
import type { SeenPod } from '../seen/pod.ts';
import type { Sight } from '../sight.ts';

/** A pod as its node and its ReplicaSet see it. */
interface Known {
  readonly node: string;
  readonly owner: string | undefined;
  readonly how: string;
}

/**
 * Which objects a batch of changes concerns. Every change of a pod names its node and its owners, too. What rules count on a node or in a
 * ReplicaSet is where pods are, whether they have ended or leave, and why: to walk over 110 or 500 pods for each probe of each of them
 * would cost more than all else. What is wrong in a pod is judged at the pod, and at the Deployment above.
 */
export class Bystanders {
  readonly #sight: Sight;
  readonly #pods = new Map<string, Known>();
  /** Nodes and ReplicaSets as last judged. */
  readonly #judged = new Map<string, { readonly object: SeenObject; readonly lastEvent: unknown }>();

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  /** The objects of a batch that must be judged. */
  concerned(uids: readonly string[]): readonly SeenObject[] {
    /** Names of nodes and uids of owners. */
    const moved = new Set<string>();
    const objects: SeenObject[] = [];
    for (const uid of uids) {
      const object = this.#sight.byUid(uid);
      if (object) objects.push(object);
      if (object?.kind === 'Pod') this.#compare(object, moved);
      else if (!object) this.#leave(uid, moved);
    }
    return objects.filter((object) => !isBystander(object) || this.#isConcerned(object, moved));
  }

  /** An object that was judged in the first look at everything: what it does from now on is news. */
  seen(object: SeenObject): void {
    if (object.kind === 'Pod') this.#compare(object, new Set());
    else if (isBystander(object)) this.#isConcerned(object, new Set());
  }

  /** What is gone without anybody having said so is forgotten. */
  tidy(): void {
    for (const known of [this.#judged, this.#pods])
      for (const uid of known.keys()) if (!this.#sight.byUid(uid)) known.delete(uid);
  }

  #compare(pod: SeenPod, moved: Set<string>): void {
    const { uid, owner } = pod.metadata;
    const before = this.#pods.get(uid);
    const now = { node: pod.spec.nodeName ?? '', owner: owner?.uid, how: howOf(pod) };
    if (before?.node === now.node && before.how === now.how && before.owner === now.owner) return;
    this.#pods.set(uid, now);
    for (const known of [before, now]) if (known) mark(known, moved);
  }

  #leave(uid: string, moved: Set<string>): void {
    const before = this.#pods.get(uid);
    if (before) mark(before, moved);
    this.#pods.delete(uid);
    this.#judged.delete(uid);
  }

  #isConcerned(object: SeenObject, moved: ReadonlySet<string>): boolean {
    const { uid, name } = object.metadata;
    const lastEvent = this.#sight.events(uid)[0];
    const before = this.#judged.get(uid);
    const isMoved = moved.has(object.kind === 'Node' ? name : uid);
    if (before?.object === object && before.lastEvent === lastEvent && !isMoved) return false;
    this.#judged.set(uid, { object, lastEvent });
    return true;
  }
}

function isBystander({ kind }: SeenObject): boolean {
  return kind === 'Node' || kind === 'ReplicaSet';
}

function mark({ node, owner }: Known, moved: Set<string>): void {
  moved.add(node);
  if (owner !== undefined) moved.add(owner);
}

function howOf({ metadata, status }: SeenPod): string {
  const { phase, reason, conditions } = status;
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const isLeaving = metadata.deletionTimestamp !== undefined;
  const disruption = conditions.find(({ type }) => type === 'DisruptionTarget');
  if (!isOver && !isLeaving && reason === '' && disruption === undefined) return '';
  return `${isOver ? phase : ''} ${reason} ${isLeaving} ${disruption?.status} ${disruption?.reason}`;
}
