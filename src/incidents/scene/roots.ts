import type { Kind, SeenObject } from '../seen/kinds.ts';
import type { SeenOwner } from '../seen/object.ts';
import type { ObjectRef } from '../sight.ts';

const API_VERSIONS: { readonly [K in Kind]: string } = {
  Pod: 'v1',
  ReplicaSet: 'apps/v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Rollout: 'argoproj.io/v1alpha1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  PodDisruptionBudget: 'policy/v1',
  PersistentVolumeClaim: 'v1',
  PersistentVolume: 'v1',
  StorageClass: 'storage.k8s.io/v1',
  ResourceQuota: 'v1',
  Namespace: 'v1',
  Node: 'v1',
  Shipmate: 'shipmate/v1',
};

/** Which owners of an object people know it by, and their API groups; an operator's own kinds are not among them. */
const CLIMBS: { readonly [K in Kind]?: Readonly<Record<string, string>> } = {
  Pod: { ReplicaSet: 'apps', StatefulSet: 'apps', DaemonSet: 'apps', Job: 'batch', Node: '' },
  ReplicaSet: { Deployment: 'apps', Rollout: 'argoproj.io' },
  Job: { CronJob: 'batch' },
};

export function refOf(object: SeenObject): ObjectRef {
  const { namespace, name, uid } = object.metadata;
  return { apiVersion: API_VERSIONS[object.kind], kind: object.kind, namespace, name, uid };
}

/** The owner that stands for this object, where there is one. */
export function climb(object: SeenObject): SeenOwner | undefined {
  const owner = object.metadata.owner;
  if (owner === undefined) return undefined;
  const group = CLIMBS[object.kind]?.[owner.kind];
  return group !== undefined && groupOf(owner.apiVersion) === group ? owner : undefined;
}

/** An owner that is not seen, as the owned object names it. */
export function refOfOwner(owner: SeenOwner, namespace: string): ObjectRef {
  const { apiVersion, kind, name, uid } = owner;
  return { apiVersion, kind, namespace: kind === 'Node' ? '' : namespace, name, uid };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : '';
}
