import type { Obj } from '../object.ts';
import type { World } from '../world.ts';
import { change, erase } from './act.ts';

/** Deletes what its owners left behind, and holds owners back while they delete in the foreground. */
export function startGarbageCollection(world: World): void {
  world.store.listenEverywhere((key, { type, object, previous }) => {
    if (type === 'DELETED') {
      later(world, () => collect(world, object.metadata.uid));
      for (const owner of object.metadata.ownerReferences ?? []) later(world, () => release(world, owner.uid));
      return;
    }
    const { finalizers, deletionTimestamp, uid } = object.metadata;
    if (!deletionTimestamp || previous?.metadata.deletionTimestamp) return;
    if (finalizers?.includes('orphan')) {
      later(world, () => {
        orphanDependents(world, uid);
        letGo(world, key, object, 'orphan');
      });
    }
    if (finalizers?.includes('foregroundDeletion')) {
      later(world, () => {
        for (const dependent of dependents(world, uid)) erase(world, dependent.key, dependent.object);
        release(world, uid, key);
      });
    }
  });
}

function later(world: World, action: () => void): void {
  world.after(20, action);
}

function dependents(world: World, uid: string): { key: string; object: Obj }[] {
  return world.store.keys().flatMap((key) => world.store.owned(key, uid).map((object) => ({ key, object })));
}

function collect(world: World, uid: string): void {
  for (const { key, object } of dependents(world, uid)) {
    const living = (object.metadata.ownerReferences ?? []).filter(
      (owner) => owner.uid !== uid && isAlive(world, owner.uid, owner.kind, owner.name, object),
    );
    if (living.length === 0) erase(world, key, object);
    else {
      change(
        world,
        key,
        object,
        (draft) => {
          draft.metadata.ownerReferences = living;
        },
        'kube-controller-manager',
      );
    }
  }
}

function isAlive(world: World, uid: string, kind: string, name: string, dependent: Obj): boolean {
  return world.resources
    .all()
    .filter((resource) => resource.kind === kind)
    .some(
      (resource) =>
        world.store.get(resource.key, resource.namespaced ? dependent.metadata.namespace : undefined, name)?.metadata
          .uid === uid,
    );
}

/** Lets an owner go that waits in the foreground, once nothing depends on it. */
function release(world: World, uid: string, knownKey?: string): void {
  if (dependents(world, uid).length > 0) return;
  for (const key of knownKey ? [knownKey] : world.store.keys()) {
    const owner = world.store.list(key).find((object) => object.metadata.uid === uid);
    if (owner?.metadata.finalizers?.includes('foregroundDeletion')) letGo(world, key, owner, 'foregroundDeletion');
  }
}

function letGo(world: World, key: string, owner: Obj, finalizer: string): void {
  change(
    world,
    key,
    owner,
    (draft) => {
      draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    },
    'kube-controller-manager',
  );
}

function orphanDependents(world: World, uid: string): void {
  for (const key of world.store.keys()) {
    for (const object of world.store.list(key)) {
      const owners = object.metadata.ownerReferences;
      if (!owners?.some((owner) => owner.uid === uid)) continue;
      const left = owners.filter((owner) => owner.uid !== uid);
      const metadata = { ...object.metadata, ownerReferences: left };
      if (left.length === 0) delete (metadata as Partial<Obj['metadata']>).ownerReferences;
      world.store.put(key, { ...object, metadata });
    }
  }
}
