import { type Json, type Obj, rfc3339 } from '../object.ts';
import type { Resource } from '../resources.ts';
import { conflict, invalid, notFound } from '../status.ts';
import type { World } from '../world.ts';
import { isHeld } from './write.ts';

export interface DeleteOptions {
  gracePeriodSeconds?: number | undefined;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  orphanDependents?: boolean | undefined;
  preconditions?: { uid?: string; resourceVersion?: string } | undefined;
  isDryRun?: boolean | undefined;
}

const POLICIES = ['Foreground', 'Background', 'Orphan'];

/** Kinds whose delete answers with the object instead of a Status. */
const ANSWERS_WITH_OBJECT = new Set([
  'Pod',
  'Service',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'ServiceAccount',
  'ResourceQuota',
]);

/**
 * Deletes gracefully: pods wait for their kubelet, finalizers hold, dependents go, stay or go first by the propagation policy.
 * @returns the answer's body: a Status, or the object while it is still there.
 * @throws ApiError 404, 409 when a precondition does not hold.
 */
export function remove(
  world: World,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
): Json {
  const current = world.store.get(resource.key, namespace, name);
  if (!current) throw notFound(resource, name);
  const { metadata } = current;
  checkOptions(resource, current, options);
  const next = marked(world, resource, current, options);
  const stays = isHeld(resource, next);
  if (!options.isDryRun) {
    if (!stays) world.store.remove(resource.key, next);
    else if (next !== current) world.store.put(resource.key, next);
  }
  if (stays) return next;
  if (!ANSWERS_WITH_OBJECT.has(resource.kind)) return success(resource, name, metadata.uid);
  return resource.kind === 'Pod' ? next : current;
}

function checkOptions(resource: Resource, { metadata }: Obj, options: DeleteOptions): void {
  const { name } = metadata;
  const policy = options.propagationPolicy;
  if (policy !== undefined && !POLICIES.includes(policy)) {
    const detail = 'supported values: "Foreground", "Background", "Orphan", "nil"';
    const error = { field: 'propagationPolicy', type: 'Unsupported value', value: policy, detail } as const;
    throw invalid('meta.k8s.io', 'DeleteOptions', '', [error]);
  }
  // The real server names the kind here where everything else names the resource.
  const named = { group: resource.group, plural: resource.kind };
  const { uid, resourceVersion } = options.preconditions ?? {};
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      named,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      named,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

function marked(world: World, resource: Resource, current: Obj, options: DeleteOptions): Obj {
  const grace = graceOf(resource, current, options);
  const { metadata } = current;
  const isShorter = metadata.deletionTimestamp !== undefined && grace < (metadata.deletionGracePeriodSeconds ?? 0);
  if (metadata.deletionTimestamp && !isShorter) return current;
  const finalizers = [...(metadata.finalizers ?? [])];
  const policy = policyOf(resource, options);
  const waitsFor = policy === 'Foreground' ? 'foregroundDeletion' : policy === 'Orphan' ? 'orphan' : undefined;
  if (waitsFor && !finalizers.includes(waitsFor)) finalizers.push(waitsFor);
  const next: Obj = {
    ...current,
    metadata: {
      ...metadata,
      deletionTimestamp: rfc3339(world.clock() + grace * 1_000),
      deletionGracePeriodSeconds: grace,
      ...(finalizers.length > 0 ? { finalizers } : {}),
      ...(metadata.generation === undefined ? {} : { generation: metadata.generation + 1 }),
    },
  };
  if (resource.kind === 'Namespace') next.status = { ...next.status, phase: 'Terminating' };
  return next;
}

function graceOf(resource: Resource, current: Obj, options: DeleteOptions): number {
  if (resource.kind !== 'Pod') return 0;
  const isUnscheduled = !current.spec?.nodeName;
  const isFinished = current.status?.phase === 'Succeeded' || current.status?.phase === 'Failed';
  if (isUnscheduled || isFinished) return 0;
  return options.gracePeriodSeconds ?? current.spec?.terminationGracePeriodSeconds ?? 30;
}

function policyOf(resource: Resource, options: DeleteOptions): DeleteOptions['propagationPolicy'] {
  if (options.propagationPolicy) return options.propagationPolicy;
  if (options.orphanDependents !== undefined) return options.orphanDependents ? 'Orphan' : 'Background';
  // Kept by Kubernetes for clients from before garbage collection.
  return resource.kind === 'Job' || resource.kind === 'ReplicationController' ? 'Orphan' : 'Background';
}

function success(resource: Resource, name: string, uid: string): Json {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(resource.group ? { group: resource.group } : {}), kind: resource.plural, uid },
  };
}
