import { createHash } from 'node:crypto';
import { idOf } from '../ids.ts';
import type { Storm } from './incident.ts';
import type { Domain } from './rule.ts';
import type { ObjectRef } from './sight.ts';

/**
 * What makes two occurrences the same thing: cluster, namespace, kind, name and domain. Neither the uid nor the revision: an object that
 * is made anew under its name is the same one to the people who own it. 32 hex digits.
 */
export function keyOf(
  cluster: string,
  root: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>,
  domain: Domain | 'storm',
): string {
  return hash(cluster, root.namespace, root.kind, root.name, domain);
}

/** Umbrellas are one per channel and shared cause (`what` and `name`), or one per channel for those that share nothing. */
export function stormKey(cluster: string, channel: string, shared: Storm['shared']): string {
  return hash(cluster, channel, 'Storm', shared ? `${shared.what} ${shared.name}` : '', 'storm');
}

const FIRST = 'abcdefghjkmnpqrstvwxyz';

/**
 * The id of one occurrence: 7 characters, never a plain number. The same for the same moment, so that a commit whose answer was lost is
 * found again; the book refuses one that is taken, and a later moment gives another.
 */
export function occurrenceId(key: string, openedAt: number): string {
  const text = idOf('incident', key, String(openedAt));
  return `${FIRST[text.charCodeAt(1) % FIRST.length]}${text.slice(2, 8)}`;
}

function hash(...facts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}
