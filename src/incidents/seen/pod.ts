import type { SeenCondition, SeenMeta } from './object.ts';

export interface SeenPod {
  readonly kind: 'Pod';
  readonly metadata: SeenMeta;
  readonly spec: SeenPodSpec;
  readonly status: SeenPodStatus;
}

export interface SeenPodSpec {
  readonly nodeName?: string | undefined;
  readonly restartPolicy: string;
  readonly priorityClassName?: string | undefined;
  /** Names of its gates; empty for nearly all pods. */
  readonly schedulingGates: readonly string[];
  readonly activeDeadlineSeconds?: number | undefined;
  readonly hasImagePullSecrets: boolean;
  /** Names of the PersistentVolumeClaims that it mounts. */
  readonly claims: readonly string[];
  readonly readinessGates: readonly string[];
  readonly containers: readonly SeenContainer[];
  readonly initContainers: readonly SeenContainer[];
}

export interface SeenContainer {
  readonly name: string;
  readonly image: string;
  /** `Always` on an init container makes it a native sidecar. */
  readonly restartPolicy?: string | undefined;
  /** As written: `{ cpu: '100m', memory: '128Mi' }`. */
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  readonly livenessProbe?: SeenProbe | undefined;
  readonly readinessProbe?: SeenProbe | undefined;
  readonly startupProbe?: SeenProbe | undefined;
}

export interface SeenProbe {
  /** `http GET :8080/healthz`, `tcp :5432`, `exec pg_isready`, `grpc :50051`. */
  readonly what: string;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

export interface SeenPodStatus {
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly nominatedNodeName?: string | undefined;
  readonly startTime?: number | undefined;
  readonly conditions: readonly SeenCondition[];
  readonly containerStatuses: readonly SeenContainerStatus[];
  readonly initContainerStatuses: readonly SeenContainerStatus[];
}

export interface SeenContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: SeenContainerState;
  readonly lastState: SeenContainerState;
}

/** At most one of the three, as in the API; none of them means "waiting" with no reason. */
export interface SeenContainerState {
  readonly waiting?: { readonly reason: string; readonly message: string } | undefined;
  readonly running?: { readonly startedAt: number } | undefined;
  readonly terminated?: SeenTermination | undefined;
}

export interface SeenTermination {
  readonly exitCode: number;
  readonly signal?: number | undefined;
  readonly reason: string;
  readonly message: string;
  readonly startedAt: number;
  readonly finishedAt: number;
}
