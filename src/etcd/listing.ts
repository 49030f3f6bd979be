import type { EtcdCluster } from './etcd-cluster.ts';
import { compareBytes, keyAfter, outsidePrefixes, prefixEnd, prefixRange } from './keys.ts';

/** One entry of `/etcd ls`: a key, or a name under which there are more. */
export interface Entry {
  /** Whole key, or the prefix up to and including its `/`. */
  readonly name: Uint8Array;
  readonly isPrefix: boolean;
  /** Keys under it, without the protected ones; 1 for a key. */
  readonly keys: number;
}

export interface Listing {
  readonly entries: readonly Entry[];
  readonly more: boolean;
  /** All counts and names are of this revision. */
  readonly revision: string;
}

const SLASH = 0x2f;

/**
 * One level of a keyspace that is only by habit a tree (v3 has no directories), split at `/`. Jumps from name to name instead of reading
 * the keys, so that it costs two small calls per entry, whatever is below.
 * @param limit entries at most.
 * @throws PermissionError when the whole level is protected.
 */
export async function listLevel(cluster: EtcdCluster, prefix: Uint8Array, limit: number): Promise<Listing> {
  const entries: Entry[] = [];
  let revision: string | undefined;
  for (const part of outsidePrefixes(prefixRange(prefix), cluster.protectedPrefixes)) {
    const rangeEnd = part.rangeEnd;
    let from: Uint8Array | undefined = part.key;
    while (from !== undefined) {
      const answer = await cluster.range({
        key: from,
        rangeEnd,
        limit: 1,
        keysOnly: true,
        ...(revision && { revision }),
      });
      revision ??= answer.revision;
      const found = answer.kvs[0]?.key;
      if (!found) break;
      if (entries.length === limit) return { entries, more: true, revision };
      const name = nameOf(found, prefix.length);
      if (!name) {
        entries.push({ name: found, isPrefix: false, keys: 1 });
        from = keyAfter(found);
        continue;
      }
      const last = entries.at(-1);
      // A protected range in the middle of a name splits it in two parts; it stays one entry.
      if (!last || compareBytes(last.name, name) !== 0) {
        entries.push({
          name,
          isPrefix: true,
          keys: await countUnder(cluster, name, revision),
        });
      }
      const next = prefixEnd(name);
      from = rangeEnd !== undefined && isBefore(next, rangeEnd) ? next : undefined;
    }
  }
  // Nothing is left outside the protected ranges: the cluster says so in its own words.
  revision ??= (await cluster.range({ ...prefixRange(prefix), countOnly: true })).revision;
  return { entries, more: false, revision };
}

/** Up to and including the first `/` that ends a name: a `/` right at the start of the level belongs to the name. */
function nameOf(key: Uint8Array, level: number): Uint8Array | undefined {
  let at = level;
  while (key[at] === SLASH) at += 1;
  const slash = key.indexOf(SLASH, at);
  if (slash < 0 || at === key.length) return undefined;
  return key.subarray(0, slash + 1);
}

async function countUnder(cluster: EtcdCluster, name: Uint8Array, revision: string): Promise<number> {
  let count = 0;
  for (const part of outsidePrefixes(prefixRange(name), cluster.protectedPrefixes)) {
    count += (await cluster.range({ ...part, countOnly: true, revision })).count;
  }
  return count;
}

function isBefore(key: Uint8Array, end: Uint8Array): boolean {
  return (end.length === 1 && end[0] === 0) || compareBytes(key, end) < 0;
}
