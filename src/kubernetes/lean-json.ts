import type { KubeObject } from './cluster.ts';

/**
 * Reads API objects for those who keep only a few fields of many objects. Two things make large lists and watches expensive: `managedFields`,
 * a third of the bytes and of no use here, and a whole list standing in memory before its first object can be let go.
 *
 * What is searched for cannot stand inside a JSON string, where each quotation mark has a backslash before it. Whatever looks otherwise than
 * a Go API server writes it is parsed as a whole: the shortcut saves work, it never changes the result.
 */
const MANAGED = ',"managedFields":[{';
/** Entries hold no lists: this ends the last of them and the list, wherever managedFields stands among its neighbours. */
const MANAGED_END = '}]';

/** An object, mostly without `managedFields`. @throws SyntaxError when the text is not JSON. */
export function parseLean<T>(text: string): T {
  const from = text.indexOf(MANAGED);
  const to = from < 0 ? -1 : text.indexOf(MANAGED_END, from + MANAGED.length);
  if (to < 0) return JSON.parse(text) as T;
  return parsed<T>(text.slice(0, from) + text.slice(to + MANAGED_END.length)) ?? (JSON.parse(text) as T);
}

function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** What stands around the items of a list. */
export interface ListHead {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

const ITEMS = Buffer.from('"items":[');
/** Where a typed item ends and the next begins; in the middle of an item it may occur, too. */
const NEXT_ITEM = Buffer.from('},{"metadata":{"name":"');
const HEAD_BEGINS = '{"kind":';
/** The head of a list holds a continue token at most. */
const MAX_HEAD = 16_384;

/** Hands over the items of a list while it arrives. */
export class ItemReader {
  readonly #each: (item: KubeObject) => void;
  #rest: Buffer = Buffer.alloc(0);
  /** Where in `#rest` a boundary may be that was not looked at yet. */
  #from = 0;
  #head: ListHead | undefined;
  #isWhole = false;

  constructor(each: (item: KubeObject) => void) {
    this.#each = each;
  }

  /** How many bytes wait for more. */
  get waiting(): number {
    return this.#rest.length;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#head === undefined && !this.#isWhole) this.#readHead();
    if (this.#head !== undefined) this.#readItems();
  }

  /** The end of the answer. @throws SyntaxError when it was not JSON, or not all of it. */
  end(): ListHead {
    const text = this.#rest.toString('utf8');
    if (this.#head === undefined) {
      const { items, ...head } = JSON.parse(text) as ListHead & { items?: KubeObject[] | null };
      for (const item of items ?? []) this.#each(item);
      return head;
    }
    // `]}` closes the list; what stands before it is the last item, or nothing.
    const last = parseLean<{ items: KubeObject[] }>(`{"items":[${text}`);
    for (const item of last.items) this.#each(item);
    return this.#head;
  }

  #readHead(): void {
    const at = this.#rest.indexOf(ITEMS);
    if (at < 0 && this.#rest.length < MAX_HEAD) return;
    const text = at < 0 ? '' : this.#rest.toString('utf8', 0, at);
    const parts = text.startsWith(HEAD_BEGINS)
      ? parsed<ListHead & { items: unknown }>(`${text}"items":[]}`)
      : undefined;
    this.#isWhole = parts?.metadata === undefined;
    if (parts === undefined || this.#isWhole) return;
    const { items: _, ...head } = parts;
    this.#head = head;
    this.#rest = this.#rest.subarray(at + ITEMS.length);
  }

  /** A whole object is never the beginning of a longer one: the shortest piece that parses is the item. */
  #readItems(): void {
    let start = 0;
    for (let at = this.#rest.indexOf(NEXT_ITEM, this.#from); at >= 0; at = this.#rest.indexOf(NEXT_ITEM, at + 1)) {
      const item = leanOrNone(this.#rest.toString('utf8', start, at + 1));
      if (item === undefined) continue;
      this.#each(item);
      start = at + 2;
    }
    this.#rest = this.#rest.subarray(start);
    this.#from = Math.max(0, this.#rest.length - NEXT_ITEM.length + 1);
  }
}

function leanOrNone(text: string): KubeObject | undefined {
  try {
    return parseLean<KubeObject>(text);
  } catch {
    return undefined;
  }
}
