import { isStoredView, toView } from '../api/views.ts';
import type { Json, Obj } from '../object.ts';
import { groupVersionOf, type Resource } from '../resources.ts';
import { tableOf } from '../table/table.ts';
import type { World } from '../world.ts';

/** In what shape a client wants objects, from its Accept header. */
export interface Format {
  shape: 'object' | 'table' | 'metadata';
  /** For tables: what each row carries of its object. */
  include: 'Metadata' | 'Object' | 'None';
}

/** Picks the first shape that is served; a client that accepts no JSON at all gets JSON all the same, as few ever ask. */
export function formatOf(accept: string | undefined, includeObject: string | null): Format {
  const include = includeObject === 'Object' || includeObject === 'None' ? includeObject : 'Metadata';
  for (const part of (accept ?? '').split(',')) {
    const parameters = part.split(';').map((text) => text.trim());
    if (!/^(application\/json|application\/\*|\*\/\*)$/.test(parameters[0] ?? '')) continue;
    const as = parameters.find((text) => text.startsWith('as='))?.slice(3);
    const version = parameters.find((text) => text.startsWith('v='))?.slice(2);
    if (as === undefined) return { shape: 'object', include };
    if (version !== 'v1') continue;
    if (as === 'Table') return { shape: 'table', include };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { shape: 'metadata', include };
  }
  return { shape: 'object', include };
}

const cache = new WeakMap<Obj, string>();

/** The object's fields after kind and apiVersion. Stored objects never change, so each version is printed once however many ask. */
function innerOf(object: Obj): string {
  let text = cache.get(object);
  if (text === undefined) {
    const { kind: _k, apiVersion: _v, ...rest } = object;
    text = JSON.stringify(rest).slice(1);
    cache.set(object, text);
  }
  return text;
}

function fullOf(resource: Resource, object: Obj): string {
  const head = `{"kind":${JSON.stringify(resource.kind)},"apiVersion":"${groupVersionOf(resource)}",`;
  return head + innerOf(isStoredView(resource) ? object : toView(resource, object));
}

/** One object as JSON text. */
export function renderObject(world: World, resource: Resource, object: Obj, format: Format): string {
  if (format.shape === 'table') {
    return JSON.stringify(
      tableOf(world, resource, [object], format.include, { resourceVersion: object.metadata.resourceVersion }),
    );
  }
  return format.shape === 'metadata' ? JSON.stringify(partial(object)) : fullOf(resource, object);
}

export interface ListMeta {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** A list as JSON text. Items of built-in lists carry no kind, as the real ones. */
export function renderList(
  world: World,
  resource: Resource,
  items: readonly Obj[],
  meta: ListMeta,
  format: Format,
): string {
  if (format.shape === 'table') return JSON.stringify(tableOf(world, resource, items, format.include, meta));
  if (format.shape === 'metadata') {
    return JSON.stringify({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: meta,
      items: items.map(partial),
    });
  }
  const texts = items.map((item) =>
    resource.custom ? fullOf(resource, item) : `{${innerOf(isStoredView(resource) ? item : toView(resource, item))}`,
  );
  const listMeta = JSON.stringify(resource.custom ? { continue: '', ...meta } : meta);
  const head = `{"kind":"${resource.kind}List","apiVersion":"${groupVersionOf(resource)}","metadata":${listMeta}`;
  return `${head},"items":[${texts.join(',')}]}`;
}

/** A watch event as one line of JSON text. */
export function renderEvent(
  world: World,
  resource: Resource,
  type: string,
  object: Obj,
  format: Format,
  isFirst: boolean,
): string {
  if (format.shape === 'table') {
    const table = tableOf(world, resource, [object], format.include, {
      resourceVersion: object.metadata.resourceVersion,
    });
    // Columns are sent once per watch.
    if (!isFirst) table.columnDefinitions = null;
    return `${JSON.stringify({ type, object: table })}\n`;
  }
  const text = format.shape === 'metadata' ? JSON.stringify(partial(object)) : fullOf(resource, object);
  return `{"type":"${type}","object":${text}}\n`;
}

export function partial(object: Obj): Json {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
