import type { Change, Store } from '../../state/store.ts';
import type { MarkChange, Marks } from '../engine-contract.ts';

/**
 * What rules remember, kept in etcd under `incidents/marks/<cluster>/<uid>`: small documents of the few objects that are ill now, so that a
 * restart or a new leader starts no hold anew.
 */
const ROOT = 'incidents/marks/';
/** etcd takes 128 operations in a transaction; one of them is the check of the term. */
const BATCH = 100;
const PAGE = 1_000;

interface MarkDocument {
  readonly schemaVersion: 1;
  readonly marks: Marks;
}

/** Everything remembered about a cluster. @throws UnavailableError */
export async function loadMarks(store: Store, cluster: string): Promise<Map<string, Marks>> {
  const prefix = prefixOf(cluster);
  const marks = new Map<string, Marks>();
  let after: string | undefined;
  do {
    const page = await store.list<MarkDocument>(prefix, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const { path, value } of page) {
      if (value.marks !== null && typeof value.marks === 'object') marks.set(path.slice(prefix.length), value.marks);
    }
    after = page.length === PAGE ? page.at(-1)?.path : undefined;
  } while (after !== undefined);
  return marks;
}

/**
 * Writes what changed; safe to repeat.
 * @param check of the term: one who leads no more writes nothing.
 * @returns false when the term is over. @throws UnavailableError
 */
export async function keepMarks(
  store: Store,
  cluster: string,
  changes: readonly MarkChange[],
  check: Change,
): Promise<boolean> {
  for (let at = 0; at < changes.length; at += BATCH) {
    const batch = changes.slice(at, at + BATCH).map(({ uid, value }): Change => {
      const path = `${prefixOf(cluster)}${uid}`;
      if (value === undefined) return { op: 'del', path, expect: 'any' };
      return { op: 'put', path, value: { schemaVersion: 1, marks: value } satisfies MarkDocument, expect: 'any' };
    });
    if ((await store.commit([check, ...batch])) === undefined) return false;
  }
  return true;
}

function prefixOf(cluster: string): string {
  return `${ROOT}${cluster}/`;
}
