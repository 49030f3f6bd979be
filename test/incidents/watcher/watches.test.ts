import { describe, expect, it } from 'vitest';
import type { FeedStatus } from '../../../src/incidents/scene/feed.ts';
import { blindKinds, seenWatches, staleSinceOf } from '../../../src/incidents/watcher/watches.ts';

const BORN = 1_000;
const status = (change: Partial<FeedStatus> = {}): FeedStatus => ({
  ...{ kind: 'Pod', resource: 'pods', isOptional: false, state: 'watching', objects: 3 },
  ...{ lastSyncedAt: 5_000, lastEventAt: 6_000, staleSince: 0, error: '', ...change },
});

describe('how old what is known may be', () => {
  it.each<[string, Partial<FeedStatus>, number]>([
    ['nothing while a watch flows, however quiet it is', {}, 0],
    ['as old as the watch says', { state: 'failing', staleSince: 7_000 }, 7_000],
    ['everything, as long as the first list has not come', { state: 'syncing', lastSyncedAt: 0 }, BORN],
    ['everything, where pods may not be listed', { state: 'forbidden', lastSyncedAt: 0 }, BORN],
    [
      'nothing, where something is not granted that few rules need',
      { kind: 'ResourceQuota', state: 'forbidden', lastSyncedAt: 0 },
      0,
    ],
    ['nothing, where a cluster has no such kind', { state: 'not-served', lastSyncedAt: 0 }, 0],
    ['nothing, where it is only evidence', { kind: 'Event', isOptional: true, state: 'syncing', lastSyncedAt: 0 }, 0],
  ])('%s', (_name, change, since) => {
    expect(staleSinceOf(status(change), BORN)).toBe(since);
  });

  it('comes with a reason', () => {
    const [watch] = seenWatches([status({ state: 'syncing', lastSyncedAt: 0 })], BORN);
    expect(watch).toEqual({ resource: 'pods', staleSince: BORN, error: 'no answer yet' });
  });
});

describe('kinds of which nothing was ever seen', () => {
  it('are those not listed yet or not granted; of events only those that are still to come', () => {
    const unseen = { lastSyncedAt: 0 };
    const kinds = blindKinds([
      status(),
      status({ kind: 'Job', state: 'forbidden', ...unseen }),
      status({ kind: 'Rollout', isOptional: true, state: 'not-served', ...unseen }),
      status({ kind: 'Event', isOptional: true, state: 'forbidden', ...unseen }),
    ]);
    expect([...kinds]).toEqual(['Job']);
    expect([...blindKinds([status({ kind: 'Event', isOptional: true, state: 'failing', ...unseen })])]).toEqual([
      'Event',
    ]);
  });
});
