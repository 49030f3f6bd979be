import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  compareBytes,
  type KeyRange,
  keyAfter,
  OPEN_END,
  outsidePrefixes,
  overlapsPrefix,
  prefixEnd,
  prefixRange,
} from '../../src/etcd/keys.ts';

/** Few different bytes, so that keys often are each other's prefixes and neighbours. */
const key = fc
  .uint8Array({ minLength: 0, maxLength: 4 })
  .map((bytes) => bytes.map((byte) => [0, 1, 0x2f, 0xfe, 0xff][byte % 5] as number));
const someKey = key.filter((bytes) => bytes.length > 0);
const range: fc.Arbitrary<KeyRange> = fc.oneof(
  someKey.map((start) => ({ key: start })),
  fc.tuple(someKey, someKey).map(([start, rangeEnd]) => ({ key: start, rangeEnd })),
  someKey.map((start) => ({ key: start, rangeEnd: OPEN_END })),
  key.map(prefixRange),
);

/** What etcd's server does: one key, an open range, or a half-open one. */
function contains({ key: start, rangeEnd }: KeyRange, candidate: Uint8Array): boolean {
  if (rangeEnd === undefined || rangeEnd.length === 0) return compareBytes(start, candidate) === 0;
  if (compareBytes(candidate, start) < 0) return false;
  return (rangeEnd.length === 1 && rangeEnd[0] === 0) || compareBytes(candidate, rangeEnd) < 0;
}

const startsWith = (candidate: Uint8Array, prefix: Uint8Array) =>
  Buffer.from(candidate.subarray(0, prefix.length)).equals(prefix);

describe('the range of a prefix', () => {
  it('ends where etcdctl ends it', () => {
    expect(prefixEnd(bytesOf('/registry/'))).toEqual(Uint8Array.from(bytesOf('/registry0')));
    expect(prefixEnd(Uint8Array.of(0x61, 0xff, 0xff))).toEqual(Uint8Array.of(0x62));
    expect(prefixEnd(Uint8Array.of(0xff))).toEqual(OPEN_END);
    expect(prefixRange(bytesOf(''))).toEqual({
      key: Uint8Array.of(0),
      rangeEnd: OPEN_END,
    });
  });

  it('contains exactly the keys that start with it', () => {
    fc.assert(
      fc.property(key, someKey, (prefix, candidate) => {
        expect(contains(prefixRange(prefix), candidate)).toBe(startsWith(candidate, prefix));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('overlap with a protected prefix', () => {
  it('is found whenever any key is in both', () => {
    fc.assert(
      fc.property(range, someKey, someKey, (asked, prefix, candidate) => {
        const isInBoth = contains(asked, candidate) && startsWith(candidate, prefix);
        if (isInBoth) expect(overlapsPrefix(asked, prefix)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each<[string, KeyRange, boolean]>([
    ['the start key only looks harmless', { key: bytesOf('/q'), rangeEnd: bytesOf('/s') }, true],
    ['from-key before it', { key: bytesOf('/a'), rangeEnd: OPEN_END }, true],
    ['the whole keyspace', prefixRange(bytesOf('')), true],
    ['a shorter prefix', prefixRange(bytesOf('/reg')), true],
    ['one key inside', { key: bytesOf('/registry/x') }, true],
    ['the prefix without its slash', { key: bytesOf('/registry') }, false],
    ['up to it', { key: bytesOf('/a'), rangeEnd: bytesOf('/registry/') }, false],
    ['from its end on', { key: bytesOf('/registry0'), rangeEnd: OPEN_END }, false],
    ['a neighbour', prefixRange(bytesOf('/registry-of-ships/')), false],
  ])('is right when the range is %s', (_words, asked, expected) => {
    expect(overlapsPrefix(asked, bytesOf('/registry/'))).toBe(expected);
  });
});

describe('a range without the protected prefixes', () => {
  it('keeps exactly the keys that are in the range and in no prefix', () => {
    fc.assert(
      fc.property(range, fc.array(someKey, { maxLength: 3 }), someKey, (asked, prefixes, candidate) => {
        const isKept = outsidePrefixes(asked, prefixes).some((part) => contains(part, candidate));
        const expected = contains(asked, candidate) && !prefixes.some((prefix) => startsWith(candidate, prefix));
        expect(isKept).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it('never overlaps a prefix that was taken out', () => {
    fc.assert(
      fc.property(range, fc.array(someKey, { maxLength: 3 }), (asked, prefixes) => {
        for (const part of outsidePrefixes(asked, prefixes)) {
          for (const prefix of prefixes) expect(overlapsPrefix(part, prefix)).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the next key', () => {
  it('has nothing between', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const next = keyAfter(a);
        expect(compareBytes(a, b) < 0 && compareBytes(b, next) < 0).toBe(false);
      }),
    );
  });
});
