import { type Base, type Entry, GENESIS, type Head, hashOf } from './entry.ts';

/** The first place where the chain does not hold. */
export interface Break {
  readonly seq: number;
  readonly what: 'missing' | 'altered' | 'misplaced' | 'unlinked' | 'truncated' | 'head' | 'checkpoint' | 'beyond';
  /** One sentence for people. */
  readonly detail: string;
}

export interface Verifier {
  /** The next entry in the order of the places where they stand. @returns the break, if this is one. */
  take(place: number, entry: Entry): Break | undefined;
  /** After the last entry. */
  end(head: Head | undefined): Break | undefined;
  readonly taken: number;
}

/**
 * Proves a chain link by link: every place is filled, every entry stands in its place, has the hash that it claims and names its predecessor's;
 * the last one is the one that the head names, and what retention removed is what the last checkpoint says. Any one alteration, removal,
 * swap or cut is found; a chain rewritten from some entry to the head and with a new head is not, which is why the chain is also exported.
 *
 * @param base what retention removed, by the head; none for a whole chain.
 */
export function verifier(base: Base = GENESIS): Verifier {
  let last: { seq: number; hash: string } = { seq: base.through, hash: base.hash };
  let checkpoint: Base | undefined;
  let taken = 0;
  return {
    take(place, entry) {
      const expected = last.seq + 1;
      if (place !== expected) return missing(expected, place);
      const found = linkBreak(place, entry, last);
      if (found) return found;
      if (entry.type === 'checkpoint') checkpoint = entry.detail?.pruned as Base | undefined;
      last = entry;
      taken += 1;
      return undefined;
    },
    end(head) {
      if (!head) return last.seq === 0 ? undefined : headBreak(last.seq, 'the head of the chain is missing');
      // Anything may stand in a head that was tampered with.
      if (!Number.isInteger(head.seq)) return headBreak(last.seq, 'the head of the chain names no entry');
      if (head.seq > last.seq) {
        return {
          seq: last.seq + 1,
          what: 'truncated',
          detail: `the chain ends at ${last.seq}, but its head names ${head.seq}: ${count(head.seq - last.seq)} cut off`,
        };
      }
      if (head.seq < last.seq) return headBreak(head.seq, `the head names ${head.seq}, but entries go on`);
      if (head.hash !== last.hash)
        return headBreak(last.seq, `entry ${last.seq} is not the one that the head names: it was replaced`);
      const through = checkpoint?.through ?? 0;
      if (through !== base.through || (checkpoint && checkpoint.hash !== base.hash)) {
        return {
          seq: base.through + 1,
          what: 'checkpoint',
          detail: `the head says that entries up to ${base.through} were removed by retention, the last checkpoint says up to ${through}`,
        };
      }
      return undefined;
    },
    get taken() {
      return taken;
    },
  };
}

function linkBreak(place: number, entry: Entry, last: { seq: number; hash: string }): Break | undefined {
  if (entry.seq !== place) {
    return {
      seq: place,
      what: 'misplaced',
      detail: `in the place of entry ${place} stands entry ${JSON.stringify(entry.seq)}`,
    };
  }
  if (entry.hash !== hashOf(entry)) {
    return { seq: place, what: 'altered', detail: `entry ${place} was altered: its contents do not match its hash` };
  }
  if (entry.previous !== last.hash) {
    return {
      seq: place,
      what: 'unlinked',
      detail: `entry ${place} does not follow entry ${last.seq}: one of the two was replaced`,
    };
  }
  return undefined;
}

function missing(expected: number, place: number): Break {
  const gap = place - expected;
  const detail =
    gap === 1
      ? `entry ${expected} is missing`
      : gap > 1
        ? `entries ${expected} to ${place - 1} are missing`
        : `entry ${place} stands where retention has removed everything`;
  return { seq: Math.min(expected, place), what: gap > 0 ? 'missing' : 'checkpoint', detail };
}

function headBreak(seq: number, detail: string): Break {
  return { seq, what: 'head', detail };
}

function count(entries: number): string {
  return entries === 1 ? '1 entry is' : `${entries} entries are`;
}

/** The verdict on entries in hand. Pure. */
export function findBreak(
  entries: readonly { readonly place: number; readonly entry: Entry }[],
  head: Head | undefined,
): Break | undefined {
  const check = verifier(head?.base);
  for (const { place, entry } of entries) {
    const found = check.take(place, entry);
    if (found) return found;
  }
  return check.end(head);
}
