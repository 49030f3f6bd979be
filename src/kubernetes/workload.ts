import { NotFoundError } from '../errors.ts';
import { blockedText, blockingPods } from './blocking-pods.ts';
import type { Cluster, KubeObject, Resource } from './cluster.ts';
import { objectName } from './names.ts';

/** One workload, pinned: JSON, so that it can stand in a plan. The uid tells it from a later one of the same name. */
export interface WorkloadRef {
  readonly cluster: string;
  readonly resource: Pick<Resource, 'group' | 'version' | 'plural' | 'singular' | 'kind' | 'namespaced'>;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string;
}

/** `deployment.apps/web`. */
export function workloadName(ref: Pick<WorkloadRef, 'resource' | 'name'>): string {
  return objectName(ref.resource, ref.name);
}

/** The parts of a resource that a plan keeps. */
export function pinnedResource(resource: Resource): WorkloadRef['resource'] {
  const { group, version, plural, singular, kind, namespaced } = resource;
  return { group, version, plural, singular, kind, namespaced };
}

/** The object as it is now. @throws NotFoundError in kubectl's words when it is gone. */
export async function readWorkload(
  cluster: Cluster,
  ref: Pick<WorkloadRef, 'resource' | 'namespace' | 'name'>,
  signal?: AbortSignal,
): Promise<KubeObject> {
  const { resource, namespace, name } = ref;
  const object = await cluster.request({ resource, namespace, name, signal });
  // Raw items of a list and some servers leave these out; every decision below reads them.
  return { ...object, kind: object.kind ?? resource.kind };
}

/** Like `readWorkload`, with undefined for one that is gone. */
export async function findWorkload(
  cluster: Cluster,
  ref: Pick<WorkloadRef, 'resource' | 'namespace' | 'name'>,
  signal?: AbortSignal,
): Promise<KubeObject | undefined> {
  try {
    return await readWorkload(cluster, ref, signal);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };

/**
 * The worst three reasons why the workload's pods are not ready, as lines; none when they cannot be read. A help for people, never a
 * reason to fail.
 */
export async function blockingReasons(cluster: Cluster, object: KubeObject, signal?: AbortSignal): Promise<string[]> {
  const labelSelector = selectorText(object.spec?.selector);
  if (labelSelector === undefined) return [];
  try {
    const pods = await cluster.request<{ items?: KubeObject[] }>({
      resource: PODS,
      namespace: object.metadata.namespace,
      query: { labelSelector, limit: '200', resourceVersion: '0' },
      deadlineMs: 3_000,
      signal,
    });
    return blockingPods(pods.items ?? []).map(blockedText);
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}

/** A LabelSelector as the query parameter `labelSelector`; undefined for an empty one, which would mean every pod. */
export function selectorText(selector: unknown): string | undefined {
  if (selector === null || typeof selector !== 'object') return undefined;
  const { matchLabels = {}, matchExpressions = [] } = selector as {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
  };
  const terms = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
    }),
  ];
  return terms.length === 0 ? undefined : terms.join(',');
}
