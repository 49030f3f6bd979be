import type { Cluster } from '../../kubernetes/cluster.ts';
import type { Leadership } from '../../state/store.ts';
import { type TermDeps, type Watching, watchCluster } from './term.ts';

export interface WatchersDeps extends Omit<TermDeps, 'cluster'> {
  readonly clusters: readonly Cluster[];
  readonly leadership: Leadership;
  /** A cluster is watched from now on, or no longer. */
  onWatching?(cluster: string, watching: Watching | undefined): void;
}

/** This process's part in watching: it stands for every cluster and leads those that no other process leads. */
export interface Watchers {
  /** Which clusters this process leads, and whether. */
  leads(): readonly { readonly cluster: string; readonly isLeading: boolean }[];
  stop(): Promise<void>;
}

/** The role under which a cluster is watched; `etcdctl elect -l shipmate/v1/leaders/watch/prod` names who does. */
export const watchRole = (cluster: string): string => `watch/${cluster}`;

export function startWatchers(deps: WatchersDeps): Watchers {
  const campaigns = deps.clusters.map((cluster) => {
    const log = deps.log.child({ cluster: cluster.name });
    const campaign = deps.leadership.campaign(watchRole(cluster.name), (term) =>
      watchCluster({ ...deps, cluster, log }, term, (watching) => deps.onWatching?.(cluster.name, watching)),
    );
    return { cluster: cluster.name, campaign };
  });
  return {
    leads: () => campaigns.map(({ cluster, campaign }) => ({ cluster, isLeading: campaign.isLeader() })),
    async stop() {
      await Promise.all(campaigns.map(({ campaign }) => campaign.stop()));
    },
  };
}
