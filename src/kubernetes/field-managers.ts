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
    .filter((entry) => entry.subresource !== 'status')
    .map((entry) => ({ manager: entry.manager ?? '', time: entry.time ?? '' }))
    .filter((entry) => entry.manager !== '')
    .sort((a, b) => (a.time < b.time ? 1 : -1))
    .at(0);
}

/** When Shipmate last wrote through the scale subresource, by the server's clock; undefined if it never did. */
export function ownScaleTime(object: KubeObject): string | undefined {
  return (object.metadata.managedFields ?? []).find(
    (entry) => entry.manager === FIELD_MANAGER && entry.subresource === 'scale',
  )?.time;
}

/** Who declares `spec.replicas` by server-side apply and will set it back with the next apply. */
export function replicasAppliedBy(object: KubeObject): string | undefined {
  return (object.metadata.managedFields ?? []).find((entry) => {
    const fields = entry.fieldsV1 as { 'f:spec'?: { 'f:replicas'?: unknown } } | undefined;
    return (
      entry.operation === 'Apply' && entry.manager !== FIELD_MANAGER && fields?.['f:spec']?.['f:replicas'] !== undefined
    );
  })?.manager;
}

/** `, last changed by kubectl-edit at 2026-11-20T09:41:07Z`, or nothing. */
export function changedByText(object: KubeObject): string {
  const last = lastChange(object);
  return last ? `, last changed by ${last.manager} at ${last.time}` : '';
}
