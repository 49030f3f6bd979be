/** Whether two values of plain data are equal; cheap where parts are shared. A field that is undefined counts as absent. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  return !Array.isArray(b) && haveSameFields(a as Fields, b as Fields);
}

/** The same, but for the named fields of the two objects themselves. */
export function isSameBut(a: object, b: object, ignored: string): boolean {
  return a === b || haveSameFields(a as Fields, b as Fields, ignored);
}

type Fields = Readonly<Record<string, unknown>>;

function haveSameFields(a: Fields, b: Fields, ignored?: string): boolean {
  for (const name in a) if (name !== ignored && !isSame(a[name], b[name])) return false;
  for (const name in b) if (name !== ignored && b[name] !== undefined && a[name] === undefined) return false;
  return true;
}
