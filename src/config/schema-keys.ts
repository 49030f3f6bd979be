import { z } from 'zod';

/** A schema without the wrappers that do not change its keys: defaults and optionals. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional) inner = inner.unwrap();
  return inner;
}

/** The keys that a map at `path` may hold; none when its keys are free, as aliases are. */
export function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let inner = unwrap(schema);
  for (const step of path) {
    if (inner instanceof z.ZodObject) inner = unwrap(inner.shape[String(step)] ?? z.never());
    else if (inner instanceof z.ZodRecord) inner = unwrap(inner.valueType);
    else if (inner instanceof z.ZodArray) inner = unwrap(inner.element);
  }
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}
