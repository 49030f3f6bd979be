/** A served resource: one row of discovery. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
  readonly verbs: readonly string[];
  /** Where its objects live: two rows with one `key` are two views of the same objects (autoscaling v1 and v2, the two kinds of events). */
  readonly key: string;
  /** Set for resources that come from a CustomResourceDefinition. */
  readonly custom?: CustomPart;
}

export interface CustomPart {
  readonly scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string } | undefined;
  readonly columns: readonly {
    name: string;
    type: string;
    jsonPath: string;
    format?: string;
    description?: string;
    priority?: number;
  }[];
}

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

interface RowOptions {
  short?: string[];
  categories?: string[];
  sub?: string[];
  cluster?: boolean;
  verbs?: string[];
  key?: string;
}

function row(groupVersion: string, plural: string, kind: string, options: RowOptions = {}): Resource {
  const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
  return {
    group: group as string,
    version: version as string,
    plural,
    singular: kind.toLowerCase(),
    kind,
    shortNames: options.short ?? [],
    namespaced: !options.cluster,
    categories: options.categories ?? [],
    subresources: options.sub ?? [],
    verbs: options.verbs ?? ALL_VERBS,
    key: options.key ?? (group === '' ? plural : `${plural}.${group}`),
  };
}

const ALL = { categories: ['all'] };
const SCALABLE = { ...ALL, sub: ['status', 'scale'] };
const REVIEW = { verbs: ['create'] };

/** What is served without CustomResourceDefinitions, in the group order of a real API server. */
export const BUILT_IN: readonly Resource[] = [
  row('v1', 'bindings', 'Binding', { verbs: ['create'] }),
  row('v1', 'configmaps', 'ConfigMap', { short: ['cm'] }),
  row('v1', 'endpoints', 'Endpoints', { short: ['ep'] }),
  row('v1', 'events', 'Event', { short: ['ev'] }),
  row('v1', 'limitranges', 'LimitRange', { short: ['limits'] }),
  row('v1', 'namespaces', 'Namespace', {
    short: ['ns'],
    cluster: true,
    sub: ['finalize', 'status'],
    verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
  }),
  row('v1', 'nodes', 'Node', { short: ['no'], cluster: true, sub: ['status'] }),
  row('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', { short: ['pvc'], sub: ['status'] }),
  row('v1', 'persistentvolumes', 'PersistentVolume', { short: ['pv'], cluster: true, sub: ['status'] }),
  row('v1', 'pods', 'Pod', { ...ALL, short: ['po'], sub: ['binding', 'eviction', 'log', 'status'] }),
  row('v1', 'replicationcontrollers', 'ReplicationController', { ...SCALABLE, short: ['rc'] }),
  row('v1', 'resourcequotas', 'ResourceQuota', { short: ['quota'], sub: ['status'] }),
  row('v1', 'secrets', 'Secret'),
  row('v1', 'serviceaccounts', 'ServiceAccount', { short: ['sa'] }),
  row('v1', 'services', 'Service', { ...ALL, short: ['svc'], sub: ['status'] }),
  row('apps/v1', 'controllerrevisions', 'ControllerRevision'),
  row('apps/v1', 'daemonsets', 'DaemonSet', { ...ALL, short: ['ds'], sub: ['status'] }),
  row('apps/v1', 'deployments', 'Deployment', { ...SCALABLE, short: ['deploy'] }),
  row('apps/v1', 'replicasets', 'ReplicaSet', { ...SCALABLE, short: ['rs'] }),
  row('apps/v1', 'statefulsets', 'StatefulSet', { ...SCALABLE, short: ['sts'] }),
  row('events.k8s.io/v1', 'events', 'Event', { short: ['ev'], key: 'events' }),
  row('authorization.k8s.io/v1', 'localsubjectaccessreviews', 'LocalSubjectAccessReview', REVIEW),
  row('authorization.k8s.io/v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', { ...REVIEW, cluster: true }),
  row('authorization.k8s.io/v1', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', { ...REVIEW, cluster: true }),
  row('authorization.k8s.io/v1', 'subjectaccessreviews', 'SubjectAccessReview', { ...REVIEW, cluster: true }),
  row('autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
    ...ALL,
    short: ['hpa'],
    sub: ['status'],
  }),
  row('autoscaling/v1', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
    ...ALL,
    short: ['hpa'],
    sub: ['status'],
  }),
  row('batch/v1', 'cronjobs', 'CronJob', { ...ALL, short: ['cj'], sub: ['status'] }),
  row('batch/v1', 'jobs', 'Job', { ...ALL, sub: ['status'] }),
  row('networking.k8s.io/v1', 'ingresses', 'Ingress', { short: ['ing'], sub: ['status'] }),
  row('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', { short: ['pdb'], sub: ['status'] }),
  row('storage.k8s.io/v1', 'storageclasses', 'StorageClass', { short: ['sc'], cluster: true }),
  row('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition', {
    short: ['crd', 'crds'],
    categories: ['api-extensions'],
    cluster: true,
    sub: ['status'],
  }),
  row('scheduling.k8s.io/v1', 'priorityclasses', 'PriorityClass', { short: ['pc'], cluster: true }),
  row('coordination.k8s.io/v1', 'leases', 'Lease'),
  row('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
];

/** The resources being served now: the built-in ones, and those that CustomResourceDefinitions add and take away. */
export class Resources {
  readonly #byPath = new Map<string, Resource>();
  readonly #custom = new Map<string, Resource[]>();

  constructor() {
    for (const resource of BUILT_IN) this.#byPath.set(pathOf(resource), resource);
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  /** The first served view of a kind, for owner references and seeds. */
  byKind(apiVersion: string, kind: string): Resource | undefined {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    return this.all().find(
      (resource) => resource.kind === kind && resource.group === group && resource.version === version,
    );
  }

  all(): Resource[] {
    return [...this.#byPath.values()];
  }

  has(group: string, version: string): boolean {
    return this.all().some((resource) => resource.group === group && resource.version === version);
  }

  /** Replaces what one CustomResourceDefinition serves; an empty list takes it away. */
  setCustom(definition: string, resources: Resource[]): void {
    for (const old of this.#custom.get(definition) ?? []) this.#byPath.delete(pathOf(old));
    for (const resource of resources) this.#byPath.set(pathOf(resource), resource);
    this.#custom.set(definition, resources);
  }
}

function pathOf(resource: Resource): string {
  return `${resource.group}/${resource.version}/${resource.plural}`;
}

export const CUSTOM_VERBS = ALL_VERBS;

/** `apps/v1`, or `v1` in the core group. */
export function groupVersionOf(resource: Pick<Resource, 'group' | 'version'>): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}
