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
