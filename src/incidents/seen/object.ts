/**
 * What rules see of an object: the API's own names and nesting, only the fields that rules read, times as epoch milliseconds. A projection
 * in this folder makes it from raw JSON of any version of Kubernetes: what is missing or of a wrong type is left out, never an error.
 * Values are shared between objects where they are equal (labels, containers): nobody changes them.
 */
export interface SeenMeta {
  readonly name: string;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** 0 where the kind has none. */
  readonly generation: number;
  readonly creationTimestamp: number;
  /** The time at which the grace period ends (it already includes it). */
  readonly deletionTimestamp?: number | undefined;
  readonly finalizers?: readonly string[] | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Only those that rules or people's settings use (`ANNOTATIONS` in `projection.ts`). */
  readonly annotations: Readonly<Record<string, string>>;
  /** The controlling owner. */
  readonly owner?: SeenOwner | undefined;
}

export interface SeenOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface SeenCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** 0 when the API gave none. */
  readonly lastTransitionTime: number;
  /** Deployments only: when the controller last wrote it; the progress deadline counts from here. */
  readonly lastUpdateTime?: number | undefined;
}

/** matchLabels and matchExpressions as the API has them. Undefined: selects nothing. */
export interface SeenSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}
