import { knownIdentity, type Standing } from '../access/cluster-identity.ts';
import type { Person } from '../chat/invocation.ts';
import type { Call, Cluster, Clusters, WatchCall } from '../kubernetes/cluster.ts';
import { instead } from './recorded-calls.ts';

/**
 * The same clusters, but where the config says so every call is made as the person, so that the cluster's RBAC decides. What there is to
 * ask for (discovery, the version) stays the bot's own question.
 * @param standing read anew for each call: a reloaded config counts at once, even for a change under way.
 */
export function actingAs(clusters: Clusters, person: Person, standing: () => Standing): Clusters {
  const signed = <C extends Call | WatchCall>(call: C): C => {
    const now = standing();
    return now.mode === 'impersonate' ? { ...call, as: knownIdentity(now, person) } : call;
  };
  const cluster = (inner: Cluster): Cluster =>
    instead(inner, {
      request: async <T>(call: Call): Promise<T> => inner.request<T>(signed(call)),
      async *watch(call: WatchCall) {
        yield* inner.watch(signed(call));
      },
    });
  return instead(clusters, {
    get: (alias?: string) => cluster(clusters.get(alias)),
    all: () => clusters.all().map(cluster),
  });
}
