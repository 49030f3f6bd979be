import { clone, isMap, isSame, type Json } from '../object.ts';
import { ApiError, badRequest } from '../status.ts';

interface Operation {
  op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  path: string;
  from?: string;
  value?: Json;
}

/**
 * RFC 6902, on a copy.
 * @throws ApiError 400 for a malformed patch; 422 for one that cannot be applied, a failed `test` included, as the API server answers.
 */
export function applyJsonPatch(target: Json, patch: unknown): Json {
  if (!Array.isArray(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  let root = clone(target);
  for (const operation of patch as Operation[]) {
    const path = pointer(operation.path);
    switch (operation.op) {
      case 'add':
        root = add(root, path, clone(operation.value), operation);
        break;
      case 'remove':
        root = remove(root, path, operation);
        break;
      case 'replace':
        if (path.length > 0) read(root, path, operation);
        root = path.length === 0 ? clone(operation.value) : replace(root, path, clone(operation.value), operation);
        break;
      case 'move': {
        const from = pointer(operation.from ?? '');
        const value = read(root, from, operation);
        root = add(remove(root, from, operation), path, value, operation);
        break;
      }
      case 'copy':
        root = add(root, path, clone(read(root, pointer(operation.from ?? ''), operation)), operation);
        break;
      case 'test': {
        let value: Json;
        try {
          value = read(root, path, operation);
        } catch (error) {
          if (operation.value !== null) throw error;
          value = null;
        }
        if (!isSame(value ?? null, operation.value ?? null))
          throw refused(`testing value ${operation.path} failed: test failed`);
        break;
      }
      default:
        throw badRequest(`Unexpected kind: ${String(operation.op)}`);
    }
  }
  return root;
}

function refused(message: string): ApiError {
  const text = 'the server rejected our request due to an error in our request';
  return new ApiError(422, 'Invalid', text, { causes: [{ message }] });
}

function pointer(path: string): string[] {
  if (path === '') return [];
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function missing(operation: Operation): ApiError {
  return refused(`${operation.op} operation does not apply: doc is missing path: "${operation.path}": missing value`);
}

function read(root: Json, path: string[], operation: Operation): Json {
  let at = root;
  for (const part of path) {
    if (Array.isArray(at)) at = at[Number(part)];
    else if (isMap(at) && Object.hasOwn(at, part)) at = at[part];
    else throw missing(operation);
    if (at === undefined) throw missing(operation);
  }
  return at;
}

function parentOf(root: Json, path: string[], operation: Operation): [Json, string] {
  return [read(root, path.slice(0, -1), operation), path.at(-1) as string];
}

function add(root: Json, path: string[], value: Json, operation: Operation): Json {
  if (path.length === 0) return value;
  const [parent, key] = parentOf(root, path, operation);
  if (Array.isArray(parent)) {
    const index = key === '-' ? parent.length : Number(key);
    if (!(index >= 0 && index <= parent.length)) throw missing(operation);
    parent.splice(index, 0, value);
  } else if (isMap(parent)) parent[key] = value;
  else throw missing(operation);
  return root;
}

function replace(root: Json, path: string[], value: Json, operation: Operation): Json {
  const [parent, key] = parentOf(root, path, operation);
  parent[key] = value;
  return root;
}

function remove(root: Json, path: string[], operation: Operation): Json {
  const [parent, key] = parentOf(root, path, operation);
  read(root, path, operation);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return root;
}
