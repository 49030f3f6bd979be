import { finishDeletion } from '../api/write.ts';
import type { World } from '../world.ts';
import { erase, make, toItself } from './act.ts';
import { eachKey } from './queue.ts';

/** Gives each namespace its default service account and root CA, and empties one that is going. */
export function startNamespaces(world: World): void {
  const queue = eachKey(world, [{ key: 'namespaces', toKeys: toItself }], (_, name) => {
    const namespace = world.store.get('namespaces', undefined, name);
    if (!namespace) return;
    if (!namespace.metadata.deletionTimestamp) {
      if (!world.store.get('serviceaccounts', name, 'default')) {
        make(world, 'serviceaccounts', { metadata: { name: 'default', namespace: name } }, 'kube-controller-manager');
      }
      if (!world.store.get('configmaps', name, 'kube-root-ca.crt')) {
        const data = { 'ca.crt': 'the practice cluster speaks plain HTTP\n' };
        make(
          world,
          'configmaps',
          { metadata: { name: 'kube-root-ca.crt', namespace: name }, data },
          'kube-controller-manager',
        );
      }
      return;
    }
    let isEmpty = true;
    for (const resource of world.resources.all().filter((one) => one.namespaced)) {
      for (const object of world.store.list(resource.key, name)) {
        isEmpty = false;
        if (!object.metadata.deletionTimestamp) erase(world, resource.key, object);
      }
    }
    if (!isEmpty) return queue.addAfter(name, 100);
    const resource = world.resources.find('', 'v1', 'namespaces');
    const { finalizers: _gone, ...spec } = namespace.spec ?? {};
    const emptied = world.store.put('namespaces', { ...namespace, metadata: { ...namespace.metadata }, spec });
    if (resource) finishDeletion(world, resource, emptied);
  });
}
