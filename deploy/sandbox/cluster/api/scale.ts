import { clone, type Json, type Obj } from '../object.ts';
import type { Resource } from '../resources.ts';
import { conflict, invalid, notFound } from '../status.ts';
import { readDotted, writeDotted } from '../table/json-path.ts';
import type { World } from '../world.ts';
import { formatLabelSelector } from './label-selector.ts';
import { recordUpdate } from './managed-fields.ts';
import { replace, type WriteContext } from './write.ts';

/** The autoscaling/v1 Scale of an object. @throws ApiError 404. */
export function readScale(world: World, resource: Resource, namespace: string | undefined, name: string): Json {
  const object = world.store.get(resource.key, namespace, name);
  if (!object) throw notFound(resource, name);
  return scaleOf(resource, object);
}

function scaleOf(resource: Resource, object: Obj): Json {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const paths = resource.custom?.scale;
  const replicas = readDotted(object, paths?.specReplicasPath ?? '.spec.replicas');
  const current = readDotted(object, paths?.statusReplicasPath ?? '.status.replicas') ?? 0;
  const selector = paths
    ? paths.labelSelectorPath && readDotted(object, paths.labelSelectorPath)
    : selectorText(resource, object);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace ? { namespace } : {}), uid, resourceVersion, creationTimestamp },
    spec: replicas === undefined || replicas === 0 ? {} : { replicas },
    status: { replicas: current, ...(selector ? { selector } : {}) },
  };
}

function selectorText(resource: Resource, object: Obj): string {
  const selector =
    resource.kind === 'ReplicationController' ? { matchLabels: object.spec?.selector } : object.spec?.selector;
  return formatLabelSelector(selector);
}

/**
 * Writes the replica count through a Scale, and nothing else.
 * @throws ApiError 404, 409 for an old resourceVersion, 422 for a negative count.
 */
export function writeScale(world: World, context: WriteContext, name: string, scale: Json): Json {
  const { resource, namespace } = context;
  const current = world.store.get(resource.key, namespace, name);
  if (!current) throw notFound(resource, name);
  const replicas = scale.spec?.replicas ?? 0;
  if (!(Number.isInteger(replicas) && replicas >= 0)) {
    throw invalid('autoscaling', 'Scale', name, [
      { field: 'spec.replicas', type: 'Invalid value', value: replicas, detail: 'must be greater than or equal to 0' },
    ]);
  }
  const asked = scale.metadata?.resourceVersion;
  if (asked && asked !== current.metadata.resourceVersion) throw conflict(resource, name);
  if (scale.metadata?.uid && scale.metadata.uid !== current.metadata.uid) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${scale.metadata.uid}, UID in object meta: ${current.metadata.uid}`,
    );
  }
  const wanted = clone(current);
  writeDotted(wanted, resource.custom?.scale?.specReplicasPath ?? '.spec.replicas', replicas);
  const after = replace(world, context, current, wanted, (before, written) => {
    recordUpdate(before, written, {
      manager: context.manager,
      operation: 'Update',
      apiVersion: written.apiVersion,
      time: world.timestamp(),
      subresource: 'scale',
    });
  });
  return scaleOf(resource, after);
}
