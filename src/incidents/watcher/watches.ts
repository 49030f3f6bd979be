import type { FeedStatus } from '../scene/feed.ts';
import type { SeenShipmate } from '../seen/surroundings.ts';

/** Without these, hardly anything that goes wrong would be seen; some clusters do without the others, or do not let us see them. */
const NEEDED = ['Pod', 'Node', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'];

/**
 * Since when what is known of a resource may be old, or nothing is known of it at all; 0 while it flows, and for what need not be seen.
 * Pure. @param bornAt when looking began, epoch ms.
 */
export function staleSinceOf(
  { kind, state, staleSince, lastSyncedAt, isOptional }: FeedStatus,
  bornAt: number,
): number {
  if (staleSince > 0) return staleSince;
  if (lastSyncedAt > 0 || isOptional || state === 'not-served') return 0;
  return state !== 'forbidden' || NEEDED.includes(kind) ? bornAt : 0;
}

/** The watches as rules see them. Pure. */
export function seenWatches(statuses: readonly FeedStatus[], bornAt: number): SeenShipmate['status']['watches'] {
  return statuses.map((status) => {
    const staleSince = staleSinceOf(status, bornAt);
    const error = staleSince > 0 && status.error === '' ? 'no answer yet' : status.error;
    return { resource: status.resource, staleSince, error };
  });
}

/**
 * Kinds of which nothing has ever been seen, so that nothing found among them means nothing; `Event` while events are still to come. What
 * was seen once and is old is M01's to tell, and stays as it was. Pure.
 */
export function blindKinds(statuses: readonly FeedStatus[]): ReadonlySet<string> {
  const unseen = statuses.filter(({ lastSyncedAt, state }) => lastSyncedAt === 0 && state !== 'not-served');
  return new Set(
    unseen.filter(({ isOptional, state }) => !isOptional || state !== 'forbidden').map(({ kind }) => kind),
  );
}
