import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import {
  condition,
  type DeploymentOptions,
  deployment,
  type PodOptions,
  pod,
  replicaSet,
  time,
  waiting,
} from './kube-objects.ts';

/** Scenes of rollouts as a control plane makes them, for tests of rules and of the verdict. Times are seconds after T0. */

/** A condition as the Deployment controller writes it: with the time of the last write beside that of the last transition. */
export function progressing(status: boolean | 'Unknown', reason: string, at: number, updatedAt = at) {
  return { ...condition('Progressing', status, at, reason), lastUpdateTime: time(updatedAt) };
}

export function available(status: boolean, at: number) {
  return condition('Available', status, at, status ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable');
}

export const OLD_IMAGE = 'registry.example.com/fraud-check:2.3.1';
export const NEW_IMAGE = 'registry.example.com/fraud-check:2.4.0';

export interface MovingOptions extends DeploymentOptions {
  /** Old pods that serve. Default 1. */
  old?: number;
  /** New pods that serve. Default 0. */
  fresh?: number;
  /** Instead of the condition of a rollout that began at 0. */
  progress?: ReturnType<typeof progressing>;
  isAvailable?: boolean;
  newPod?: PodOptions | undefined;
}

/** A Deployment of 2 whose second revision is being rolled out since T0: one old pod serves, one new pod is not available. */
export function moving(options: MovingOptions = {}): KubeObject[] {
  const { old = 1, fresh = 0, isAvailable = true, replicas = 2 } = options;
  const owner = deployment('fraud-check', {
    generation: 2,
    image: NEW_IMAGE,
    ...options,
    replicas,
    updated: options.updated ?? 1,
    available: old + fresh,
    annotations: { 'deployment.kubernetes.io/revision': '2', ...options.annotations },
    conditions: options.conditions ?? [
      available(isAvailable, -3_000),
      options.progress ?? progressing(true, 'ReplicaSetUpdated', -3_000, 0),
    ],
    status: { replicas: old + (options.updated ?? 1), ...options.status },
  });
  const before = replicaSet('fraud-check-6d5f', {
    owner,
    image: OLD_IMAGE,
    replicas: old,
    annotations: { 'deployment.kubernetes.io/revision': '1' },
  });
  const after = replicaSet('fraud-check-7c9b', {
    owner,
    image: NEW_IMAGE,
    replicas: options.updated ?? 1,
    available: fresh,
    createdAt: 0,
    annotations: { 'deployment.kubernetes.io/revision': '2' },
  });
  return [
    owner,
    before,
    after,
    ...Array.from({ length: old }, (_, n) => pod(`fraud-check-6d5f-${n}`, { owner: before })),
    ...(options.newPod ? [pod('fraud-check-7c9b-x', { owner: after, createdAt: 0, ...options.newPod })] : []),
  ];
}

/** A new pod whose image does not exist. */
export const BAD_IMAGE: PodOptions = {
  phase: 'Pending',
  node: 'harbour-2',
  containers: [
    {
      name: 'app',
      image: NEW_IMAGE,
      ready: false,
      started: false,
      state: waiting(
        'ImagePullBackOff',
        `Back-off pulling image "${NEW_IMAGE}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${NEW_IMAGE}": ${NEW_IMAGE}: not found`,
      ),
    },
  ],
};

/** The same Deployment when all is well again. */
export function settled(generation = 2): KubeObject {
  return deployment('fraud-check', {
    generation,
    replicas: 2,
    annotations: { 'deployment.kubernetes.io/revision': '2' },
    conditions: [available(true, -3_000), progressing(true, 'NewReplicaSetAvailable', -3_000)],
  });
}
