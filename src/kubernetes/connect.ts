import { closest, distance } from 'fastest-levenshtein';
import type { ClusterConfig } from '../config/file.ts';
import { NotFoundError, PermissionError, ShipmateError, UsageError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type Clock, systemClock } from '../time.ts';
import type { Call, Cluster, Clusters, KubeObject, Resource, WatchCall, WatchEvent } from './cluster.ts';
import { Credentials, kubeConfigLoader } from './credentials.ts';
import { Discovery } from './discovery.ts';
import { pathOf } from './path.ts';
import { resolveIn, unknownResource } from './resolve.ts';
import { Transport } from './transport.ts';
import { watchFrom } from './watch.ts';

export interface ConnectedClusters extends Clusters {
  /** Closes the kept connections. */
  close(): Promise<void>;
}

/**
 * The clusters of the config file. Reads kubeconfigs; opens no connection until the first call.
 * @param env `kubeconfig`: the value of `KUBECONFIG`, for clusters that name no file.
 * @throws UsageError listing everything that is wrong with any cluster's kubeconfig.
 */
export function connectClusters(
  config: Readonly<Record<string, ClusterConfig>>,
  env: { readonly kubeconfig?: string | undefined },
  log: Logger,
  clock: Clock = systemClock,
): ConnectedClusters {
  const clusters: ConnectedCluster[] = [];
  const problems: ShipmateError[] = [];
  for (const [alias, one] of Object.entries(config)) {
    try {
      const credentials = new Credentials(alias, kubeConfigLoader(alias, one, env.kubeconfig), clock);
      clusters.push(new ConnectedCluster(alias, one, credentials, log, clock));
    } catch (error) {
      if (!(error instanceof ShipmateError)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 0)
    throw new UsageError(problems.map((problem) => problem.message).join('\n'), {
      hint: problems.map((problem) => problem.hint ?? '').join('\n'),
    });
  return {
    names: clusters.map((cluster) => cluster.name),
    get: (alias) => pick(clusters, alias),
    all: () => clusters,
    close: async () => {
      await Promise.all(clusters.map((cluster) => cluster.close()));
    },
  };
}

class ConnectedCluster implements Cluster {
  readonly name: string;
  readonly context: string;
  readonly defaultNamespace: string;
  readonly isProduction: boolean;
  readonly #uid: string | undefined;
  readonly #credentials: Credentials;
  readonly #transport: Transport;
  readonly #discovery: Discovery;
  #verified: Promise<void> | undefined;

  constructor(alias: string, config: ClusterConfig, credentials: Credentials, log: Logger, clock: Clock) {
    this.name = alias;
    this.context = credentials.context;
    this.defaultNamespace = config.namespace ?? credentials.namespace ?? 'default';
    this.isProduction = config.production;
    this.#uid = config.uid;
    this.#credentials = credentials;
    this.#transport = new Transport(alias, credentials);
    this.#discovery = new Discovery(alias, this.#transport, log, clock);
  }

  async request<T = KubeObject>(call: Call): Promise<T> {
    const path = pathOf(call);
    await this.#verify();
    // The caller that asks for text says so in the type, too.
    if (call.answer === 'text') return (await this.#transport.text({ ...call, path })) as T;
    if (call.each !== undefined) return (await this.#transport.items({ ...call, path }, call.each)) as T;
    return this.#transport.json<T>({ ...call, path });
  }

  async *watch(call: WatchCall): AsyncGenerator<WatchEvent> {
    await this.#verify();
    yield* watchFrom(this.#transport, this.name, call);
  }

  async resolve(word: string): Promise<readonly Resource[]> {
    await this.#verify();
    const found = resolveIn((await this.#discovery.known()).resources, word);
    if (found) return found;
    const fresh = await this.#discovery.refreshed();
    const again = resolveIn(fresh.resources, word);
    if (again) return again;
    throw unknownResource(fresh.resources, word, fresh.missing);
  }

  async version(): Promise<string> {
    await this.#verify();
    const answer = await this.#transport.json<{ gitVersion?: string }>({ path: '/version' });
    return answer.gitVersion ?? 'unknown';
  }

  async close(): Promise<void> {
    await this.#credentials.close();
  }

  /** Where a uid is pinned, nothing is sent to a cluster until its kube-system namespace has shown that it is the right one. */
  #verify(): Promise<void> {
    if (this.#uid === undefined) return Promise.resolve();
    this.#verified ??= this.#compareUid(this.#uid).catch((error: unknown) => {
      // Ask again next time: it may have been the network, or the kubeconfig may have been mended.
      this.#verified = undefined;
      throw error;
    });
    return this.#verified;
  }

  async #compareUid(pinned: string): Promise<void> {
    const namespace = await this.#transport.json<KubeObject>({ path: '/api/v1/namespaces/kube-system' });
    if (namespace.metadata.uid === pinned) return;
    throw new PermissionError(
      `Cluster ${this.name} is not the one named in the config: its kube-system has uid ${namespace.metadata.uid}, not ${pinned}.`,
      { hint: `Check clusters.${this.name} in shipmate.yaml: its context or its uid is wrong. Nothing else was sent.` },
    );
  }
}

function pick(clusters: readonly ConnectedCluster[], alias: string | undefined): Cluster {
  const names = clusters.map((cluster) => cluster.name);
  if (alias === undefined) {
    const [first] = clusters;
    if (first) return first;
    throw new UsageError('No Kubernetes cluster is configured.', {
      hint: 'Add one under clusters: in shipmate.yaml; `npm run init` asks the questions.',
    });
  }
  const found = clusters.find((cluster) => cluster.name === alias);
  if (found) return found;
  const near = names.length > 0 ? closest(alias, names) : undefined;
  const hint =
    near !== undefined && distance(alias, near) <= 2
      ? `Did you mean ${near}?`
      : names.length > 0
        ? `The clusters are ${names.join(', ')}.`
        : 'None is configured: add one under clusters: in shipmate.yaml.';
  throw new NotFoundError(`There is no cluster called ${JSON.stringify(alias)}.`, { hint });
}
