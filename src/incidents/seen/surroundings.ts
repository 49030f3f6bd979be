import type { SeenCondition, SeenMeta, SeenSelector } from './object.ts';

export interface SeenNode {
  readonly kind: 'Node';
  readonly metadata: SeenMeta;
  readonly spec: {
    readonly unschedulable: boolean;
    readonly taints: readonly {
      readonly key: string;
      readonly value: string;
      readonly effect: string;
      readonly timeAdded: number;
    }[];
  };
  readonly status: {
    /** As written: `{ pods: '110', cpu: '8' }`. */
    readonly allocatable: Readonly<Record<string, string>>;
    readonly conditions: readonly (SeenCondition & { readonly lastHeartbeatTime: number })[];
    readonly nodeInfo: {
      readonly bootID: string;
      readonly kubeletVersion: string;
      readonly osImage: string;
      readonly kernelVersion: string;
    };
  };
}

export interface SeenNamespace {
  readonly kind: 'Namespace';
  readonly metadata: SeenMeta;
  readonly status: { readonly phase: string };
}

export interface SeenHorizontalPodAutoscaler {
  readonly kind: 'HorizontalPodAutoscaler';
  readonly metadata: SeenMeta;
  readonly spec: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly target: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  };
  readonly status: {
    readonly observedGeneration: number;
    readonly currentReplicas: number;
    readonly desiredReplicas: number;
    readonly lastScaleTime: number;
    /** Current against target, in words: `cpu 92% of 70%`. */
    readonly metrics: readonly string[];
    readonly conditions: readonly SeenCondition[];
  };
}

export interface SeenPodDisruptionBudget {
  readonly kind: 'PodDisruptionBudget';
  readonly metadata: SeenMeta;
  readonly spec: { readonly selector: SeenSelector | undefined };
  readonly status: {
    readonly observedGeneration: number;
    readonly currentHealthy: number;
    readonly desiredHealthy: number;
    readonly disruptionsAllowed: number;
    readonly expectedPods: number;
    readonly conditions: readonly SeenCondition[];
  };
}

export interface SeenPersistentVolumeClaim {
  readonly kind: 'PersistentVolumeClaim';
  readonly metadata: SeenMeta;
  readonly spec: { readonly storageClassName: string; readonly volumeName: string };
  readonly status: { readonly phase: string };
}

export interface SeenPersistentVolume {
  readonly kind: 'PersistentVolume';
  readonly metadata: SeenMeta;
  readonly spec: {
    readonly storageClassName: string;
    readonly claim?: { readonly namespace: string; readonly name: string } | undefined;
  };
  readonly status: {
    readonly phase: string;
    readonly reason: string;
    readonly message: string;
    readonly lastPhaseTransitionTime: number;
  };
}

export interface SeenStorageClass {
  readonly kind: 'StorageClass';
  readonly metadata: SeenMeta;
  readonly volumeBindingMode: string;
}

export interface SeenResourceQuota {
  readonly kind: 'ResourceQuota';
  readonly metadata: SeenMeta;
  readonly status: { readonly hard: Readonly<Record<string, string>>; readonly used: Readonly<Record<string, string>> };
}

/** Evidence only: best effort, aggregated, gone after an hour. Found by the object that they are about. */
export interface SeenEvent {
  /** uid of the object that it is about. */
  readonly about: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstTimestamp: number;
  readonly lastTimestamp: number;
}

/** Shipmate itself, as one more thing that can be ill: made by the watcher, not by a cluster. */
export interface SeenShipmate {
  readonly kind: 'Shipmate';
  readonly metadata: SeenMeta;
  readonly status: {
    /** Per watched kind: how long ago the last event or bookmark came while a relist showed that the world had moved on; 0 when it flows. */
    readonly watches: readonly { readonly resource: string; readonly staleSince: number; readonly error: string }[];
    /** Since when the oldest undelivered message waits; 0 for none. */
    readonly outboxSince: number;
    readonly outboxPending: number;
    /** Evaluation lag in ms: how long the oldest change has waited to be judged. */
    readonly lagMs: number;
    /** Inbound heartbeats (Alertmanager's Watchdog and others) that are overdue. */
    readonly heartbeats: readonly { readonly name: string; readonly overdueSince: number }[];
    /** Since when the outbound dead-man ping fails; 0 when it works or is not configured. */
    readonly pingFailingSince: number;
  };
}
