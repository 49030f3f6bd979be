import { NotFoundError } from '../../../src/errors.ts';
import type { Cluster } from '../../../src/kubernetes/cluster.ts';
import { delay } from '../../../src/time.ts';
import { type Manifest, NAMESPACES, STALLED, WORKLOADS } from './workloads.ts';

const PLURALS: Record<string, string> = {
  Namespace: 'namespaces',
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Job: 'jobs',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  PodDisruptionBudget: 'poddisruptionbudgets',
};
const CLUSTER_SCOPED = new Set(['Namespace']);

/**
 * Creates the company's workloads in a cluster, through its API only, so that it works on any cluster. What exists already is left alone.
 */
export async function settleIn(cluster: Cluster): Promise<void> {
  for (const name of NAMESPACES) await create(cluster, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await Promise.all(WORKLOADS.map((manifest) => create(cluster, manifest)));
}

/** Releases the version whose image does not exist, once the good one is out: a rollout that stalls. */
export async function startStalledRelease(cluster: Cluster): Promise<void> {
  const resource = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true };
  const { namespace, name } = STALLED;
  for (let tries = 0; tries < 100; tries++) {
    const found = await cluster.request({ resource, namespace, name });
    if ((found.status?.availableReplicas ?? 0) >= found.spec.replicas) break;
    await delay(100);
  }
  const body = { spec: { template: { spec: { containers: [{ name: STALLED.container, image: STALLED.image }] } } } };
  await cluster.request({
    method: 'PATCH',
    resource,
    namespace,
    name,
    contentType: 'application/strategic-merge-patch+json',
    query: { fieldManager: 'release-pipeline' },
    body,
  });
}

async function create(cluster: Cluster, manifest: Manifest): Promise<void> {
  const [group, version] = manifest.apiVersion.includes('/')
    ? (manifest.apiVersion.split('/') as [string, string])
    : ['', manifest.apiVersion];
  const resource = {
    group,
    version,
    plural: PLURALS[manifest.kind] as string,
    namespaced: !CLUSTER_SCOPED.has(manifest.kind),
  };
  const { namespace, name } = manifest.metadata;
  try {
    await cluster.request({ resource, namespace, name });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    // Not Shipmate has made them: an incident names who changed things last.
    const query = { fieldManager: 'kubectl-create' };
    await cluster.request({ method: 'POST', resource, namespace, query, body: manifest });
  }
}
