import { redactText } from './text.ts';

/**
 * A JSON value with every string in it redacted; the very same value when there was nothing to hide.
 * @param exempt names of fields that are left alone with all below them: our own opaque ids.
 */
export function redactValue<T>(value: T, exempt: ReadonlySet<string> = NOTHING): T {
  return walk(value, exempt) as T;
}

const NOTHING: ReadonlySet<string> = new Set();

function walk(value: unknown, exempt: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) {
    const copy = value.map((item) => walk(item, exempt));
    return copy.every((item, index) => item === value[index]) ? value : copy;
  }
  return walkFields(value as Readonly<Record<string, unknown>>, exempt);
}

function walkFields(value: Readonly<Record<string, unknown>>, exempt: ReadonlySet<string>): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const field of Object.keys(value)) {
    if (exempt.has(field)) continue;
    const clean = walk(value[field], exempt);
    if (clean === value[field]) continue;
    copy ??= { ...value };
    copy[field] = clean;
  }
  return copy ?? value;
}
