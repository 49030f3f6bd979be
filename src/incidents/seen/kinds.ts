import type { SeenPod } from './pod.ts';
import type {
  SeenHorizontalPodAutoscaler,
  SeenNamespace,
  SeenNode,
  SeenPersistentVolume,
  SeenPersistentVolumeClaim,
  SeenPodDisruptionBudget,
  SeenResourceQuota,
  SeenShipmate,
  SeenStorageClass,
} from './surroundings.ts';
import type {
  SeenCronJob,
  SeenDaemonSet,
  SeenDeployment,
  SeenJob,
  SeenReplicaSet,
  SeenRollout,
  SeenStatefulSet,
} from './workloads.ts';

/** Everything that rules can judge, by kind. */
export interface SeenByKind {
  Pod: SeenPod;
  ReplicaSet: SeenReplicaSet;
  Deployment: SeenDeployment;
  StatefulSet: SeenStatefulSet;
  DaemonSet: SeenDaemonSet;
  Rollout: SeenRollout;
  Job: SeenJob;
  CronJob: SeenCronJob;
  HorizontalPodAutoscaler: SeenHorizontalPodAutoscaler;
  PodDisruptionBudget: SeenPodDisruptionBudget;
  PersistentVolumeClaim: SeenPersistentVolumeClaim;
  PersistentVolume: SeenPersistentVolume;
  StorageClass: SeenStorageClass;
  ResourceQuota: SeenResourceQuota;
  Namespace: SeenNamespace;
  Node: SeenNode;
  Shipmate: SeenShipmate;
}
export type Kind = keyof SeenByKind;
export type SeenObject = SeenByKind[Kind];
