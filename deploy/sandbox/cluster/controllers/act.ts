import { type DeleteOptions, remove } from '../api/delete.ts';
import { recordStatus, recordUpdate } from '../api/managed-fields.ts';
import { prepareUpdate } from '../api/prepare.ts';
import { create, finishDeletion } from '../api/write.ts';
import { clone, isSame, type Json, keyOf, type Obj, type OwnerReference, randomSuffix } from '../object.ts';
import { groupVersionOf, type Resource } from '../resources.ts';
import { ApiError } from '../status.ts';
import type { Change } from '../store.ts';
import type { World } from '../world.ts';

/** The built-in resource behind a storage key. @throws Error when there is none: a programming mistake. */
export function resourceOf(world: World, key: string): Resource {
  const found = world.resources.all().find((resource) => resource.key === key);
  if (!found) throw new Error(`no resource is stored under ${key}`);
  return found;
}

/** Creates an object; undefined when it exists already or its namespace is going, which controllers simply see again later. */
export function make(world: World, key: string, object: Json, manager: string): Obj | undefined {
  try {
    return create(world, { resource: resourceOf(world, key), namespace: object.metadata.namespace, manager }, object);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** Writes a status if it differs. */
export function writeStatus(world: World, key: string, object: Obj, status: Json, manager: string): Obj {
  if (isSame(object.status, status)) return object;
  const after: Obj = { ...object, metadata: { ...object.metadata }, status };
  recordStatus(after, { manager, operation: 'Update', apiVersion: object.apiVersion, time: world.timestamp() });
  return world.store.put(key, after);
}

/** Changes anything but the status of the newest version, as the named manager. */
export function change(world: World, key: string, object: Obj, edit: (draft: Obj) => void, manager: string): Obj {
  const current = world.store.get(key, object.metadata.namespace, object.metadata.name);
  if (!current) return object;
  const draft = clone(current);
  edit(draft);
  const resource = resourceOf(world, key);
  const after = prepareUpdate(resource, current, draft, undefined);
  if (isSame(current, after)) return current;
  recordUpdate(current, after, {
    manager,
    operation: 'Update',
    apiVersion: groupVersionOf(resource),
    time: world.timestamp(),
  });
  return finishDeletion(world, resource, world.store.put(key, after));
}

export function erase(world: World, key: string, object: Obj, options: DeleteOptions = {}): void {
  if (!world.store.get(key, object.metadata.namespace, object.metadata.name)) return;
  remove(world, resourceOf(world, key), object.metadata.namespace, object.metadata.name, options);
}

export function ownerReference(owner: Obj): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The `ns/name` of the controller of a changed object, if it is of this kind; both before and after the change. */
export function toController(kind: string): (change: Change) => (string | undefined)[] {
  return ({ object }) => {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.controller && reference.kind === kind);
    return [owner && `${object.metadata.namespace}/${owner.name}`];
  };
}

export const toItself = ({ object }: Change): string[] => [keyOf(object)];

/** A new pod from a template, owned by its controller. */
export function podFrom(owner: Obj, template: Json, name: string, labels: Record<string, string> = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: owner.metadata.namespace,
      labels: { ...template.metadata?.labels, ...labels },
      ...(template.metadata?.annotations ? { annotations: { ...template.metadata.annotations } } : {}),
      ownerReferences: [ownerReference(owner)],
    },
    spec: clone(template.spec),
  };
}

const EVENTS_KEPT = 4_000;

export interface EventNote {
  about: Obj;
  type?: 'Normal' | 'Warning';
  reason: string;
  message: string;
  component: string;
  host?: string | undefined;
  fieldPath?: string | undefined;
}

/** Records an event; the same words about the same object again only raise its count, as client-go's recorder does. */
export function note(world: World, event: EventNote): void {
  const { about } = event;
  const { store } = world;
  const namespace = about.metadata.namespace ?? 'default';
  const memory = memoryOf(world);
  const sameness = [about.metadata.uid, event.reason, event.message, event.fieldPath ?? ''].join('\n');
  const now = world.timestamp();
  const known = memory.get(sameness);
  const existing = known ? store.get('events', namespace, known.name) : undefined;
  if (existing) {
    store.put('events', {
      ...existing,
      metadata: { ...existing.metadata },
      count: existing.count + 1,
      lastTimestamp: now,
    });
    return;
  }
  if (
    !store.get('namespaces', undefined, namespace) ||
    store.get('namespaces', undefined, namespace)?.metadata.deletionTimestamp
  )
    return;
  const name = `${about.metadata.name}.${Math.floor(world.clock() * 1_000).toString(16)}${randomSuffix(4)}`;
  const source = { component: event.component, ...(event.host ? { host: event.host } : {}) };
  store.put('events', {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name, namespace, uid: world.newUid(), resourceVersion: '', creationTimestamp: now },
    involvedObject: {
      kind: about.kind,
      ...(about.metadata.namespace ? { namespace } : {}),
      name: about.metadata.name,
      uid: about.kind === 'Node' ? about.metadata.name : about.metadata.uid,
      apiVersion: about.apiVersion,
      resourceVersion: about.metadata.resourceVersion,
      ...(event.fieldPath ? { fieldPath: event.fieldPath } : {}),
    },
    reason: event.reason,
    message: event.message,
    source,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type: event.type ?? 'Normal',
    eventTime: null,
    reportingComponent: event.component,
    reportingInstance: event.host ?? '',
  });
  memory.set(sameness, { namespace, name });
  if (memory.size > EVENTS_KEPT) forgetOldest(world, memory);
}

interface EventName {
  namespace: string;
  name: string;
}

const memories = new WeakMap<World, Map<string, EventName>>();

function memoryOf(world: World): Map<string, EventName> {
  const memory = memories.get(world) ?? new Map<string, EventName>();
  memories.set(world, memory);
  return memory;
}

// Real events live an hour; here a busy hour must not fill the memory either.
function forgetOldest(world: World, memory: Map<string, EventName>): void {
  const [sameness, { namespace, name }] = memory.entries().next().value as [string, EventName];
  memory.delete(sameness);
  const old = world.store.get('events', namespace, name);
  if (old) world.store.remove('events', old);
}
