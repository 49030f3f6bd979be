import type { Asked } from '../../access/policy/asked.ts';
import type { Incident } from '../incident.ts';

/** What people may do with alerts, as the policy names it. */
export type AlertPermission =
  | 'alerts:read'
  | 'alerts:ack'
  | 'alerts:resolve'
  | 'alerts:silence'
  | 'alerts:test'
  | 'alerts:bridges';

/**
 * What doing something with this incident asks of the policy: the permission wherever its objects are; for a storm in each namespace that
 * it has reached. An alert from elsewhere that names no cluster is in no particular place. Pure.
 */
export function askedOf(incident: Incident, permission: AlertPermission): readonly Asked[] {
  const { cluster, root, storm } = incident;
  if (cluster === '') return [{ permission, anywhere: true }];
  const namespaces = storm ? Object.keys(storm.members) : [root.namespace];
  return (namespaces.length === 0 ? [''] : namespaces).map((namespace) => inPlace(permission, cluster, namespace));
}

/** @param namespace '' for what is in none. */
export function inPlace(permission: AlertPermission, cluster: string, namespace: string): Asked {
  // Alerts are Shipmate's own: no right of the cluster's stands for them.
  return { permission, cluster, ...(namespace !== '' && { namespace }), verbs: [] };
}
