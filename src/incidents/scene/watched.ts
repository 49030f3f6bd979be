import type { Kind } from '../seen/kinds.ts';

export interface Watched {
  readonly kind: Exclude<Kind, 'Shipmate'>;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Few clusters have it. */
  readonly isOptional?: boolean;
}

function core(kind: Watched['kind'], plural: string, namespaced = true): Watched {
  return { kind, group: '', version: 'v1', plural, namespaced };
}

function apps(kind: Watched['kind'], plural: string): Watched {
  return { kind, group: 'apps', version: 'v1', plural, namespaced: true };
}

/** What is watched in every cluster: `list` and `watch` on these, and on events, is all that the watcher needs to be granted. */
export const WATCHED: readonly Watched[] = [
  core('Namespace', 'namespaces', false),
  core('Node', 'nodes', false),
  apps('Deployment', 'deployments'),
  apps('ReplicaSet', 'replicasets'),
  apps('StatefulSet', 'statefulsets'),
  apps('DaemonSet', 'daemonsets'),
  { kind: 'Job', group: 'batch', version: 'v1', plural: 'jobs', namespaced: true },
  { kind: 'CronJob', group: 'batch', version: 'v1', plural: 'cronjobs', namespaced: true },
  core('Pod', 'pods'),
  {
    kind: 'HorizontalPodAutoscaler',
    group: 'autoscaling',
    version: 'v2',
    plural: 'horizontalpodautoscalers',
    namespaced: true,
  },
  { kind: 'PodDisruptionBudget', group: 'policy', version: 'v1', plural: 'poddisruptionbudgets', namespaced: true },
  core('PersistentVolumeClaim', 'persistentvolumeclaims'),
  core('PersistentVolume', 'persistentvolumes', false),
  { kind: 'StorageClass', group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses', namespaced: false },
  core('ResourceQuota', 'resourcequotas'),
  {
    kind: 'Rollout',
    group: 'argoproj.io',
    version: 'v1alpha1',
    plural: 'rollouts',
    namespaced: true,
    isOptional: true,
  },
];

const EVENTS = { group: '', version: 'v1', plural: 'events', namespaced: true };

/** Normal events are many and say little; but that a node is on its way changes what a pending pod means. */
export const EVENT_STREAMS = [
  { ...EVENTS, query: { fieldSelector: 'type!=Normal' } },
  { ...EVENTS, query: { fieldSelector: 'reason=TriggeredScaleUp' } },
] as const;
