import { clone, isMap, type Json } from '../object.ts';
import { ApiError } from '../status.ts';
import { isSet, mergeKeyOf } from './list-keys.ts';

/**
 * Strategic merge patch, on a copy, with its directives `$patch: delete|replace|merge`, `$retainKeys`, `$setElementOrder/x` and
 * `$deleteFromPrimitiveList/x`.
 * @throws ApiError 500, as the real server answers, for an item without its merge key.
 */
export function applyStrategicPatch(target: Json, patch: Json): Json {
  return mergeMap(target, patch, undefined);
}

function mergeMap(target: Json, patch: Record<string, Json>, name: string | undefined): Json {
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  if (patch.$patch === 'delete') return {};
  const out: Record<string, Json> = isMap(target) ? { ...target } : {};
  if (Array.isArray(patch.$retainKeys)) {
    for (const key of Object.keys(out)) if (!patch.$retainKeys.includes(key)) delete out[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete out[key];
    else if (Array.isArray(value)) out[key] = mergeList(out[key], value, key, name);
    else if (isMap(value)) out[key] = mergeMap(out[key], value, key);
    else out[key] = value;
  }
  for (const [key, order] of Object.entries(patch)) {
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice('$deleteFromPrimitiveList/'.length);
      if (Array.isArray(out[field])) out[field] = out[field].filter((item: Json) => !order.includes(item));
    }
    if (key.startsWith('$setElementOrder/')) {
      const field = key.slice('$setElementOrder/'.length);
      if (Array.isArray(out[field])) out[field] = reorder(out[field], order, mergeKeyOf(field, name));
    }
  }
  return out;
}

function mergeList(target: Json, patch: Json[], field: string, parent: string | undefined): Json[] {
  const key = mergeKeyOf(field, parent);
  const current: Json[] = Array.isArray(target) ? target : [];
  if (isSet(field)) return [...new Set([...current, ...patch])];
  if (
    key === undefined ||
    patch.some((item) => isMap(item) && item.$patch === 'replace' && Object.keys(item).length === 1)
  ) {
    return patch.filter((item) => !(isMap(item) && item.$patch === 'replace')).map(withoutDirectives);
  }
  const out = [...current];
  for (const item of patch) {
    if (!isMap(item) || item[key] === undefined) {
      const text = isMap(item)
        ? `map[${Object.entries(item)
            .map(([field, inner]) => `${field}:${inner}`)
            .join(' ')}]`
        : String(item);
      throw new ApiError(500, '', `map: ${text} does not contain declared merge key: ${key}`);
    }
    const at = out.findIndex((existing) => existing[key] === item[key]);
    if (item.$patch === 'delete') {
      if (at >= 0) out.splice(at, 1);
    } else if (at >= 0) out[at] = mergeMap(out[at], item, field);
    else out.push(withoutDirectives(item));
  }
  return out;
}

function reorder(list: Json[], order: Json[], key: string | undefined): Json[] {
  const rank = (item: Json): number =>
    order.findIndex((wanted) => (key === undefined ? wanted === item : wanted[key] === item[key]));
  const placed = list.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  // Items that the patch's author did not know keep their place relative to the item before them.
  list.forEach((item, index) => {
    if (rank(item) >= 0) return;
    const before = index === 0 ? -1 : placed.indexOf(list[index - 1]);
    placed.splice(before + 1, 0, item);
  });
  return placed;
}

function withoutDirectives(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isMap(value)) return clone(value);
  const out: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith('$') || inner === null) continue;
    out[key] = withoutDirectives(inner);
  }
  return out;
}
