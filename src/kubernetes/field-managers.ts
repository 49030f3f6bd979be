import type { KubeObject } from './cluster.ts';

/** The name under which Shipmate's writes stand in `managedFields`. */
export const FIELD_MANAGER = 'shipmate';

export interface FieldManager {
  readonly manager: string;
  readonly time: string;
}

/** Who last changed the object's wishes (not its status), as far as `managedFields` tell; undefined when they do not. */
export function lastChange(object: KubeObject): FieldManager | undefined {
  return (object.metadata.managedFields ?? [])
    .filter((entry) => entry.subresource !== 'status' && entry.time !== undefined)
    .map((entry) => ({ manager: entry.manager ?? '', time: entry.time ?? '' }))
    .filter((entry) => entry.manager !== '')
    .sort((a, b) => (a.time < b.time ? 1 : -1))
    .at(0);
}

/**
 * Whether the last write of the replicas was Shipmate's. An update that changes a field takes it from whoever had it, so the entry is there
 * exactly while nobody else has changed the replicas since. (Entries of the scale subresource carry no time on a real API server, 1.36.)
 */
export function isScaledByUs(object: KubeObject): boolean {
  return (object.metadata.managedFields ?? []).some(
    (entry) => entry.manager === FIELD_MANAGER && entry.subresource === 'scale',
  );
}

/** Who declares `spec.replicas` by server-side apply and will set it back with the next apply. */
export function replicasAppliedBy(object: KubeObject): string | undefined {
  return (object.metadata.managedFields ?? []).find(
    (entry) => entry.operation === 'Apply' && entry.manager !== FIELD_MANAGER && ownsReplicas(entry),
  )?.manager;
}

/** Who declares the pod template by server-side apply and will bring it back with the next apply. */
export function templateAppliedBy(object: KubeObject): string | undefined {
  return (object.metadata.managedFields ?? []).find((entry) => {
    const fields = entry.fieldsV1 as { 'f:spec'?: { 'f:template'?: unknown } } | undefined;
    return entry.operation === 'Apply' && entry.manager !== FIELD_MANAGER && fields?.['f:spec']?.['f:template'];
  })?.manager;
}

/** `, last changed by kubectl-edit at 2026-11-20T09:41:07Z`, or nothing. */
export function changedByText(object: KubeObject): string {
  const last = lastChange(object);
  return last ? `, last changed by ${last.manager} at ${last.time}` : '';
}

/** `, set by kubectl`: who set the replicas to what they are, or nothing where `managedFields` do not tell. */
export function replicasSetByText(object: KubeObject): string {
  const entry = (object.metadata.managedFields ?? []).find(ownsReplicas);
  if (!entry?.manager) return '';
  return entry.time === undefined ? `, set by ${entry.manager}` : `, set by ${entry.manager} at ${entry.time}`;
}

function ownsReplicas(entry: NonNullable<KubeObject['metadata']['managedFields']>[number]): boolean {
  const fields = entry.fieldsV1 as { 'f:spec'?: { 'f:replicas'?: unknown } } | undefined;
  return fields?.['f:spec']?.['f:replicas'] !== undefined;
}
