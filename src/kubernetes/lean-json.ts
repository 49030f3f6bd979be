import type { KubeObject } from './cluster.ts';

/**
 * Reads API objects for those who keep only a few fields of many objects. Two things make a large list expensive: `managedFields`, a third of
 * the bytes and of no use here, and the whole list standing in memory before the first object can be let go.
 *
 * What is searched for cannot stand inside a JSON string, where each quotation mark has a backslash before it. Whatever looks otherwise than
 * a Go API server writes it is parsed as a whole: the shortcut saves work, it never changes the result.
 */
export interface LeanList {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  /** Parsed one by one as they are asked for; without `managedFields`. */
  readonly items: Iterable<KubeObject>;
}

const MANAGED = ',"managedFields":[';
/** managedFields is the last field of its metadata, and the entries hold no list that ends an object. */
const MANAGED_END = ']},"';
const ITEMS = '"items":[';
/** Typed items begin so; in the middle of an item it may occur, too. */
const NEXT_ITEM = '},{"metadata":{"name":"';

/** @throws SyntaxError when the text is not JSON. */
export function parseLean<T>(text: string): T {
  const from = text.indexOf(MANAGED);
  const to = from < 0 ? -1 : text.indexOf(MANAGED_END, from + MANAGED.length);
  if (to < 0) return JSON.parse(text) as T;
  // One object has one metadata with managedFields; where there are more, none of them is simple.
  const lean = parsed<T>(text.slice(0, from) + text.slice(to + 1));
  return lean ?? (JSON.parse(text) as T);
}

/** @throws SyntaxError when the text is not JSON; for what stands in the items, when they are reached. */
export function parseLeanList(text: string): LeanList {
  const at = text.startsWith('{"kind":') ? text.indexOf(ITEMS) : -1;
  const head = at < 0 ? undefined : parsed<{ metadata?: LeanList['metadata'] }>(`${text.slice(0, at)}"items":[]}`);
  const end = text.lastIndexOf(']}');
  const begin = at + ITEMS.length;
  if (head?.metadata !== undefined && end >= begin && text.slice(end + 2).trim() === '')
    return { metadata: head.metadata, items: itemsIn(text, begin, end) };
  const whole = JSON.parse(text) as { metadata?: LeanList['metadata']; items?: KubeObject[] | null };
  return { metadata: whole.metadata ?? {}, items: whole.items ?? [] };
}

function* itemsIn(text: string, begin: number, end: number): Generator<KubeObject> {
  let start = begin;
  while (start < end) {
    const [item, next] = oneItem(text, start, end);
    yield item;
    start = next;
  }
}

/** A whole object is never the beginning of a longer one: the shortest piece that parses is the item. */
function oneItem(text: string, start: number, end: number): readonly [item: KubeObject, next: number] {
  for (let at = start; ; ) {
    const found = text.indexOf(NEXT_ITEM, at);
    if (found < 0 || found >= end) return [parseLean<KubeObject>(text.slice(start, end)), end];
    const item = parsedLean(text.slice(start, found + 1));
    if (item !== undefined) return [item, found + 2];
    at = found + 1;
  }
}

function parsedLean(text: string): KubeObject | undefined {
  try {
    return parseLean<KubeObject>(text);
  } catch {
    return undefined;
  }
}

function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
