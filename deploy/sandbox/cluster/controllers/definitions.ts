import type { Json, Obj } from '../object.ts';
import { CUSTOM_VERBS, type Resource } from '../resources.ts';
import type { World } from '../world.ts';
import { writeStatus } from './act.ts';

const KEY = 'customresourcedefinitions.apiextensions.k8s.io';

/** Serves what CustomResourceDefinitions define, from the moment they are stored. */
export function startDefinitions(world: World): void {
  world.store.listen(KEY, ({ type, object, previous }) => {
    if (type === 'DELETED') {
      const [resource] = resourcesOf(object);
      for (const custom of resource ? world.store.list(resource.key) : [])
        world.store.remove(resource?.key as string, custom);
      world.resources.setCustom(object.metadata.name, []);
      return;
    }
    world.resources.setCustom(object.metadata.name, resourcesOf(object));
    if (!previous || !object.status?.conditions) world.after(5, () => establish(world, object));
  });
}

function establish(world: World, definition: Obj): void {
  const current = world.store.get(KEY, undefined, definition.metadata.name);
  if (!current) return;
  const now = world.timestamp();
  const condition = (type: string, reason: string, message: string): Json => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    reason,
    message,
  });
  writeStatus(
    world,
    KEY,
    current,
    {
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: current.spec.names,
      storedVersions: (current.spec.versions ?? [])
        .filter((version: Json) => version.storage)
        .map((version: Json) => version.name),
    },
    'kube-apiserver',
  );
}

function resourcesOf(definition: Obj): Resource[] {
  const { group, names, scope, versions } = definition.spec ?? {};
  return (versions ?? [])
    .filter((version: Json) => version.served)
    .map((version: Json): Resource => {
      const { scale, status } = version.subresources ?? {};
      return {
        group,
        version: version.name,
        plural: names.plural,
        singular: names.singular,
        kind: names.kind,
        shortNames: names.shortNames ?? [],
        namespaced: scope === 'Namespaced',
        categories: names.categories ?? [],
        subresources: [...(status ? ['status'] : []), ...(scale ? ['scale'] : [])],
        verbs: CUSTOM_VERBS,
        key: `${names.plural}.${group}`,
        custom: { scale, columns: version.additionalPrinterColumns ?? [] },
      };
    });
}
