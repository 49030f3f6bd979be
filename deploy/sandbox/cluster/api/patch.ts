import { parse as parseYaml } from 'yaml';
import { clone, type Json, type Obj } from '../object.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicPatch } from '../patch/strategic.ts';
import { groupVersionOf, type Resource } from '../resources.ts';
import { ApiError, badRequest, invalid, notFound, unsupportedMediaType } from '../status.ts';
import type { World } from '../world.ts';
import { applyConfiguration } from './apply.ts';
import { recordUpdate, type Writer } from './managed-fields.ts';
import { fromView, toView } from './views.ts';
import { create, decoded, replace, type WriteContext } from './write.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

const ALL_TYPES = [JSON_PATCH, MERGE, STRATEGIC, APPLY];

export interface PatchRequest {
  contentType: string;
  text: string;
  /** Server-side apply: take conflicting fields over. */
  force: boolean;
  /** Whether the client named its field manager; apply demands it. */
  isManagerGiven: boolean;
}

/**
 * Any of the four patches. Server-side apply creates what is not there.
 * @returns the object and whether it is new.
 * @throws ApiError 400, 404, 409, 415 (a strategic patch of a custom resource, an unknown type), 422.
 */
export function patch(
  world: World,
  context: WriteContext,
  name: string,
  request: PatchRequest,
): { object: Obj; isNew: boolean } {
  const { resource, namespace } = context;
  const contentType = request.contentType.split(';')[0]?.trim() ?? '';
  const accepted = resource.custom ? [JSON_PATCH, MERGE, APPLY] : ALL_TYPES;
  if (!ALL_TYPES.includes(contentType))
    throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  if (!accepted.includes(contentType)) throw unsupportedMediaType(accepted);
  const current = world.store.get(resource.key, namespace, name);
  if (contentType === APPLY) return applyServerSide(world, context, name, request, current);
  if (!current) throw notFound(resource, name);

  const body = parseJson(request.text, 'error decoding patch: ');
  const view = toView(resource, current);
  const patched = patchValue(contentType, view, body);
  if (patched?.metadata?.name !== name) {
    throw invalid(resource.group, resource.kind, name, [
      {
        field: 'metadata.name',
        type: 'Invalid value',
        value: patched?.metadata?.name ?? '',
        detail: 'field is immutable',
      },
    ]);
  }
  const wanted = fromView(resource, decoded(resource, patched), current) as Obj;
  if (patched.metadata.uid !== current.metadata.uid) {
    const error = {
      field: 'metadata.uid',
      type: 'Invalid value',
      value: patched.metadata.uid,
      detail: 'field is immutable',
    } as const;
    throw invalid(resource.group, resource.kind, name, [error, error]);
  }
  // Two clients that patch at once do not conflict unless they said which version they mean.
  if (wanted.metadata.resourceVersion === undefined) wanted.metadata.resourceVersion = current.metadata.resourceVersion;
  const writer = writerOf(world, context, 'Update');
  const object = replace(world, context, current, wanted, (before, after) => recordUpdate(before, after, writer));
  return { object, isNew: false };
}

/** The patched value, untouched by any store. @throws ApiError 400 or 422 for a patch that does not apply. */
export function patchValue(contentType: string, value: Json, body: Json): Json {
  if (contentType === JSON_PATCH) return applyJsonPatch(value, body);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  }
  return clone(contentType === MERGE ? applyMergePatch(value, body) : applyStrategicPatch(value, body));
}

function applyServerSide(
  world: World,
  context: WriteContext,
  name: string,
  request: PatchRequest,
  current: Obj | undefined,
): { object: Obj; isNew: boolean } {
  const { resource, namespace } = context;
  if (!request.isManagerGiven) {
    throw invalid('meta.k8s.io', 'PatchOptions', '', [
      { field: 'fieldManager', type: 'Required value', detail: 'is required for apply patch' },
    ]);
  }
  const body = parseYamlObject(request.text);
  if (body.apiVersion === undefined || body.kind === undefined) {
    throw badRequest('invalid object type: /, Kind=');
  }
  if (body.metadata?.managedFields?.length > 0) {
    throw badRequest('metadata.managedFields must be nil');
  }
  if (body.metadata?.name !== undefined && body.metadata.name !== name) {
    throw badRequest(`the name of the object (${body.metadata.name}) does not match the name on the URL (${name})`);
  }
  body.metadata = { ...body.metadata, name, ...(namespace ? { namespace } : {}) };
  const writer = writerOf(world, context, 'Apply');
  if (!current) {
    if (context.subresource) throw notFound(resource, name);
    const dry = create(world, { ...context, isDryRun: true }, body);
    const bare = { ...dry, metadata: { ...dry.metadata } };
    delete bare.metadata.managedFields;
    const applied = applyConfiguration(bare, fromView(resource, clone(body)), writer, true);
    return { object: context.isDryRun ? applied : world.store.put(resource.key, applied), isNew: true };
  }
  const wanted = fromView(resource, clone(body), current) as Obj;
  const merged = applyConfiguration(current, wanted, writer, request.force);
  if (wanted.metadata.resourceVersion)
    merged.metadata = { ...merged.metadata, resourceVersion: wanted.metadata.resourceVersion };
  const managers = merged.metadata.managedFields;
  const object = replace(world, context, current, clone(merged), (_, after) => {
    if (managers) after.metadata.managedFields = managers;
  });
  return { object, isNew: false };
}

function writerOf(world: World, context: WriteContext, operation: Writer['operation']): Writer {
  return {
    manager: context.manager,
    operation,
    apiVersion: groupVersionOf(context.resource as Resource),
    time: world.timestamp(),
    subresource: context.subresource,
  };
}

export function parseJson(text: string, prefix: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    const isCut = /end of JSON|end of input|position \d+ .*column/i.test(error instanceof Error ? error.message : '');
    throw badRequest(
      `${prefix}${isCut ? 'unexpected end of JSON input' : 'invalid character looking for beginning of value'}`,
    );
  }
}

function parseYamlObject(text: string): Json {
  let body: Json;
  try {
    body = text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : 'not YAML'}`);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('error decoding YAML: not an object');
  return body;
}
