import type { AlertsConfig } from '../../src/config/alerts.ts';
import type { Call, Cluster, KubeObject, Resource } from '../../src/kubernetes/cluster.ts';
import { type Clock, delay } from '../../src/time.ts';

/** A cluster in which days of a healthy house are told, and what differs between the two that there are. */
export interface QuietWorld {
  readonly cluster: Cluster;
  /** The time that stands in its objects. */
  readonly clock: Clock;
  /**
   * How much shorter than in life everything takes as its timestamps show it. 1: the cluster lives through whole minutes (and its clock runs
   * fast); 20: a start of 40 s takes 2 s, so holds and thresholds are divided by 20, too.
   */
  readonly pace: number;
  /** Clock milliseconds per real one. */
  readonly speed: number;
  readonly alerts: AlertsConfig;
  /** Whether HorizontalPodAutoscalers get metrics; where they do not, H03 is right to complain. */
  readonly hasMetrics: boolean;
  /** Whether claims get volumes by themselves. */
  readonly hasProvisioner: boolean;
  stop(): Promise<void>;
}

const API: Record<string, Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced'>> = {
  ...resource('', 'v1', true, { Pod: 'pods', PersistentVolumeClaim: 'persistentvolumeclaims', Service: 'services' }),
  ...resource('', 'v1', false, { Node: 'nodes', Namespace: 'namespaces', PersistentVolume: 'persistentvolumes' }),
  ...resource('apps', 'v1', true, {
    Deployment: 'deployments',
    ReplicaSet: 'replicasets',
    StatefulSet: 'statefulsets',
    DaemonSet: 'daemonsets',
  }),
  ...resource('batch', 'v1', true, { Job: 'jobs', CronJob: 'cronjobs' }),
  ...resource('policy', 'v1', true, { PodDisruptionBudget: 'poddisruptionbudgets' }),
  ...resource('autoscaling', 'v2', true, { HorizontalPodAutoscaler: 'horizontalpodautoscalers' }),
  ...resource('storage.k8s.io', 'v1', false, { StorageClass: 'storageclasses' }),
};

function resource(
  group: string,
  version: string,
  namespaced: boolean,
  plurals: Record<string, string>,
): Record<string, Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced'>> {
  return Object.fromEntries(
    Object.entries(plurals).map(([kind, plural]) => [kind, { group, version, plural, namespaced }]),
  );
}

/** Deeds in one namespace of the cluster, in the words of the story. Durations are those of life. */
export class Place {
  readonly world: QuietWorld;
  readonly namespace: string;

  constructor(world: QuietWorld, namespace: string) {
    this.world = world;
    this.namespace = namespace;
  }

  /** For fault annotations: `40s` as this cluster has to be told it. */
  lasting(seconds: number): string {
    return `${Math.round((seconds * 1_000) / this.world.pace)}ms`;
  }

  /** Lets time pass: what must not be said can only be waited for. */
  pass(seconds: number): Promise<void> {
    return delay((seconds * 1_000) / this.world.pace / this.world.speed);
  }

  async open(): Promise<void> {
    await this.make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace } });
    // Pods are refused until the namespace has its service account.
    const account = { group: '', version: 'v1', plural: 'serviceaccounts', namespaced: true };
    await this.until(
      () =>
        this.world.cluster.request({ resource: account, namespace: this.namespace, name: 'default' }).then(
          () => true,
          () => false,
        ),
      'a service account',
    );
  }

  make(object: KubeObject): Promise<KubeObject> {
    return this.#call({ method: 'POST', body: object }, object.kind as string);
  }

  get(kind: string, name: string): Promise<KubeObject> {
    return this.#call({ name }, kind);
  }

  async list(kind: string, app?: string): Promise<readonly KubeObject[]> {
    const query = app === undefined ? {} : { labelSelector: `app=${app}` };
    return (await this.#call({ query }, kind)).items;
  }

  patch(kind: string, name: string, body: object, subresource?: string): Promise<KubeObject> {
    return this.#call(
      { method: 'PATCH', name, body, subresource, contentType: 'application/strategic-merge-patch+json' },
      kind,
    );
  }

  remove(kind: string, name: string): Promise<KubeObject> {
    return this.#call({ method: 'DELETE', name }, kind);
  }

  /** As `kubectl drain` does: comes back while a budget says no. */
  async evict(pod: string): Promise<void> {
    const metadata = { name: pod, namespace: this.namespace };
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata };
    const isGone = (): Promise<boolean> =>
      this.#call({ method: 'POST', name: pod, subresource: 'eviction', body }, 'Pod').then(
        () => true,
        (error: Error) => /NotFound/.test(error.message),
      );
    await this.until(isGone, `the eviction of ${pod}`);
  }

  /** Waits at most half an hour of life. @throws Error that says what did not come. */
  async until(test: () => Promise<boolean>, what: string): Promise<void> {
    const { clock, pace } = this.world;
    const giveUpAt = clock() + (30 * 60_000) / pace;
    while (!(await test())) {
      if (clock() > giveUpAt) throw new Error(`${this.namespace}: ${what} did not come`);
      await delay(20);
    }
  }

  /** All replicas are of the newest template, and available. */
  rolledOut(kind: 'Deployment' | 'StatefulSet' | 'DaemonSet', name: string): Promise<void> {
    return this.until(async () => isRolledOut(await this.get(kind, name)), `${kind} ${name} as wished`);
  }

  #call(call: Omit<Call, 'resource' | 'namespace'>, kind: string): Promise<KubeObject> {
    const resource = API[kind];
    if (!resource) throw new Error(`the story does not know ${kind}`);
    return this.world.cluster.request({
      ...call,
      resource,
      ...(resource.namespaced ? { namespace: this.namespace } : {}),
    });
  }
}

function isRolledOut({ kind, metadata, spec, status = {} }: KubeObject): boolean {
  if (status.observedGeneration !== metadata.generation) return false;
  if (kind === 'DaemonSet') {
    const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable = 0 } = status;
    return updatedNumberScheduled === desiredNumberScheduled && numberAvailable === desiredNumberScheduled;
  }
  const { replicas } = spec;
  const isUpdated = (status.updatedReplicas ?? 0) === replicas && (status.replicas ?? 0) === replicas;
  return isUpdated && (status.availableReplicas ?? 0) === replicas;
}
