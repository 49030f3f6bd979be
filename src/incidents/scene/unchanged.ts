import type { SeenObject } from '../seen/kinds.ts';
import type { SeenMeta } from '../seen/object.ts';
import { isSame, isSameBut } from '../seen/same.ts';
import type { SeenNode } from '../seen/surroundings.ts';

/** Whether nothing that rules read is different: a new resourceVersion and a node's heartbeat alone are no change. */
export function isUnchanged(before: SeenObject, after: SeenObject): boolean {
  return (
    before.kind === after.kind &&
    isSameBut(before.metadata, after.metadata, 'resourceVersion' satisfies keyof SeenMeta) &&
    (before.kind === 'Node' && after.kind === 'Node' ? isSameNode(before, after) : isSameBut(before, after, 'metadata'))
  );
}

function isSameNode(before: SeenNode, after: SeenNode): boolean {
  const [was, is] = [before.status.conditions, after.status.conditions];
  return (
    isSame(before.spec, after.spec) &&
    isSameBut(before.status, after.status, 'conditions') &&
    was.length === is.length &&
    was.every((condition, at) => isSameBut(condition, is[at] as object, 'lastHeartbeatTime'))
  );
}
