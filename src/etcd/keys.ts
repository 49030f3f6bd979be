/** Keys and ranges of etcd, as bytes. Pure. */

/** etcd's way to write "no end": a `range_end` of one zero byte. */
export const OPEN_END: Uint8Array = Uint8Array.of(0);

/** A half-open range [key, rangeEnd); without an end, the one key. */
export interface KeyRange {
  readonly key: Uint8Array;
  readonly rangeEnd?: Uint8Array | undefined;
}

export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/**
 * End of the range of all keys with this prefix: the last byte below 0xff grows by one and the rest is dropped; `OPEN_END` when there is
 * none (clientv3 `GetPrefixRangeEnd`).
 */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  for (let index = prefix.length - 1; index >= 0; index -= 1) {
    const byte = prefix[index] as number;
    if (byte < 0xff) return Uint8Array.from([...prefix.subarray(0, index), byte + 1]);
  }
  return OPEN_END;
}

/** The range of all keys with this prefix. The empty prefix is the whole keyspace, which etcd wants to be spelt from `\0`. */
export function prefixRange(prefix: Uint8Array): KeyRange {
  return prefix.length === 0
    ? { key: Uint8Array.of(0), rangeEnd: OPEN_END }
    : { key: prefix, rangeEnd: prefixEnd(prefix) };
}

/** Byte order, which is etcd's key order. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

export function isOpenEnd(rangeEnd: Uint8Array): boolean {
  return rangeEnd.length === 1 && rangeEnd[0] === 0;
}

/**
 * Whether a range touches any key with this prefix. Compares ranges, not text: `--from-key a` and `[/q, /s)` both reach `/registry/`.
 * An empty range (end before start) counts by its bounds, which errs on the side of refusing.
 */
export function overlapsPrefix(range: KeyRange, prefix: Uint8Array): boolean {
  const guarded = spanOf(prefixRange(prefix));
  const asked = spanOf(range);
  return isBelow(asked.start, guarded.end) && isBelow(guarded.start, asked.end);
}

/** The parts of a range that touch none of the prefixes, in key order. */
export function outsidePrefixes(range: KeyRange, prefixes: readonly Uint8Array[]): readonly KeyRange[] {
  let rest: readonly Span[] = [spanOf(range)];
  for (const prefix of prefixes) {
    const guarded = spanOf(prefixRange(prefix));
    rest = rest.flatMap((span) => [
      { start: span.start, end: lower(span.end, guarded.start) },
      ...(guarded.end === undefined ? [] : [{ start: higher(span.start, guarded.end), end: span.end }]),
    ]);
    rest = rest.filter((span) => isBelow(span.start, span.end));
  }
  return rest.map(({ start, end }) => ({
    key: start,
    rangeEnd: end ?? OPEN_END,
  }));
}

/** The key right after this one in byte order. */
export function keyAfter(key: Uint8Array): Uint8Array {
  return Buffer.concat([key, Uint8Array.of(0)]);
}

/** A half-open range whose missing end is infinity. */
interface Span {
  readonly start: Uint8Array;
  readonly end: Uint8Array | undefined;
}

function spanOf({ key, rangeEnd }: KeyRange): Span {
  // etcd reads an empty `range_end` as "just this key".
  if (rangeEnd === undefined || rangeEnd.length === 0) return { start: key, end: keyAfter(key) };
  return { start: key, end: isOpenEnd(rangeEnd) ? undefined : rangeEnd };
}

function isBelow(key: Uint8Array, end: Uint8Array | undefined): boolean {
  return end === undefined || compareBytes(key, end) < 0;
}

function lower(end: Uint8Array | undefined, other: Uint8Array): Uint8Array {
  return end !== undefined && compareBytes(end, other) < 0 ? end : other;
}

function higher(start: Uint8Array, other: Uint8Array): Uint8Array {
  return compareBytes(start, other) > 0 ? start : other;
}
