import type { SeenObject } from '../seen/kinds.ts';
import type { SeenNode } from '../seen/surroundings.ts';
import type { Sight } from '../sight.ts';

/**
 * Which nodes a batch of changes concerns. Every change of a pod names its node, too; but whatever a rule counts on a node is where a pod
 * runs, whether it has ended, and how. A node with 110 pods that is judged for each probe of each of them would cost more than all else.
 */
export class Bystanders {
  readonly #sight: Sight;
  /** Pods as their nodes see them. */
  readonly #pods = new Map<string, { readonly node: string; readonly how: string }>();
  /** The nodes themselves, as last judged. */
  readonly #nodes = new Map<string, { readonly node: SeenNode; readonly lastEvent: unknown }>();

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  /** The objects of a batch that must be judged. */
  concerned(uids: readonly string[]): readonly SeenObject[] {
    const moved = new Set<string>();
    const objects: SeenObject[] = [];
    for (const uid of uids) {
      const object = this.#sight.byUid(uid);
      if (object) objects.push(object);
      if (object?.kind === 'Node') continue;
      const before = this.#pods.get(uid);
      if (object?.kind === 'Pod') this.#compare(object, before, moved);
      else if (before) this.#leave(uid, before.node, moved);
    }
    return objects.filter((object) => object.kind !== 'Node' || this.#isConcerned(object, moved));
  }

  /** Nodes that are gone are forgotten. */
  tidy(): void {
    for (const uid of this.#nodes.keys()) if (!this.#sight.byUid(uid)) this.#nodes.delete(uid);
    for (const uid of this.#pods.keys()) if (!this.#sight.byUid(uid)) this.#pods.delete(uid);
  }

  #compare(
    { metadata, spec, status }: Extract<SeenObject, { kind: 'Pod' }>,
    before: { readonly node: string; readonly how: string } | undefined,
    moved: Set<string>,
  ): void {
    const { nodeName: node = '' } = spec;
    const isOver = status.phase === 'Succeeded' || status.phase === 'Failed';
    const how = `${isOver ? status.phase : ''} ${status.reason} ${metadata.deletionTimestamp === undefined ? '' : 'leaving'}`;
    if (before?.node === node && before.how === how) return;
    if (before) moved.add(before.node);
    moved.add(node);
    this.#pods.set(metadata.uid, { node, how });
  }

  #leave(uid: string, node: string, moved: Set<string>): void {
    this.#pods.delete(uid);
    moved.add(node);
  }

  #isConcerned(node: SeenNode, moved: ReadonlySet<string>): boolean {
    const { uid, name } = node.metadata;
    const lastEvent = this.#sight.events(uid)[0];
    const before = this.#nodes.get(uid);
    if (before?.node === node && before.lastEvent === lastEvent && !moved.has(name)) return false;
    this.#nodes.set(uid, { node, lastEvent });
    return true;
  }
}
