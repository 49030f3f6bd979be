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
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  let root = clone(target);
  for (const operation of patch as Operation[]) {
    const path = pointer(operation.path);
    switch (operation.op) {
      case 'add':
        root = add(root, path, clone(operation.value));
        break;
      case 'remove':
        root = remove(root, path);
        break;
      case 'replace':
        if (path.length > 0) read(root, path);
        root = path.length === 0 ? clone(operation.value) : replace(root, path, clone(operation.value));
        break;
      case 'move': {
        const from = pointer(operation.from ?? '');
        const value = read(root, from);
        root = add(remove(root, from), path, value);
        break;
      }
      case 'copy':
        root = add(root, path, clone(read(root, pointer(operation.from ?? ''))));
        break;
      case 'test': {
        let value: Json;
        try {
          value = read(root, path);
        } catch (error) {
          if (operation.value !== null) throw error;
          value = null;
        }
        if (!isSame(value ?? null, operation.value ?? null)) throw refused();
        break;
      }
      default:
        throw badRequest(`Unexpected kind: ${String(operation.op)}`);
    }
  }
  return root;
}

// The API server does not say which operation it was.
function refused(): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

function pointer(path: string): string[] {
  if (path === '') return [];
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(root: Json, path: string[]): Json {
  let at = root;
  for (const part of path) {
    if (Array.isArray(at)) at = at[Number(part)];
    else if (isMap(at) && Object.hasOwn(at, part)) at = at[part];
    else throw refused();
    if (at === undefined) throw refused();
  }
  return at;
}

function parentOf(root: Json, path: string[]): [Json, string] {
  return [read(root, path.slice(0, -1)), path.at(-1) as string];
}

function add(root: Json, path: string[], value: Json): Json {
  if (path.length === 0) return value;
  const [parent, key] = parentOf(root, path);
  if (Array.isArray(parent)) {
    const index = key === '-' ? parent.length : Number(key);
    if (!(index >= 0 && index <= parent.length)) throw refused();
    parent.splice(index, 0, value);
  } else if (isMap(parent)) parent[key] = value;
  else throw refused();
  return root;
}

function replace(root: Json, path: string[], value: Json): Json {
  const [parent, key] = parentOf(root, path);
  parent[key] = value;
  return root;
}

function remove(root: Json, path: string[]): Json {
  const [parent, key] = parentOf(root, path);
  read(root, path);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return root;
}
