import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { build, condition, type MetaOptions, time } from './kube-meta.ts';

type Conditions = ReturnType<typeof condition>[];
interface Over {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

export interface NodeOptions extends MetaOptions, Over {
  ready?: boolean | 'Unknown';
  /** Seconds at which readiness last changed. */
  readyAt?: number;
  heartbeatAt?: number;
  unschedulable?: boolean;
  taints?: { key: string; effect: string; value?: string; timeAdded?: string }[];
  /** Over the usual ones, by type. */
  conditions?: Conditions;
  allocatable?: Record<string, string>;
  bootID?: string;
  kubeletVersion?: string;
}

export function node(name: string, options: NodeOptions = {}): KubeObject {
  const { ready = true, readyAt = -3_500, unschedulable, taints, conditions: own = [] } = options;
  const reason = ready === true ? 'KubeletReady' : ready === 'Unknown' ? 'NodeStatusUnknown' : 'KubeletNotReady';
  const usual = [
    condition('MemoryPressure', false, -3_500, 'KubeletHasSufficientMemory'),
    condition('DiskPressure', false, -3_500, 'KubeletHasNoDiskPressure'),
    condition('PIDPressure', false, -3_500, 'KubeletHasSufficientPID'),
    condition('Ready', ready, readyAt, reason),
  ].filter(({ type }) => !own.some((one) => one.type === type));
  return build('v1', 'Node', name, options, {
    spec: { ...(unschedulable !== undefined && { unschedulable }), ...(taints && { taints }), ...options.spec },
    status: {
      allocatable: options.allocatable ?? { cpu: '8', memory: '32Gi', pods: '110' },
      capacity: { cpu: '8', memory: '32Gi', pods: '110' },
      conditions: [...usual, ...own].map((one) => ({ ...one, lastHeartbeatTime: time(options.heartbeatAt ?? 0) })),
      nodeInfo: {
        bootID: options.bootID ?? `boot-${name}-1`,
        kubeletVersion: options.kubeletVersion ?? 'v1.36.0',
        osImage: 'Flatcar Container Linux 4593.1.0',
        kernelVersion: '6.12.60',
      },
      ...options.status,
    },
  });
}

export function namespace(name: string, options: MetaOptions & { phase?: string } = {}): KubeObject {
  return build('v1', 'Namespace', name, options, { spec: {}, status: { phase: options.phase ?? 'Active' } });
}

export interface HpaOptions extends MetaOptions, Over {
  min?: number;
  max?: number;
  current?: number;
  desired?: number;
  /** Default: the Deployment of the same name. */
  target?: { apiVersion: string; kind: string; name: string };
  conditions?: Conditions;
  lastScaleAt?: number;
}

/** A HorizontalPodAutoscaler, autoscaling/v2. */
export function hpa(name: string, options: HpaOptions = {}): KubeObject {
  const { min = 1, max = 10, current = min, desired = current, generation = 1 } = options;
  const resource = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } };
  return build(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    name,
    { ...options, generation },
    {
      spec: {
        minReplicas: min,
        maxReplicas: max,
        scaleTargetRef: options.target ?? { apiVersion: 'apps/v1', kind: 'Deployment', name },
        metrics: [{ type: 'Resource', resource }],
        ...options.spec,
      },
      status: {
        observedGeneration: generation,
        currentReplicas: current,
        desiredReplicas: desired,
        ...(options.lastScaleAt !== undefined && { lastScaleTime: time(options.lastScaleAt) }),
        currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 40 } } }],
        conditions: options.conditions ?? [
          condition('AbleToScale', true, -3_500, 'ReadyForNewScale'),
          condition('ScalingActive', true, -3_500, 'ValidMetricFound'),
          condition('ScalingLimited', false, -3_500, 'DesiredWithinRange'),
        ],
        ...options.status,
      },
    },
  );
}

export interface PdbOptions extends MetaOptions, Over {
  currentHealthy?: number;
  desiredHealthy?: number;
  disruptionsAllowed?: number;
  expectedPods?: number;
  matchLabels?: Record<string, string>;
  conditions?: Conditions;
}

/** A PodDisruptionBudget, policy/v1. */
export function pdb(name: string, options: PdbOptions = {}): KubeObject {
  const { currentHealthy = 2, desiredHealthy = 1, expectedPods = 2, generation = 1 } = options;
  const disruptionsAllowed = options.disruptionsAllowed ?? Math.max(0, currentHealthy - desiredHealthy);
  return build(
    'policy/v1',
    'PodDisruptionBudget',
    name,
    { ...options, generation },
    {
      spec: {
        minAvailable: desiredHealthy,
        selector: { matchLabels: options.matchLabels ?? { app: name } },
        ...options.spec,
      },
      status: {
        observedGeneration: generation,
        currentHealthy,
        desiredHealthy,
        disruptionsAllowed,
        expectedPods,
        conditions: options.conditions ?? [
          condition(
            'DisruptionAllowed',
            disruptionsAllowed > 0,
            -3_500,
            disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods',
          ),
        ],
        ...options.status,
      },
    },
  );
}

export interface ClaimOptions extends MetaOptions, Over {
  phase?: string;
  storageClassName?: string;
  volumeName?: string;
}

/** A PersistentVolumeClaim. */
export function pvc(name: string, options: ClaimOptions = {}): KubeObject {
  const {
    phase = 'Bound',
    storageClassName = 'standard',
    volumeName = phase === 'Pending' ? '' : `pv-${name}`,
  } = options;
  return build('v1', 'PersistentVolumeClaim', name, options, {
    spec: { storageClassName, ...(volumeName && { volumeName }), accessModes: ['ReadWriteOnce'], ...options.spec },
    status: { phase, ...options.status },
  });
}

export interface VolumeOptions extends MetaOptions, Over {
  phase?: string;
  reason?: string;
  message?: string;
  storageClassName?: string;
  claim?: { namespace: string; name: string };
  transitionAt?: number;
}

/** A PersistentVolume. */
export function pv(name: string, options: VolumeOptions = {}): KubeObject {
  const { phase = 'Bound', reason, message, claim, transitionAt } = options;
  return build('v1', 'PersistentVolume', name, options, {
    spec: {
      storageClassName: options.storageClassName ?? 'standard',
      ...(claim && { claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim } }),
      ...options.spec,
    },
    status: {
      phase,
      ...(reason && { reason }),
      ...(message && { message }),
      ...(transitionAt !== undefined && { lastPhaseTransitionTime: time(transitionAt) }),
      ...options.status,
    },
  });
}

export function storageClass(name: string, options: MetaOptions & { volumeBindingMode?: string } = {}): KubeObject {
  const body = { provisioner: 'csi.example.com', volumeBindingMode: options.volumeBindingMode ?? 'Immediate' };
  return build('storage.k8s.io/v1', 'StorageClass', name, options, body);
}

/** A ResourceQuota. */
export function quota(
  name: string,
  options: MetaOptions & { hard?: Record<string, string>; used?: Record<string, string> } = {},
): KubeObject {
  const { hard = { pods: '10' }, used = { pods: '1' } } = options;
  return build('v1', 'ResourceQuota', name, options, { spec: { hard }, status: { hard, used } });
}
