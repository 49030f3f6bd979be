import { fileSchema } from '../../../src/config/file.ts';
import type { Cluster, KubeObject, Resource } from '../../../src/kubernetes/cluster.ts';
import { type ConnectedClusters, connectClusters } from '../../../src/kubernetes/connect.ts';
import { pinnedResource, type WorkloadRef } from '../../../src/kubernetes/workload.ts';
import { createLogger } from '../../../src/log.ts';

/** A cluster to try the sentences on. Nodes are ready and pods run; nothing else is expected of it. */
export interface ContractCluster {
  /** Path of a kubeconfig whose user may do everything. */
  readonly kubeconfig: string;
  /** Somebody who may not list pods in that namespace (which need not exist). */
  readonly locked: { readonly kubeconfig: string; readonly namespace: string };
  stop(): Promise<void>;
}

/** One connected cluster with a namespace of its own, and short ways to make objects. */
export interface Ground {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly contract: ContractCluster;
  create(
    type: string,
    object: Omit<KubeObject, 'metadata'> & { metadata: KubeObject['metadata'] & { name: string } },
  ): Promise<KubeObject>;
  deployment(name: string, replicas: number): Promise<KubeObject>;
  resource(type: string): Promise<Resource>;
  ref(type: string, name: string): Promise<WorkloadRef>;
  connect(kubeconfig: string): Cluster;
  close(): Promise<void>;
}

/** Prepares a namespace on a started cluster. */
export async function prepareGround(contract: ContractCluster, namespace: string): Promise<Ground> {
  const opened: ConnectedClusters[] = [];
  const connect = (kubeconfig: string): Cluster => {
    const config = fileSchema.parse({ clusters: { contract: { kubeconfig, namespace } } });
    const clusters = connectClusters(config.clusters, {}, createLogger('silent'));
    opened.push(clusters);
    return clusters.get();
  };
  const cluster = connect(contract.kubeconfig);
  const resource = async (type: string): Promise<Resource> => {
    const [found] = await cluster.resolve(type);
    return found as Resource;
  };
  const create: Ground['create'] = async (type, object) => {
    const found = await resource(type);
    return cluster.request({
      method: 'POST',
      resource: found,
      namespace: found.namespaced ? namespace : undefined,
      body: {
        apiVersion: found.group === '' ? found.version : `${found.group}/${found.version}`,
        kind: found.kind,
        ...object,
      },
    });
  };
  await create('namespaces', { metadata: { name: namespace } });
  return {
    cluster,
    namespace,
    contract,
    connect,
    create,
    resource,
    deployment: (name, replicas) =>
      create('deployments', { metadata: { name }, spec: { replicas, ...workloadSpec(name) } }),
    ref: async (type, name) => {
      const found = await resource(type);
      const object = await cluster.request({ resource: found, namespace, name });
      return {
        cluster: cluster.name,
        resource: pinnedResource(found),
        namespace,
        name,
        uid: object.metadata.uid ?? '',
      };
    },
    close: async () => {
      await cluster.request({
        method: 'DELETE',
        resource: await resource('namespaces'),
        name: namespace,
      });
      await Promise.all(opened.map((clusters) => clusters.close()));
    },
  };
}

/** Selector and template of a workload that needs nothing. */
export function workloadSpec(name: string): object {
  return {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'main', image: 'registry.example/main:1' }],
      },
    },
  };
}

/** The error of a call that must fail. */
export async function errorOf(attempt: Promise<unknown>): Promise<Error> {
  try {
    await attempt;
  } catch (error) {
    return error as Error;
  }
  throw new Error('It should have failed.');
}
