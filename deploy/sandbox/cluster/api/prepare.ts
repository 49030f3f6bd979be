import { clone, isSame, type Json, type Obj } from '../object.ts';
import type { Resource } from '../resources.ts';
import type { World } from '../world.ts';

/** Kinds whose `metadata.generation` counts changes of what is wanted. */
const COUNTED = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'PodDisruptionBudget',
  'Ingress',
  'CustomResourceDefinition',
  'Pod',
]);

/** Statuses whose zeros are printed, before any controller has looked. */
const FIRST_STATUS: Record<string, Json> = {
  StatefulSet: { replicas: 0, availableReplicas: 0 },
  DaemonSet: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  PodDisruptionBudget: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  HorizontalPodAutoscaler: { desiredReplicas: 0, currentMetrics: null },
  Ingress: { loadBalancer: {} },
};

/** Whether a resource keeps its status behind `/status`. */
export function hasStatus(resource: Resource): boolean {
  return resource.subresources.includes('status');
}

let lastAddress = 0;

/** What the kinds' own create strategies do: status starts empty, generation at 1, addresses are handed out. In place. */
export function prepareCreate(world: World, resource: Resource, object: Obj): void {
  if (COUNTED.has(resource.kind) || resource.custom) object.metadata.generation = 1;
  if (hasStatus(resource)) delete object.status;
  if (resource.kind === 'Service' || resource.kind === 'PersistentVolumeClaim') object.spec ??= {};
  switch (resource.kind) {
    case 'Pod':
      object.status = { phase: 'Pending', qosClass: qosClass(object.spec) };
      break;
    case 'Namespace':
      object.status = { phase: 'Active' };
      break;
    case 'PersistentVolumeClaim':
      object.status = { phase: 'Pending' };
      break;
    case 'Service':
      object.status = { loadBalancer: {} };
      if (!object.spec.clusterIP && object.spec.type !== 'ExternalName') {
        lastAddress = (lastAddress + 1) % 60_000;
        object.spec.clusterIP = `10.96.${Math.floor(lastAddress / 250)}.${(lastAddress % 250) + 1}`;
      }
      if (object.spec.clusterIP) object.spec.clusterIPs ??= [object.spec.clusterIP];
      break;
    case 'Event':
      object.reportingComponent ??= object.source?.component ?? '';
      object.reportingInstance ??= '';
      object.metadata.creationTimestamp = world.timestamp();
      break;
    case 'DaemonSet':
      object.metadata.annotations = {
        ...object.metadata.annotations,
        'deprecated.daemonset.template.generation': String(object.metadata.generation),
      };
      object.status = clone(FIRST_STATUS.DaemonSet);
      break;
    default:
      if (!resource.custom && hasStatus(resource)) object.status = clone(FIRST_STATUS[resource.kind] ?? {});
  }
}

/**
 * The object as it will be stored: server-owned metadata is kept; a status writer changes only the status, anybody else everything
 * but it; the generation counts when what is wanted changes.
 */
export function prepareUpdate(resource: Resource, current: Obj, wanted: Obj, subresource: 'status' | undefined): Obj {
  const metadata = { ...(wanted.metadata ?? {}) } as Obj['metadata'];
  for (const field of [
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generateName',
    'managedFields',
  ] as const) {
    keep(metadata, current.metadata, field);
  }
  if (subresource === 'status') {
    const isMetadataOpen = resource.kind === 'Node' || resource.kind === 'Pod';
    const after: Obj = {
      ...current,
      metadata: isMetadataOpen
        ? { ...current.metadata, ...pick(metadata, 'labels', 'annotations', 'finalizers') }
        : { ...current.metadata },
    };
    if (wanted.status === undefined) delete after.status;
    else after.status = wanted.status;
    return after;
  }
  const after: Obj = { ...wanted, apiVersion: current.apiVersion, kind: current.kind, metadata };
  if (hasStatus(resource)) {
    if (current.status === undefined) delete after.status;
    else after.status = current.status;
  }
  if (resource.kind === 'Pod') keepPodFields(current, after);
  if (resource.kind === 'Service')
    after.spec = {
      ...after.spec,
      clusterIP: after.spec?.clusterIP ?? current.spec.clusterIP,
      clusterIPs: after.spec?.clusterIPs ?? current.spec.clusterIPs,
    };
  if (resource.kind === 'Namespace') after.spec = current.spec;
  if ((COUNTED.has(resource.kind) || resource.custom) && isIntentChanged(current, after)) {
    metadata.generation = (current.metadata.generation ?? 0) + 1;
  }
  return after;
}

function keepPodFields(current: Obj, after: Obj): void {
  after.spec = { ...after.spec };
  for (const field of [
    'nodeName',
    'serviceAccountName',
    'tolerations',
    'schedulerName',
    'priority',
    'enableServiceLinks',
    'serviceAccount',
    'preemptionPolicy',
  ]) {
    if (after.spec[field] === undefined && current.spec[field] !== undefined) after.spec[field] = current.spec[field];
  }
}

function isIntentChanged(current: Obj, after: Obj): boolean {
  const intent = ({ metadata: _m, status: _s, ...rest }: Obj): Json => rest;
  return !isSame(intent(current), intent(after));
}

function keep(target: Json, source: Json, field: string): void {
  if (source[field] === undefined) delete target[field];
  else target[field] = source[field];
}

function pick(source: Json, ...fields: string[]): Json {
  return Object.fromEntries(
    fields.filter((field) => source[field] !== undefined).map((field) => [field, source[field]]),
  );
}

function qosClass(spec: Json): string {
  const all: Json[] = (spec?.containers ?? []).map((container: Json) => container.resources ?? {});
  if (all.every((resources) => !resources.requests && !resources.limits)) return 'BestEffort';
  const isGuaranteed = all.every(
    ({ requests, limits }) =>
      limits?.cpu && limits?.memory && requests?.cpu === limits.cpu && requests?.memory === limits.memory,
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
