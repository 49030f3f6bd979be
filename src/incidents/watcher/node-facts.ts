import type { ObjectRef, Sight } from '../sight.ts';

/** While a reboot is under way, its driver keeps this annotation on the node; any value but "" and "false" counts. */
export const REBOOTING = 'shipmate/reboot-in-progress';

/** How many of a root's pods are, or were when they were last seen, on a node. */
export function podsOn(sight: Sight, node: string, root: ObjectRef): number {
  let count = 0;
  for (const pod of sight.podsOnNode(node)) {
    const { kind, namespace, name } = sight.rootOf(pod);
    if (kind === root.kind && namespace === root.namespace && name === root.name) count += 1;
  }
  return count;
}

/** Whether the node's being away is expected. */
export function isRebooting(sight: Sight, node: string): boolean {
  const value = sight.get('Node', '', node)?.metadata.annotations[REBOOTING];
  return value !== undefined && value !== '' && value !== 'false';
}
