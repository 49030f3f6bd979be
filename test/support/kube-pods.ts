import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { condition, type MetaOptions, metadata, time } from './kube-meta.ts';

/** A container's spec and status in one; by default it has run since the pod started. */
export interface ContainerOptions {
  name?: string;
  image?: string;
  /** `waiting(…)`, `running(…)`, `terminated(…)`. */
  state?: Record<string, unknown>;
  lastState?: Record<string, unknown>;
  restartCount?: number;
  ready?: boolean;
  started?: boolean;
  /** `Always` on an init container makes it a native sidecar. */
  restartPolicy?: string;
  requests?: Record<string, string>;
  limits?: Record<string, string>;
  livenessProbe?: Record<string, unknown>;
  readinessProbe?: Record<string, unknown>;
  startupProbe?: Record<string, unknown>;
}

export interface PodOptions extends MetaOptions {
  /** '' for a pod that has no node yet. Default `node-1`. */
  node?: string;
  phase?: string;
  reason?: string;
  message?: string;
  /** Default: one container `app`. */
  containers?: ContainerOptions[];
  initContainers?: ContainerOptions[];
  /** Seconds at which readiness last changed. Default: 10 s after creation. */
  readyAt?: number;
  /** Default: the phase is Running and every container is ready. */
  ready?: boolean;
  /** Over the usual ones, by type. */
  conditions?: ReturnType<typeof condition>[];
  /** Names of PersistentVolumeClaims. */
  claims?: string[];
  restartPolicy?: string;
  /** Laid over what the options above made. */
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

export function waiting(reason: string, message = ''): Record<string, unknown> {
  return { waiting: { reason, ...(message && { message }) } };
}

/** @param at seconds after T0. */
export function running(at = -3_590): Record<string, unknown> {
  return { running: { startedAt: time(at) } };
}

/** @param at when it finished, seconds after T0. */
export function terminated(
  at: number,
  options: { exitCode?: number; reason?: string; message?: string; signal?: number; startedAt?: number } = {},
): Record<string, unknown> {
  const { exitCode = 1, message, signal, startedAt = at - 5 } = options;
  return {
    terminated: {
      exitCode,
      reason: options.reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
      ...(message && { message }),
      ...(signal && { signal }),
      startedAt: time(startedAt),
      finishedAt: time(at),
      containerID: 'containerd://0123',
    },
  };
}

/** A pod as the API server sends it: healthy unless told otherwise, created an hour before T0. */
export function pod(name: string, options: PodOptions = {}): KubeObject {
  const created = options.createdAt ?? -3_600;
  const { phase = 'Running', node = 'node-1', containers = [{}], initContainers = [] } = options;
  const isRunning = phase === 'Running';
  const statuses = containers.map((one) => statusOf(one, isRunning, created));
  const ready = options.ready ?? (isRunning && statuses.every((status) => status.ready));
  const at = options.readyAt ?? created + 10;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata('Pod', name, options),
    spec: {
      restartPolicy: options.restartPolicy ?? 'Always',
      ...(node && { nodeName: node }),
      containers: containers.map(specOf),
      ...(initContainers.length > 0 && { initContainers: initContainers.map(specOf) }),
      volumes: (options.claims ?? []).map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
      ...options.spec,
    },
    status: {
      phase,
      ...(options.reason && { reason: options.reason }),
      ...(options.message && { message: options.message }),
      startTime: time(created),
      conditions: merged(podConditions(phase, ready, node !== '', created, at), options.conditions),
      containerStatuses: statuses,
      ...(initContainers.length > 0 && {
        initContainerStatuses: initContainers.map((one) =>
          statusOf(
            {
              state: one.restartPolicy === 'Always' ? running(created + 2) : terminated(created + 3, { exitCode: 0 }),
              ...one,
            },
            isRunning,
            created,
          ),
        ),
      }),
      ...options.status,
    },
  };
}

function specOf(one: ContainerOptions): Record<string, unknown> {
  return {
    name: one.name ?? 'app',
    image: one.image ?? 'registry.example.com/shop/web:1',
    resources: { ...(one.requests && { requests: one.requests }), ...(one.limits && { limits: one.limits }) },
    ...(one.restartPolicy && { restartPolicy: one.restartPolicy }),
    ...(one.livenessProbe && { livenessProbe: one.livenessProbe }),
    ...(one.readinessProbe && { readinessProbe: one.readinessProbe }),
    ...(one.startupProbe && { startupProbe: one.startupProbe }),
  };
}

function statusOf(one: ContainerOptions, isRunning: boolean, created: number) {
  const state = one.state ?? (isRunning ? running(created + 5) : waiting('ContainerCreating'));
  const runs = 'running' in state;
  return {
    name: one.name ?? 'app',
    image: one.image ?? 'registry.example.com/shop/web:1',
    imageID: '',
    ready: one.ready ?? runs,
    started: one.started ?? runs,
    restartCount: one.restartCount ?? 0,
    state,
    lastState: one.lastState ?? {},
  };
}

function podConditions(phase: string, ready: boolean, scheduled: boolean, created: number, readyAt: number) {
  const notReady = phase === 'Succeeded' ? 'PodCompleted' : 'ContainersNotReady';
  const readiness = (type: string) =>
    condition(type, ready, readyAt, ready ? '' : notReady, ready ? '' : 'containers with unready status: [app]');
  const isPast = phase !== 'Pending';
  return [
    condition('PodReadyToStartContainers', isPast, created + 2),
    condition('Initialized', isPast, created + 3),
    readiness('Ready'),
    readiness('ContainersReady'),
    condition('PodScheduled', scheduled, created, scheduled ? '' : 'Unschedulable'),
  ];
}

function merged(usual: ReturnType<typeof condition>[], own: ReturnType<typeof condition>[] = []) {
  return [...usual.filter(({ type }) => !own.some((one) => one.type === type)), ...own];
}
