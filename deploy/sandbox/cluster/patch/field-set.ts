import { isMap, isSame, type Json } from '../object.ts';
import { isSet, mapKeysOf } from './list-keys.ts';

/**
 * Which fields an object has, each as a path of FieldsV1 steps (`f:spec`, `k:{"name":"web"}`, `v:"x"`, and `.` for an item itself),
 * joined by a newline, with the value found there. Atomic lists and leaf values are one path each.
 */
export type FieldSet = Map<string, Json>;

const JOIN = '\n';
const NEVER_OWNED = new Set(['apiVersion', 'kind', 'status']);
const META_NEVER_OWNED = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/** Maps that have one owner as a whole. */
const ATOMIC = new Set(['selector', 'nodeSelector']);

/** The fields of an object that somebody can own; `status` ones only when asked. */
export function fieldsOf(object: Json, which: 'main' | 'status' = 'main'): FieldSet {
  const set: FieldSet = new Map();
  if (which === 'status') {
    if (object.status !== undefined) walk(set, 'f:status', object.status, 'status', undefined);
    return set;
  }
  for (const [key, value] of Object.entries(object)) {
    if (NEVER_OWNED.has(key)) continue;
    if (key === 'metadata') {
      for (const [field, inner] of Object.entries(value as object)) {
        if (!META_NEVER_OWNED.has(field)) walk(set, `f:metadata${JOIN}f:${field}`, inner, field, 'metadata');
      }
    } else walk(set, `f:${key}`, value, key, undefined);
  }
  return set;
}

function walk(set: FieldSet, path: string, value: Json, field: string, parent: string | undefined): void {
  if (value === undefined || value === null) return;
  if (isMap(value) && Object.keys(value).length > 0 && !ATOMIC.has(field)) {
    for (const [key, inner] of Object.entries(value)) walk(set, `${path}${JOIN}f:${key}`, inner, key, field);
    return;
  }
  const keys = Array.isArray(value) ? mapKeysOf(field, parent) : undefined;
  if (Array.isArray(value) && isSet(field)) {
    for (const item of value) set.set(`${path}${JOIN}v:${JSON.stringify(item)}`, item);
    return;
  }
  if (keys === undefined || !Array.isArray(value) || value.length === 0) {
    set.set(path, value);
    return;
  }
  for (const item of value) {
    const step = `k:${JSON.stringify(Object.fromEntries(keys.map((key) => [key, item[key] ?? defaultKey(key)]).filter((pair) => pair[1] !== undefined)))}`;
    set.set(`${path}${JOIN}${step}${JOIN}.`, null);
    for (const [key, inner] of Object.entries(item))
      walk(set, `${path}${JOIN}${step}${JOIN}f:${key}`, inner, key, field);
  }
}

function defaultKey(key: string): string | undefined {
  return key === 'protocol' ? 'TCP' : undefined;
}

/** Paths whose value is new or different in `after`. */
export function changedPaths(before: FieldSet, after: FieldSet): string[] {
  const out: string[] = [];
  for (const [path, value] of after) if (!before.has(path) || !isSame(before.get(path), value)) out.push(path);
  return out;
}

export function toFieldsV1(paths: Iterable<string>): Record<string, Json> {
  const root: Record<string, Json> = {};
  for (const path of paths) {
    let at = root;
    for (const step of path.split(JOIN)) {
      at[step] ??= {};
      at = at[step];
    }
  }
  return root;
}

export function fromFieldsV1(fields: Record<string, Json> | undefined): Set<string> {
  const out = new Set<string>();
  const visit = (node: Record<string, Json>, path: string[]): void => {
    const keys = Object.keys(node);
    if (keys.length === 0) out.add(path.join(JOIN));
    for (const key of keys) visit(node[key], [...path, key]);
  };
  if (fields) visit(fields, []);
  out.delete('');
  return out;
}

/** A path as conflict messages print it: `.spec.template.spec.containers[name="web"].image`. */
export function readablePath(path: string): string {
  return path
    .split(JOIN)
    .filter((step) => step !== '.')
    .map((step) => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
      const keys = JSON.parse(step.slice(2)) as Record<string, Json>;
      return `[${Object.entries(keys)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`;
    })
    .join('');
}

/** Takes the field at a path out of an object, in place; does nothing where it is absent. */
export function removePath(object: Json, path: string): void {
  const steps = path.split(JOIN);
  let at = object;
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    const isItem = steps[index + 1] === '.' && index + 2 === steps.length;
    if (step.startsWith('f:')) {
      if (!isMap(at)) return;
      if (isLast) delete at[step.slice(2)];
      else at = at[step.slice(2)];
    } else if (Array.isArray(at)) {
      const found = at.findIndex((item: Json) => matches(item, step));
      if (found < 0) return;
      if (isLast || isItem) {
        at.splice(found, 1);
        return;
      }
      at = at[found];
    } else return;
  }
}

function matches(item: Json, step: string): boolean {
  const wanted = JSON.parse(step.slice(2));
  if (step.startsWith('v:')) return isSame(item, wanted);
  return Object.entries(wanted).every(([key, value]) => (item[key] ?? defaultKey(key)) === value);
}
