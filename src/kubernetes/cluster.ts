import type { ActingFor } from './impersonation.ts';

/** A Kubernetes cluster as everybody else sees it: raw JSON in kubectl's words. Only this room knows `@kubernetes/client-node`. */
export interface Cluster {
  /** The alias from the config file. */
  readonly name: string;
  /** The kubeconfig context behind the alias, where there is one. */
  readonly context?: string;
  /** The namespace used when none is named. */
  readonly defaultNamespace: string;
  /** Whether the config marks it as production: shown as PROD in every header. */
  readonly isProduction: boolean;

  /**
   * One HTTP call. Path segments are encoded one by one; text from users never meets a path otherwise.
   * @throws NotFoundError | PermissionError | ConflictError | UsageError (422, 400) | UnavailableError (network, 429, 5xx, deadline), in
   * kubectl's words (`Error from server (NotFound): deployments.apps "web" not found`).
   */
  request<T = KubeObject>(call: Call): Promise<T>;
  /** A watch from a resourceVersion: yields events until `signal` aborts; ends by throwing `Gone` (410) or UnavailableError. */
  watch(call: WatchCall): AsyncIterable<WatchEvent>;

  /** Finds what a typed word means (`po`, `deploy`, `deployments.apps`, `all`), refreshing discovery once on a miss. @throws NotFoundError with the nearest word. */
  resolve(word: string): Promise<readonly Resource[]>;
  version(): Promise<string>;
}

export interface Resource {
  readonly group: string;
  readonly version: string;
  /** Plural, as in the URL: `deployments`. */
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly categories: readonly string[];
  /** `scale`, `status`, `eviction`, … */
  readonly subresources: readonly string[];
}

export interface Call {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly resource: Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced'>;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?:
    | 'application/json'
    | 'application/merge-patch+json'
    | 'application/json-patch+json'
    | 'application/strategic-merge-patch+json'
    | 'application/apply-patch+yaml';
  /** Accept header; default `application/json`. Tables: `TABLE_ACCEPT`. */
  readonly accept?: string;
  /** `text`: the body as it stands (logs), for `request<string>`. Default `json`. */
  readonly answer?: 'json' | 'text';
  /**
   * For large lists: gets the items one by one as they arrive, which may lack `managedFields`; the answer is the list without them. When the call
   * throws, some have been handed over already.
   */
  readonly each?: (item: KubeObject) => void;
  /** Default 10 s. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** On whose behalf: sent as impersonation, so that the cluster decides about them and not about Shipmate. */
  readonly as?: ActingFor | undefined;
}

export interface WatchCall extends Omit<Call, 'method' | 'body' | 'contentType' | 'each'> {
  readonly resourceVersion: string;
  /** Objects may lack `managedFields`, which are a third of what a large watch costs. */
  readonly isLean?: boolean;
  /** The server has taken the watch (200), once per connection: from now on it would tell. */
  readonly onOpen?: () => void;
}

export type WatchEvent = { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: KubeObject };

export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  // biome-ignore lint/suspicious/noExplicitAny: raw JSON from a server that may be newer than us; readers check what they read.
  [field: string]: any;
}

export interface ObjectMeta {
  name?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
  managedFields?: {
    manager?: string;
    operation?: string;
    subresource?: string;
    time?: string;
    apiVersion?: string;
    fieldsV1?: unknown;
  }[];
  [field: string]: unknown;
}

/** The clusters of the config file. */
export interface Clusters {
  readonly names: readonly string[];
  /** By alias, or the default one. @throws NotFoundError with the nearest alias; UsageError when there is no default and none is named. */
  get(alias?: string): Cluster;
  all(): readonly Cluster[];
}
