import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Draft, type Entry, GENESIS, type Head, hashOf, seal } from '../../../src/access/audit/entry.ts';
import { findBreak } from '../../../src/access/audit/verify.ts';

interface Placed {
  readonly place: number;
  readonly entry: Entry;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  type: fc.constantFrom('planned', 'confirmed', 'intent', 'outcome', 'refused'),
  at: fc.nat(),
  invocation: fc.string({ minLength: 1, maxLength: 8 }),
  who: fc.record({ team: fc.string(), user: fc.string() }),
  typed: fc.string({ unit: 'grapheme' }),
  targets: fc.array(fc.string(), { maxLength: 3 }),
  detail: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
});

/** As etcd would give it back. */
function chainOf(drafts: readonly Draft[], base = GENESIS): { placed: Placed[]; head: Head } {
  let tip: Head = { seq: base.through, hash: base.hash, ...(base !== GENESIS && { base }) };
  const placed = drafts.map((each) => {
    const entry = JSON.parse(JSON.stringify(seal(each, tip))) as Entry;
    tip = { ...tip, seq: entry.seq, hash: entry.hash };
    return { place: entry.seq, entry };
  });
  return { placed, head: tip };
}

const chain = fc.array(draft, { minLength: 1, maxLength: 12 }).map((drafts) => chainOf(drafts));
/** A chain and one place in it. */
const somewhere = chain.chain((made) => fc.record({ made: fc.constant(made), index: fc.nat(made.placed.length - 1) }));

describe('the proof of the audit chain', () => {
  test('holds for every chain that was only appended to', () => {
    fc.assert(
      fc.property(chain, ({ placed, head }) => {
        expect(findBreak(placed, head)).toBeUndefined();
      }),
    );
  });

  test('finds any one field that was altered, in its place', () => {
    const field = fc.constantFrom('type', 'at', 'invocation', 'who', 'typed', 'targets', 'detail', 'previous', 'seq');
    fc.assert(
      fc.property(somewhere, field, fc.jsonValue(), ({ made, index }, name, value) => {
        const target = made.placed[index] as Placed;
        const altered = { ...target.entry, [name]: value } as Entry;
        fc.pre(hashOf(altered) !== hashOf(target.entry));
        const broken = findBreak(made.placed.with(index, { place: target.place, entry: altered }), made.head);
        expect(broken?.seq).toBe(target.place);
      }),
    );
  });

  test('points at a place whose number is not even a number', () => {
    fc.assert(
      fc.property(somewhere, ({ made, index }) => {
        const target = made.placed[index] as Placed;
        const altered = { ...target.entry, seq: { toString: '' } } as unknown as Entry;
        const broken = findBreak(made.placed.with(index, { place: target.place, entry: altered }), made.head);
        expect(broken?.seq).toBe(target.place);
      }),
    );
  });

  test('finds an entry that was altered and given the hash it then must have', () => {
    fc.assert(
      fc.property(somewhere, fc.string(), ({ made, index }, typed) => {
        const { place, entry } = made.placed[index] as Placed;
        fc.pre(entry.typed !== typed);
        const altered = { ...entry, typed };
        const forged = { ...altered, hash: hashOf(altered) };
        const broken = findBreak(made.placed.with(index, { place, entry: forged }), made.head);
        // It shows at the next link, or at the head when there is none.
        expect([place, place + 1]).toContain(broken?.seq);
      }),
    );
  });

  test('finds any entry that is missing, the first and the last too', () => {
    fc.assert(
      fc.property(somewhere, ({ made, index }) => {
        const broken = findBreak(made.placed.toSpliced(index, 1), made.head);
        expect(broken?.seq).toBe((made.placed[index] as Placed).place);
        expect(['missing', 'truncated']).toContain(broken?.what);
      }),
    );
  });

  test('finds a tail that was cut off, however long', () => {
    fc.assert(
      fc.property(somewhere, ({ made, index }) => {
        const broken = findBreak(made.placed.slice(0, index), made.head);
        expect(broken).toMatchObject({ what: 'truncated', seq: index + 1 });
      }),
    );
  });

  test('finds two entries that changed places, also when they were numbered anew', () => {
    fc.assert(
      fc.property(somewhere, fc.nat(11), fc.boolean(), ({ made, index }, other, isRenumbered) => {
        fc.pre(other < made.placed.length && other !== index);
        const [a, b] = [made.placed[index] as Placed, made.placed[other] as Placed];
        const at = ({ place }: Placed, { entry }: Placed): Placed => {
          if (!isRenumbered) return { place, entry };
          const moved = { ...entry, seq: place };
          return { place, entry: { ...moved, hash: hashOf(moved) } };
        };
        const broken = findBreak(made.placed.with(index, at(a, b)).with(other, at(b, a)), made.head);
        expect(broken?.seq).toBe(Math.min(a.place, b.place));
      }),
    );
  });

  test('finds an entry put between, and a head that names another one', () => {
    fc.assert(
      fc.property(somewhere, ({ made, index }) => {
        const { place, entry } = made.placed[index] as Placed;
        const doubled = made.placed.toSpliced(index, 0, { place, entry });
        expect(findBreak(doubled, made.head)).toBeDefined();
        expect(findBreak(made.placed, { ...made.head, hash: GENESIS.hash })?.what).toBe('head');
        expect(findBreak(made.placed, { ...made.head, seq: made.head.seq + 1 })?.what).toBe('truncated');
        expect(findBreak(made.placed, undefined)?.what).toBe('head');
      }),
    );
  });

  test('finds a beginning that was removed without a checkpoint that says so', () => {
    fc.assert(
      fc.property(somewhere, ({ made, index }) => {
        fc.pre(index > 0);
        const last = (made.placed[index - 1] as Placed).entry;
        const head: Head = { ...made.head, base: { through: last.seq, hash: last.hash } };
        const broken = findBreak(made.placed.slice(index), head);
        expect(broken).toMatchObject({ what: 'checkpoint', seq: last.seq + 1 });
      }),
    );
  });
});
