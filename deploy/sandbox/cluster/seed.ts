import { applyDefaults } from './api/defaults.ts';
import { recordUpdate } from './api/managed-fields.ts';
import { prepareCreate } from './api/prepare.ts';
import { clone, type Json, type Obj } from './object.ts';
import type { World } from './world.ts';

const FIRST_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/**
 * Puts plain objects in as they are, past validation: defaults are filled in, a status and a creation time that are given stay, and
 * missing namespaces are made. Controllers take it from there.
 * @throws Error for a kind that is not served.
 */
export function plant(world: World, objects: readonly Json[]): void {
  for (const name of FIRST_NAMESPACES) plantNamespace(world, name);
  plantClasses(world);
  for (const given of objects) plantOne(world, given);
}

function plantClasses(world: World): void {
  for (const [name, value] of [
    ['system-cluster-critical', 2_000_000_000],
    ['system-node-critical', 2_000_001_000],
  ] as const) {
    if (world.store.get('priorityclasses.scheduling.k8s.io', undefined, name)) continue;
    const preemptionPolicy = 'PreemptLowerPriority';
    plantOne(world, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value,
      preemptionPolicy,
    });
  }
}

function plantNamespace(world: World, name: string): void {
  if (world.store.get('namespaces', undefined, name)) return;
  plantOne(world, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

function plantOne(world: World, given: Json): void {
  const resource = world.resources.byKind(given.apiVersion, given.kind);
  if (!resource) throw new Error(`The practice cluster does not serve ${given.apiVersion} ${given.kind}.`);
  const object = clone(given) as Obj;
  const { metadata } = object;
  if (resource.namespaced) {
    metadata.namespace ??= 'default';
    plantNamespace(world, metadata.namespace);
  }
  metadata.uid ??= world.newUid();
  metadata.creationTimestamp ??= world.timestamp();
  const { status } = object;
  applyDefaults(resource.kind, object);
  prepareCreate(world, resource, object);
  if (status !== undefined) object.status = status;
  recordUpdate(undefined, object, {
    manager: 'kubectl-client-side-apply',
    operation: 'Update',
    apiVersion: object.apiVersion,
    time: metadata.creationTimestamp,
  });
  world.store.put(resource.key, object);
}
