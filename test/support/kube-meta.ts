import type { KubeObject, ObjectMeta } from '../../src/kubernetes/cluster.ts';

/** Time zero of every timeline, epoch ms. */
export const T0 = Date.UTC(2026, 0, 1);

/** Seconds after T0 as the API writes a time, `2026-01-01T00:02:00Z`. */
export function time(seconds: number): string {
  return new Date(T0 + seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

/** What every builder takes. Times are seconds after T0. */
export interface MetaOptions {
  /** Default `shop`; ignored for cluster-scoped kinds. */
  namespace?: string;
  /** Default `uid-<kind>-<name>`, with the namespace in it unless that is `shop`. */
  uid?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  generation?: number;
  finalizers?: string[];
  /** Default: an hour before T0. */
  createdAt?: number;
  /** When the grace period ends. */
  deletedAt?: number;
  /** The controlling owner: an object of these builders. */
  owner?: KubeObject;
}

const CLUSTER_SCOPED = ['Node', 'Namespace', 'PersistentVolume', 'StorageClass'];

export function metadata(kind: string, name: string, options: MetaOptions): ObjectMeta {
  const namespace = CLUSTER_SCOPED.includes(kind) ? '' : (options.namespace ?? 'shop');
  const { owner } = options;
  return {
    name,
    ...(namespace && { namespace }),
    uid:
      options.uid ??
      ['uid', ...(namespace && namespace !== 'shop' ? [namespace] : []), kind.toLowerCase(), name].join('-'),
    resourceVersion: '1',
    ...(options.generation !== undefined && { generation: options.generation }),
    creationTimestamp: time(options.createdAt ?? -3_600),
    ...(options.deletedAt !== undefined && {
      deletionTimestamp: time(options.deletedAt),
      deletionGracePeriodSeconds: 30,
    }),
    ...(options.finalizers && { finalizers: options.finalizers }),
    ...(options.labels && { labels: options.labels }),
    ...(options.annotations && { annotations: options.annotations }),
    ...(owner && { ownerReferences: [referenceTo(owner)] }),
  };
}

function referenceTo({ apiVersion = 'v1', kind = '', metadata: { name = '', uid = '' } }: KubeObject) {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** @param status as a boolean, or `Unknown`. @param at seconds after T0 of its last transition. */
export function condition(type: string, status: boolean | 'Unknown', at: number, reason = '', message = '') {
  const written = status === 'Unknown' ? status : status ? 'True' : 'False';
  return {
    type,
    status: written,
    lastTransitionTime: time(at),
    ...(reason && { reason }),
    ...(message && { message }),
  };
}

/** An object with its metadata. */
export function build(
  apiVersion: string,
  kind: string,
  name: string,
  options: MetaOptions,
  body: Record<string, unknown>,
): KubeObject {
  return { apiVersion, kind, metadata: metadata(kind, name, options), ...body };
}
