import type { SeenCondition, SeenMeta, SeenSelector } from './object.ts';
import type { SeenContainer } from './pod.ts';

/** The part of a pod template that rules and diffs read. */
export interface SeenTemplate {
  /** Digest of the whole raw template, so that any change of it is noticed. */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly SeenContainer[];
  readonly initContainers: readonly SeenContainer[];
}

export interface SeenDeployment {
  readonly kind: 'Deployment';
  readonly metadata: SeenMeta;
  readonly spec: {
    /** 1 when absent, as the API defaults it. */
    readonly replicas: number;
    readonly paused: boolean;
    readonly minReadySeconds: number;
    /** 600 when absent; 2147483647 means none. */
    readonly progressDeadlineSeconds: number;
    readonly strategy: string;
    /** As written: `25%` or `1`. */
    readonly maxUnavailable: string;
    readonly selector: SeenSelector | undefined;
    readonly template: SeenTemplate;
  };
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly updatedReplicas: number;
    readonly readyReplicas: number;
    readonly availableReplicas: number;
    readonly unavailableReplicas: number;
    readonly conditions: readonly SeenCondition[];
  };
}

export interface SeenReplicaSet {
  readonly kind: 'ReplicaSet';
  readonly metadata: SeenMeta;
  readonly spec: { readonly replicas: number; readonly template: SeenTemplate };
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly readyReplicas: number;
    readonly availableReplicas: number;
    readonly conditions: readonly SeenCondition[];
  };
}

export interface SeenStatefulSet {
  readonly kind: 'StatefulSet';
  readonly metadata: SeenMeta;
  readonly spec: {
    readonly replicas: number;
    readonly minReadySeconds: number;
    /** `RollingUpdate` or `OnDelete`. */
    readonly updateStrategy: string;
    readonly partition: number;
    readonly podManagementPolicy: string;
    readonly selector: SeenSelector | undefined;
    readonly template: SeenTemplate;
  };
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly readyReplicas: number;
    readonly updatedReplicas: number;
    readonly currentReplicas: number;
    readonly availableReplicas: number;
    readonly currentRevision: string;
    readonly updateRevision: string;
  };
}

export interface SeenDaemonSet {
  readonly kind: 'DaemonSet';
  readonly metadata: SeenMeta;
  readonly spec: {
    readonly minReadySeconds: number;
    readonly updateStrategy: string;
    readonly selector: SeenSelector | undefined;
    readonly template: SeenTemplate;
  };
  readonly status: {
    readonly observedGeneration: number;
    readonly desiredNumberScheduled: number;
    readonly currentNumberScheduled: number;
    readonly updatedNumberScheduled: number;
    readonly numberReady: number;
    readonly numberAvailable: number;
    readonly numberMisscheduled: number;
  };
}

export interface SeenJob {
  readonly kind: 'Job';
  readonly metadata: SeenMeta;
  readonly spec: {
    readonly completions?: number | undefined;
    readonly backoffLimit: number;
    readonly activeDeadlineSeconds?: number | undefined;
    readonly suspend: boolean;
    readonly template: SeenTemplate;
  };
  readonly status: {
    readonly active: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly startTime?: number | undefined;
    readonly completionTime?: number | undefined;
    readonly conditions: readonly SeenCondition[];
  };
}

export interface SeenCronJob {
  readonly kind: 'CronJob';
  readonly metadata: SeenMeta;
  readonly spec: {
    readonly schedule: string;
    readonly timeZone?: string | undefined;
    readonly suspend: boolean;
    readonly concurrencyPolicy: string;
    readonly startingDeadlineSeconds?: number | undefined;
  };
  readonly status: {
    readonly lastScheduleTime?: number | undefined;
    readonly lastSuccessfulTime?: number | undefined;
    /** Names of the Jobs that run now. */
    readonly active: readonly string[];
  };
}

/** argoproj.io Rollout, where the cluster has it. */
export interface SeenRollout {
  readonly kind: 'Rollout';
  readonly metadata: SeenMeta;
  readonly spec: { readonly replicas: number; readonly paused: boolean; readonly template: SeenTemplate };
  readonly status: {
    readonly phase: string;
    readonly message: string;
    readonly abort: boolean;
    readonly availableReplicas: number;
    readonly updatedReplicas: number;
    /** When the current pause began; 0 for none. */
    readonly pauseStartTime: number;
    /** Whether the pause ends by itself. */
    readonly pauseHasDuration: boolean;
    readonly conditions: readonly SeenCondition[];
  };
}
