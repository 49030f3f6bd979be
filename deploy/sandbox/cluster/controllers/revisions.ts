import { clone, hashOf, isSame, type Json, type Obj } from '../object.ts';
import type { World } from '../world.ts';
import { change, erase, make, ownerReference } from './act.ts';

const KEY = 'controllerrevisions.apps';
const MANAGER = 'kube-controller-manager';

/** The revisions of a StatefulSet or DaemonSet, oldest first. */
export function revisionsOf(world: World, owner: Obj): Obj[] {
  return world.store.owned(KEY, owner.metadata.uid).sort((a, b) => a.revision - b.revision);
}

/**
 * The ControllerRevision of the template as it is now, made or brought to the front as needed; old ones beyond the history limit go.
 * `data` is the strategic merge patch that brings the template back, as `kubectl rollout undo` expects.
 */
export function currentRevision(world: World, owner: Obj, inUse: ReadonlySet<string>): Obj | undefined {
  const data: Json = { spec: { template: { ...clone(owner.spec.template), $patch: 'replace' } } };
  const all = revisionsOf(world, owner);
  const highest = all.at(-1)?.revision ?? 0;
  let found: Obj | undefined = all.find((revision) => isSame(revision.data, data));
  if (!found) {
    const hash = hashOf(data);
    found = make(
      world,
      KEY,
      {
        metadata: {
          name: `${owner.metadata.name}-${hash}`,
          namespace: owner.metadata.namespace,
          labels: { ...owner.spec.template.metadata?.labels, 'controller.kubernetes.io/hash': hash },
          annotations: owner.metadata.annotations,
          ownerReferences: [ownerReference(owner)],
        },
        data,
        revision: highest + 1,
      },
      MANAGER,
    );
  } else if (found.revision < highest) {
    found = change(
      world,
      KEY,
      found,
      (draft) => {
        draft.revision = highest + 1;
      },
      MANAGER,
    );
  }
  const spare = revisionsOf(world, owner).filter(
    (one) => one.metadata.uid !== found?.metadata.uid && !inUse.has(one.metadata.name),
  );
  const limit: number = owner.spec.revisionHistoryLimit ?? 10;
  for (const one of spare.slice(0, Math.max(0, spare.length - limit))) erase(world, KEY, one);
  return found;
}
