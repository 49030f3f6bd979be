import type { FileConfig } from '../../config/file.ts';
import type { Clusters } from '../../kubernetes/cluster.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { pending } from '../../state/outbox.ts';
import type { Change, Leadership, Store } from '../../state/store.ts';
import { type Clock, delay, parseDuration } from '../../time.ts';
import type { KeptBook } from '../book/book.ts';
import type { EvidenceKeeper } from '../evidence/keeper.ts';
import type { Heartbeats } from '../heartbeats.ts';
import { createLedger } from '../ledger/ledger.ts';
import type { DeadLetters } from '../relay/dead-letters.ts';
import type { Relay } from '../relay/relay.ts';
import type { AnyRule } from '../rule.ts';
import type { Feed, FeedStatus } from '../scene/feed.ts';
import type { RuleSettings } from '../settings.ts';
import type { Quiet } from '../silences/silence.ts';
import type { Backlog } from '../watcher/backlog.ts';
import { watchHouse } from '../watcher/house-term.ts';
import { isRebooting, podsOn } from '../watcher/node-facts.ts';
import type { Watching } from '../watcher/term.ts';
import { startWatchers } from '../watcher/watchers.ts';
import { staleSinceOf } from '../watcher/watches.ts';

import { endOrphans } from './orphans.ts';

export interface WatchDeps {
  readonly file: Pick<FileConfig, 'alerts' | 'channels'>;
  readonly rules: readonly AnyRule[];
  readonly settings: RuleSettings;
  readonly clusters: Clusters;
  readonly store: Store;
  readonly leadership: Leadership;
  readonly book: KeptBook;
  readonly quiets: () => readonly Quiet[];
  /** Resolves when the silences are known: before, what somebody silenced would be told. */
  readonly ready: Promise<unknown>;
  readonly relay: Relay;
  readonly evidence: EvidenceKeeper;
  readonly letters: DeadLetters;
  readonly heartbeats: () => Promise<Heartbeats>;
  sweepSilences(): Promise<unknown>;
  readonly backlog: Backlog;
  onWatching(cluster: string, watching: Watching | undefined): void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly metrics: Metrics;
}

/** What the role `watcher` does in this process. */
export interface Watch {
  /** Brings the gauges up to date. */
  measure(): void;
  stop(): Promise<void>;
}

/** The term of what belongs to no cluster: alerts of others, drills, Shipmate's own health, telling other systems, sweeping. */
const HOUSE = 'house';
const SWEEP_EVERY_MS = 5 * 60_000;

export function startWatch(deps: WatchDeps): Watch {
  const { clock, log, book, metrics } = deps;
  const settings = { alerts: deps.file.alerts, channel: deps.file.channels.alerts };
  const watching = new Map<string, Watching>();
  const feeds = new Map<string, { readonly feed: Feed; readonly bornAt: number }>();
  const watchers = startWatchers({
    ...deps,
    clusters: deps.clusters.all(),
    ledger: (scene, check, more) =>
      createLedger({
        ...more,
        ...{ cluster: scene.sight.cluster, book, settings, quiets: deps.quiets, clock, log, check },
        podsOn: (node, root) => podsOn(scene.sight, node, root),
        isRebooting: (node) => isRebooting(scene.sight, node),
      }),
    onFeed(cluster, feed) {
      // Another replica measures from now on.
      for (const { kind } of feeds.get(cluster)?.feed.statuses() ?? []) metrics.watchStaleness(cluster, kind, 0);
      if (feed) feeds.set(cluster, { feed, bornAt: clock() });
      else feeds.delete(cluster);
    },
    onWatching(cluster, found) {
      if (found) watching.set(cluster, found);
      else watching.delete(cluster);
      deps.onWatching(cluster, found);
      if (found)
        void deps.evidence.catchUp(cluster).catch((error) => log.warn({ err: error }, 'evidence not caught up'));
    },
  });
  const house = deps.leadership.campaign(HOUSE, async (term) => {
    await Promise.race([deps.ready, aborted(term.signal)]);
    if (term.signal.aborted) return;
    const ledger = createLedger({ cluster: '', book, settings, quiets: deps.quiets, clock, log, check: term.check });
    await Promise.all([
      watchHouse(
        {
          ...deps,
          ledger,
          settings: deps.settings,
          deadman: deps.file.alerts.deadman,
          isWatching: () => watchers.leads().every(({ cluster, isLeading }) => !isLeading || watching.has(cluster)),
          outbox: () => pending(deps.store, 1_000),
        },
        term,
      ),
      deps.relay.run(term),
      sweeping(deps, term),
    ]);
  });
  return {
    measure() {
      for (const { cluster, isLeading } of watchers.leads()) metrics.leader('watcher', cluster, isLeading);
      metrics.leader('house', '', house.isLeader());
      for (const [cluster, { feed, bornAt }] of feeds)
        for (const { kind, seconds } of staleness(feed.statuses(), bornAt, clock()))
          metrics.watchStaleness(cluster, kind, seconds);
      void book.current().then(
        (found) => metrics.incidents(countsOf(found.map(({ value }) => value))),
        () => undefined,
      );
    },
    async stop() {
      await Promise.all([watchers.stop(), house.stop()]);
    },
  };
}

async function sweeping(
  deps: WatchDeps,
  term: { readonly signal: AbortSignal; readonly check: Change },
): Promise<void> {
  while (!term.signal.aborted) {
    try {
      await deps.book.sweep();
      await deps.letters.sweep(deps.clock(), parseDuration(deps.file.alerts.keep));
      await deps.sweepSilences();
      await endOrphans(deps.book, deps.clusters.names, deps.clock());
    } catch (error) {
      deps.log.warn({ err: error }, 'old incidents were not swept; tried again');
    }
    await delay(SWEEP_EVERY_MS, term.signal).catch(() => undefined);
  }
}

/** Of several streams of one kind, the worst. */
function staleness(
  statuses: readonly FeedStatus[],
  bornAt: number,
  now: number,
): readonly { readonly kind: string; readonly seconds: number }[] {
  return [...Map.groupBy(statuses, ({ kind }) => kind)].map(([kind, own]) => {
    const since = own.map((status) => staleSinceOf(status, bornAt)).filter((at) => at > 0);
    return { kind, seconds: since.length === 0 ? 0 : Math.max(0, now - Math.min(...since)) / 1_000 };
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function countsOf(
  incidents: readonly { readonly severity: string; readonly status: string }[],
): { severity: string; status: string; count: number }[] {
  const counts = new Map<string, { severity: string; status: string; count: number }>();
  for (const { severity, status } of incidents) {
    const key = `${severity} ${status}`;
    const found = counts.get(key) ?? { severity, status, count: 0 };
    found.count += 1;
    counts.set(key, found);
  }
  return [...counts.values()];
}
