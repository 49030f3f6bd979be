import { clone, isSame, type Json, type Obj, randomSuffix, withoutNulls } from '../object.ts';
import { groupVersionOf, type Resource } from '../resources.ts';
import { ApiError, alreadyExists, badRequest, conflict, forbidden, invalid, notFound } from '../status.ts';
import type { World } from '../world.ts';
import { applyDefaults } from './defaults.ts';
import { recordUpdate } from './managed-fields.ts';
import { prepareCreate, prepareUpdate } from './prepare.ts';
import { validate } from './validate.ts';
import { fromView } from './views.ts';

/** Who writes, through which view, and whether for real. */
export interface WriteContext {
  resource: Resource;
  namespace: string | undefined;
  manager: string;
  subresource?: 'status' | undefined;
  isDryRun?: boolean | undefined;
}

/**
 * Creates an object: names it, defaults it, validates it and stores it.
 * @throws ApiError 400, 403, 404 (no such namespace), 409 AlreadyExists, 422.
 */
export function create(world: World, context: WriteContext, body: Json): Obj {
  const { resource, namespace } = context;
  checkIdentity(resource, namespace, undefined, body);
  const object = fromView(resource, decoded(resource, body)) as Obj;
  object.metadata ??= {} as Obj['metadata'];
  const { metadata } = object;
  if (metadata.resourceVersion) {
    throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName}${randomSuffix()}`;
  if (!metadata.name) {
    throw invalid(resource.group, resource.kind, '', [
      { field: 'metadata.name', type: 'Required value', detail: 'name or generateName is required' },
    ]);
  }
  if (namespace) {
    metadata.namespace = namespace;
    checkNamespace(world, resource, namespace, metadata.name);
  }
  if (world.store.get(resource.key, namespace, metadata.name)) throw alreadyExists(resource, metadata.name);
  metadata.uid = world.newUid();
  metadata.creationTimestamp = world.timestamp();
  delete metadata.deletionTimestamp;
  delete metadata.managedFields;
  delete (metadata as Partial<Obj['metadata']>).resourceVersion;
  applyDefaults(resource.kind, object);
  prepareCreate(world, resource, object);
  validate(resource, object);
  recordUpdate(undefined, object, {
    manager: context.manager,
    operation: 'Update',
    apiVersion: groupVersionOf(resource),
    time: world.timestamp(),
  });
  return context.isDryRun ? object : world.store.put(resource.key, object);
}

/**
 * Replaces an object (or its status). What the caller may not change is kept.
 * @throws ApiError 404, 409 Conflict on an old resourceVersion, 422.
 */
export function update(world: World, context: WriteContext, name: string, body: Json): Obj {
  const { resource, namespace } = context;
  checkIdentity(resource, namespace, name, body);
  const current = world.store.get(resource.key, namespace, name);
  if (!current) throw notFound(resource, name);
  const wanted = fromView(resource, decoded(resource, body), current) as Obj;
  const { uid } = wanted.metadata;
  if (uid && uid !== current.metadata.uid) {
    const key = `/registry/${resource.plural}/${namespace ? `${namespace}/` : ''}${name}`;
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`;
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
  }
  return replace(world, context, current, wanted, (before, after) =>
    recordUpdate(before, after, {
      manager: context.manager,
      operation: 'Update',
      apiVersion: groupVersionOf(resource),
      time: world.timestamp(),
      subresource: context.subresource,
    }),
  );
}

/** The common end of PUT and PATCH: preconditions, immutable metadata, defaults, validation, generation, no-op detection, storing. */
export function replace(
  world: World,
  context: WriteContext,
  current: Obj,
  wanted: Obj,
  record: (before: Obj, after: Obj) => void,
): Obj {
  const { resource } = context;
  const { name } = current.metadata;
  const asked = wanted.metadata ?? {};
  if (asked.resourceVersion && asked.resourceVersion !== current.metadata.resourceVersion)
    throw conflict(resource, name);
  const after = prepareUpdate(resource, current, wanted, context.subresource);
  if (!context.subresource) {
    applyDefaults(resource.kind, after);
    validate(resource, after, current);
  }
  record(current, after);
  if (isSame(current, after)) return current;
  if (context.isDryRun) return after;
  world.store.put(resource.key, after);
  return finishDeletion(world, resource, after);
}

/** A private copy of what a client sent, as typed decoding would leave it. Nulls mean something in events and custom resources. */
export function decoded(resource: Resource, body: Json): Json {
  return resource.custom || resource.kind === 'Event' ? clone(body) : withoutNulls(body);
}

/** Removes an object whose deletion was asked for, once no finalizer holds it. */
export function finishDeletion(world: World, resource: Resource, object: Obj): Obj {
  return object.metadata.deletionTimestamp && !isHeld(resource, object)
    ? world.store.remove(resource.key, object)
    : object;
}

/** Whether something still has to happen before an object that is being deleted may disappear. */
export function isHeld(resource: Resource, object: Obj): boolean {
  const { finalizers, deletionGracePeriodSeconds } = object.metadata;
  if ((finalizers?.length ?? 0) > 0) return true;
  if (resource.kind === 'Pod') return (deletionGracePeriodSeconds ?? 0) > 0;
  return resource.kind === 'Namespace' && (object.spec?.finalizers?.length ?? 0) > 0;
}

/** 404 for a namespace that is not there, 403 for one that is going. Cluster-scoped callers pass none. */
export function checkNamespace(world: World, resource: Resource, namespace: string, name: string): void {
  const found = world.store.get('namespaces', undefined, namespace);
  if (!found) throw notFound({ group: '', plural: 'namespaces' }, namespace);
  if (!found.metadata.deletionTimestamp) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(resource, name, why, [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ]);
}

function checkIdentity(resource: Resource, namespace: string | undefined, name: string | undefined, body: Json): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${typeof body} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  const expected = groupVersionOf(resource);
  if (
    body.kind !== undefined &&
    body.kind !== '' &&
    (body.kind !== resource.kind || (body.apiVersion ?? expected) !== expected)
  ) {
    throw badRequest(
      `${body.kind} in version ${JSON.stringify(
        String(body.apiVersion ?? '')
          .split('/')
          .at(-1),
      )} cannot be handled as a ${resource.kind}: converting (${versionOf(body.apiVersion)}.${body.kind}) to (${resource.group.split('.')[0] || 'core'}.${resource.kind}): unknown conversion`,
    );
  }
  const { replicas } = body.spec ?? {};
  if (!resource.custom && replicas !== undefined && replicas !== null && typeof replicas !== 'number') {
    throw badRequest(
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: json: cannot unmarshal ${typeof replicas} into Go struct field ${resource.kind}Spec.spec.replicas of type int32`,
    );
  }
  body.kind = resource.kind;
  body.apiVersion = expected;
  const given = body.metadata?.namespace;
  if (given && namespace && given !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (name !== undefined && body.metadata?.name !== undefined && body.metadata.name !== name) {
    throw badRequest(`the name of the object (${body.metadata.name}) does not match the name on the URL (${name})`);
  }
  if (name !== undefined && body.metadata?.name === undefined) {
    throw new ApiError(400, 'BadRequest', 'name must be provided');
  }
}

function versionOf(apiVersion: unknown): string {
  return (
    String(apiVersion ?? '')
      .split('/')
      .at(-1) ?? ''
  );
}
