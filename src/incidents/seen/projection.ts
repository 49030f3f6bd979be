import type { KubeObject } from '../../kubernetes/cluster.ts';
import type { Kind, SeenByKind } from './kinds.ts';
import { seenPod } from './projection-pod.ts';
import * as around from './projection-surroundings.ts';
import * as workload from './projection-workloads.ts';
import { fields, type Raw } from './raw.ts';
import type { SeenEvent } from './surroundings.ts';

export { ANNOTATIONS } from './projection-object.ts';

const PROJECTIONS: { readonly [K in Kind]: (raw: Raw) => SeenByKind[K] } = {
  Pod: seenPod,
  ReplicaSet: workload.seenReplicaSet,
  Deployment: workload.seenDeployment,
  StatefulSet: workload.seenStatefulSet,
  DaemonSet: workload.seenDaemonSet,
  Rollout: workload.seenRollout,
  Job: workload.seenJob,
  CronJob: workload.seenCronJob,
  HorizontalPodAutoscaler: around.seenHorizontalPodAutoscaler,
  PodDisruptionBudget: around.seenPodDisruptionBudget,
  PersistentVolumeClaim: around.seenPersistentVolumeClaim,
  PersistentVolume: around.seenPersistentVolume,
  StorageClass: around.seenStorageClass,
  ResourceQuota: around.seenResourceQuota,
  Namespace: around.seenNamespace,
  Node: around.seenNode,
  Shipmate: around.seenShipmate,
};

/**
 * What rules see of an object. Never throws: what is missing or of a wrong type is left out, so that a newer Kubernetes cannot stop the
 * watch. Equal parts of different objects are one value in memory.
 * @param kind told by the caller, since items of a list carry none.
 */
export function seenOf<K extends Kind>(kind: K, raw: KubeObject): SeenByKind[K] {
  return PROJECTIONS[kind](fields(raw));
}

/** What rules see of an Event of `v1` or `events.k8s.io/v1`. Never throws. */
export function seenEvent(raw: KubeObject): SeenEvent {
  return around.seenEvent(raw);
}
