import { isMap, type Json } from '../object.ts';

/**
 * The part of JSONPath that CustomResourceDefinitions use: `.a.b`, `.a['b.c']`, `.list[0]`, `.list[*].x`, `.list[?(@.type=="Ready")].status`.
 * @returns every match, none for a missing field.
 */
export function evaluatePath(object: Json, path: string): Json[] {
  const steps = path.match(/\['[^']*'\]|\["[^"]*"\]|\[\?\(.*?\)\]|\[[^\]]*\]|\.[^.[\]]+/g) ?? [];
  let found: Json[] = [object];
  for (const step of steps) {
    found = found.flatMap((value) => follow(value, step)).filter((value) => value !== undefined && value !== null);
  }
  return found;
}

function follow(value: Json, step: string): Json[] {
  if (step.startsWith('.')) return isMap(value) ? [value[step.slice(1).replaceAll('\\', '')]] : [];
  const inner = step.slice(1, -1);
  const quoted = /^(['"])(.*)\1$/.exec(inner);
  if (quoted) return isMap(value) ? [value[quoted[2] as string]] : [];
  if (inner === '*') return Array.isArray(value) ? value : isMap(value) ? Object.values(value) : [];
  const filter = /^\?\(\s*@\.([\w.]+)\s*(==|!=)\s*["']?([^"')]*)["']?\s*\)$/.exec(inner);
  if (filter && Array.isArray(value)) {
    const [, field, operator, wanted] = filter as unknown as [string, string, string, string];
    return value.filter((item) => (String(evaluatePath(item, `.${field}`)[0]) === wanted) === (operator === '=='));
  }
  const index = Number(inner);
  return Array.isArray(value) && Number.isInteger(index) ? [value.at(index)] : [];
}

/** Reads one dotted path such as `.spec.replicas`, as scale subresources name their fields. */
export function readDotted(object: Json, path: string): Json {
  return path
    .split('.')
    .filter((part) => part !== '')
    .reduce<Json>((at, part) => at?.[part], object);
}

/** Sets one dotted path in place, making the objects on the way. */
export function writeDotted(object: Json, path: string, value: Json): void {
  const parts = path.split('.').filter((part) => part !== '');
  let at = object;
  for (const part of parts.slice(0, -1)) {
    at[part] ??= {};
    at = at[part];
  }
  at[parts.at(-1) as string] = value;
}
