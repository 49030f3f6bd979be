/**
 * How lists of the built-in kinds merge. Field names are nearly unique across them, so a table by name (and the parent where it
 * is not) replaces a schema. Lists that are absent here (taints, tolerations, args, command, envFrom, volumeClaimTemplates, …) are
 * atomic in Kubernetes too. Source: the patchMergeKey and listMapKey tags of k8s.io/api.
 */
const MERGE_KEY: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  schedulingGates: 'name',
  resourceClaims: 'name',
  conditions: 'type',
  ownerReferences: 'uid',
  secrets: 'name',
  podIPs: 'ip',
};

/** The one field that strategic merge patches match list items by; undefined for atomic lists. */
export function mergeKeyOf(field: string, parent: string | undefined): string | undefined {
  if (field === 'ports')
    return parent === 'containers' || parent === 'initContainers' || parent === 'ephemeralContainers'
      ? 'containerPort'
      : parent === 'spec'
        ? 'port'
        : undefined;
  if (field === 'addresses') return parent === 'status' ? 'type' : undefined;
  return MERGE_KEY[field];
}

/** The fields that server-side apply identifies list items by. */
export function mapKeysOf(field: string, parent: string | undefined): string[] | undefined {
  const key = mergeKeyOf(field, parent);
  if (key === undefined) return undefined;
  if (field === 'ports') return [key, 'protocol'];
  if (field === 'topologySpreadConstraints') return ['topologyKey', 'whenUnsatisfiable'];
  return [key];
}

/** Lists of plain values that behave as sets. */
export function isSet(field: string): boolean {
  return field === 'finalizers' || field === 'podCIDRs';
}
