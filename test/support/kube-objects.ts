import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { build, condition } from './kube-meta.ts';
import { common, type WorkloadOptions as Workload } from './kube-template.ts';

/**
 * Builders of raw API objects as a server sends them: healthy unless the options say otherwise. All times are seconds after T0; `spec` and
 * `status` are laid over what the other options made.
 */
export * from './kube-jobs.ts';
export * from './kube-meta.ts';
export * from './kube-pods.ts';
export * from './kube-surroundings.ts';

export interface DeploymentOptions extends Workload {
  paused?: boolean;
  progressDeadlineSeconds?: number;
}

export function deployment(name: string, options: DeploymentOptions = {}): KubeObject {
  const { replicas = 1, generation = 1, paused } = options;
  const { available = replicas, updated = replicas, ready = available } = options;
  const isAvailable = available >= replicas - Math.floor(replicas / 4);
  return build(
    'apps/v1',
    'Deployment',
    name,
    { ...options, generation },
    {
      spec: {
        ...common(name, options),
        progressDeadlineSeconds: options.progressDeadlineSeconds ?? 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        ...(paused !== undefined && { paused }),
        ...options.spec,
      },
      status: {
        observedGeneration: options.observedGeneration ?? generation,
        replicas,
        updatedReplicas: updated,
        readyReplicas: ready,
        availableReplicas: available,
        ...(replicas > available && { unavailableReplicas: replicas - available }),
        conditions: options.conditions ?? [
          condition(
            'Available',
            isAvailable,
            -3_500,
            isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
          ),
          condition('Progressing', true, -3_500, 'NewReplicaSetAvailable'),
        ],
        ...options.status,
      },
    },
  );
}

export function replicaSet(name: string, options: Workload = {}): KubeObject {
  const { replicas = 1, generation = 1 } = options;
  const { available = replicas, ready = available } = options;
  return build(
    'apps/v1',
    'ReplicaSet',
    name,
    { ...options, generation },
    {
      spec: { ...common(name, options), ...options.spec },
      status: {
        observedGeneration: options.observedGeneration ?? generation,
        replicas,
        readyReplicas: ready,
        availableReplicas: available,
        ...(options.conditions && { conditions: options.conditions }),
        ...options.status,
      },
    },
  );
}

export interface StatefulSetOptions extends Workload {
  updateStrategy?: 'RollingUpdate' | 'OnDelete';
  partition?: number;
  podManagementPolicy?: string;
  currentRevision?: string;
  updateRevision?: string;
}

export function statefulSet(name: string, options: StatefulSetOptions = {}): KubeObject {
  const { replicas = 1, generation = 1, updateStrategy = 'RollingUpdate', partition } = options;
  const { available = replicas, updated = replicas, ready = available } = options;
  const current = options.currentRevision ?? `${name}-1`;
  return build(
    'apps/v1',
    'StatefulSet',
    name,
    { ...options, generation },
    {
      spec: {
        ...common(name, options),
        serviceName: name,
        podManagementPolicy: options.podManagementPolicy ?? 'OrderedReady',
        updateStrategy: { type: updateStrategy, ...(partition !== undefined && { rollingUpdate: { partition } }) },
        ...options.spec,
      },
      status: {
        observedGeneration: options.observedGeneration ?? generation,
        replicas,
        readyReplicas: ready,
        updatedReplicas: updated,
        currentReplicas: replicas,
        availableReplicas: available,
        currentRevision: current,
        updateRevision: options.updateRevision ?? current,
        ...options.status,
      },
    },
  );
}

export interface DaemonSetOptions extends Omit<Workload, 'replicas'> {
  desired?: number;
  current?: number;
  misscheduled?: number;
  updateStrategy?: 'RollingUpdate' | 'OnDelete';
}

export function daemonSet(name: string, options: DaemonSetOptions = {}): KubeObject {
  const { desired = 1, generation = 1, updateStrategy = 'RollingUpdate' } = options;
  const { available = desired, updated = desired, current = desired, ready = available } = options;
  const { replicas: _none, ...spec } = common(name, options);
  return build(
    'apps/v1',
    'DaemonSet',
    name,
    { ...options, generation },
    {
      spec: { ...spec, updateStrategy: { type: updateStrategy }, ...options.spec },
      status: {
        observedGeneration: options.observedGeneration ?? generation,
        desiredNumberScheduled: desired,
        currentNumberScheduled: current,
        updatedNumberScheduled: updated,
        numberReady: ready,
        numberAvailable: available,
        numberMisscheduled: options.misscheduled ?? 0,
        ...options.status,
      },
    },
  );
}

export interface RolloutOptions extends Workload {
  phase?: string;
  message?: string;
  abort?: boolean;
  paused?: boolean;
}

/** argoproj.io/v1alpha1. */
export function rollout(name: string, options: RolloutOptions = {}): KubeObject {
  const { replicas = 1, generation = 1, phase = 'Healthy', message, abort, paused } = options;
  const { available = replicas, updated = replicas, ready = available } = options;
  return build(
    'argoproj.io/v1alpha1',
    'Rollout',
    name,
    { ...options, generation },
    {
      spec: { ...common(name, options), ...(paused !== undefined && { paused }), ...options.spec },
      status: {
        phase,
        ...(message && { message }),
        ...(abort !== undefined && { abort }),
        observedGeneration: String(options.observedGeneration ?? generation),
        replicas,
        updatedReplicas: updated,
        readyReplicas: ready,
        availableReplicas: available,
        ...(options.conditions && { conditions: options.conditions }),
        ...options.status,
      },
    },
  );
}
