import type { Json } from '../object.ts';
import { AGE, type Column, NAME } from './column.ts';
import { podReason, podRestarts } from './pod-reason.ts';

const wide = (name: string, cell: Column['cell']): Column => ({ name, priority: 1, cell });
const col = (name: string, cell: Column['cell']): Column => ({ name, cell });
const int = (name: string, cell: Column['cell']): Column => ({ name, type: 'integer', cell });
const orNone = (text: string | undefined): string => (text ? text : '<none>');

/** The columns of core kinds; source: k8s.io/kubernetes/pkg/printers/internalversion/printers.go. */
export const CORE_PRINTERS: Record<string, readonly Column[]> = {
  pods: [
    NAME,
    col('Ready', (pod) => {
      const statuses: Json[] = pod.status?.containerStatuses ?? [];
      return `${statuses.filter((status) => status.ready).length}/${pod.spec?.containers?.length ?? 0}`;
    }),
    col('Status', podReason),
    col('Restarts', podRestarts),
    AGE,
    wide('IP', (pod) => orNone(pod.status?.podIP)),
    wide('Node', (pod) => orNone(pod.spec?.nodeName)),
    wide('Nominated Node', (pod) => orNone(pod.status?.nominatedNodeName)),
    wide('Readiness Gates', (pod) => {
      const gates: Json[] = pod.spec?.readinessGates ?? [];
      if (gates.length === 0) return '<none>';
      const isTrue = (gate: Json): boolean =>
        pod.status?.conditions?.some((one: Json) => one.type === gate.conditionType && one.status === 'True');
      return `${gates.filter(isTrue).length}/${gates.length}`;
    }),
  ],
  nodes: [
    NAME,
    col('Status', nodeStatus),
    col('Roles', (node) => {
      const roles = Object.keys(node.metadata.labels ?? {})
        .filter((label) => label.startsWith('node-role.kubernetes.io/'))
        .map((label) => label.slice('node-role.kubernetes.io/'.length))
        .sort();
      return orNone(roles.join(','));
    }),
    AGE,
    col('Version', (node) => node.status?.nodeInfo?.kubeletVersion ?? ''),
    wide('Internal-IP', (node) => orNone(addressOf(node, 'InternalIP'))),
    wide('External-IP', (node) => orNone(addressOf(node, 'ExternalIP'))),
    wide('OS-Image', (node) => node.status?.nodeInfo?.osImage || '<unknown>'),
    wide('Kernel-Version', (node) => node.status?.nodeInfo?.kernelVersion || '<unknown>'),
    wide('Container-Runtime', (node) => node.status?.nodeInfo?.containerRuntimeVersion || '<unknown>'),
  ],
  services: [
    NAME,
    col('Type', (service) => service.spec?.type ?? ''),
    col('Cluster-IP', (service) => orNone(service.spec?.clusterIP)),
    col('External-IP', externalIp),
    col('Port(s)', (service) => {
      const ports: Json[] = service.spec?.ports ?? [];
      const texts = ports.map(
        (port) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol ?? 'TCP'}`,
      );
      return orNone(texts.join(','));
    }),
    AGE,
    wide('Selector', (service) => labelText(service.spec?.selector)),
  ],
  namespaces: [NAME, col('Status', (namespace) => namespace.status?.phase ?? ''), AGE],
  events: [
    col('Last Seen', (event, age) => age(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime)),
    col('Type', (event) => event.type ?? ''),
    col('Reason', (event) => event.reason ?? ''),
    col('Object', (event) => {
      const { kind, name } = event.involvedObject ?? {};
      return `${String(kind ?? '').toLowerCase()}/${name ?? ''}`;
    }),
    wide('Subobject', (event) => event.involvedObject?.fieldPath ?? ''),
    wide('Source', (event) => {
      const { component, host } = event.source ?? {};
      return component ? `${component}${host ? `, ${host}` : ''}` : (event.reportingComponent ?? '');
    }),
    col('Message', (event) => String(event.message ?? '').trim()),
    wide('First Seen', (event, age) => age(event.firstTimestamp ?? event.eventTime)),
    { name: 'Count', type: 'integer', priority: 1, cell: (event) => event.series?.count ?? event.count ?? 1 },
    { name: 'Name', format: 'name', priority: 1, cell: (event) => event.metadata.name },
  ],
  resourcequotas: [
    NAME,
    col('Request', (quota) => quotaText(quota, false)),
    col('Limit', (quota) => quotaText(quota, true)),
    AGE,
  ],
  configmaps: [NAME, col('Data', (map) => sizeOf(map.data) + sizeOf(map.binaryData)), AGE],
  secrets: [NAME, col('Type', (secret) => secret.type ?? ''), col('Data', (secret) => sizeOf(secret.data)), AGE],
  serviceaccounts: [NAME, AGE],
  persistentvolumeclaims: [
    NAME,
    col('Status', (claim) => (claim.metadata.deletionTimestamp ? 'Terminating' : (claim.status?.phase ?? ''))),
    col('Volume', (claim) => claim.spec?.volumeName ?? ''),
    col('Capacity', (claim) => (claim.spec?.volumeName ? (claim.status?.capacity?.storage ?? '') : '')),
    col('Access Modes', (claim) => (claim.spec?.volumeName ? accessModes(claim.status?.accessModes) : '')),
    col('StorageClass', (claim) => claim.spec?.storageClassName ?? ''),
    col('VolumeAttributesClass', (claim) => claim.spec?.volumeAttributesClassName ?? '<unset>'),
    AGE,
    wide('VolumeMode', (claim) => claim.spec?.volumeMode ?? '<unset>'),
  ],
  persistentvolumes: [
    NAME,
    col('Capacity', (volume) => volume.spec?.capacity?.storage ?? ''),
    col('Access Modes', (volume) => accessModes(volume.spec?.accessModes)),
    col('Reclaim Policy', (volume) => volume.spec?.persistentVolumeReclaimPolicy ?? ''),
    col('Status', (volume) => (volume.metadata.deletionTimestamp ? 'Terminating' : (volume.status?.phase ?? ''))),
    col('Claim', (volume) =>
      volume.spec?.claimRef ? `${volume.spec.claimRef.namespace}/${volume.spec.claimRef.name}` : '',
    ),
    col('StorageClass', (volume) => volume.spec?.storageClassName ?? ''),
    col('VolumeAttributesClass', (volume) => volume.spec?.volumeAttributesClassName ?? '<unset>'),
    col('Reason', (volume) => volume.status?.reason ?? ''),
    AGE,
    wide('VolumeMode', (volume) => volume.spec?.volumeMode ?? '<unset>'),
  ],
  endpoints: [
    NAME,
    col('Endpoints', (endpoints) => {
      const all = (endpoints.subsets ?? []).flatMap((subset: Json) =>
        (subset.addresses ?? []).flatMap((address: Json) =>
          (subset.ports ?? []).map((port: Json) => `${address.ip}:${port.port}`),
        ),
      );
      return all.length === 0
        ? '<none>'
        : `${all.slice(0, 3).join(',')}${all.length > 3 ? ` + ${all.length - 3} more...` : ''}`;
    }),
    AGE,
  ],
  'endpointslices.discovery.k8s.io': [
    NAME,
    col('AddressType', (slice) => slice.addressType ?? ''),
    col('Ports', (slice) =>
      orNone((slice.ports ?? []).map((port: Json) => String(port.port ?? '*')).join(',')).replace('<none>', '<unset>'),
    ),
    col('Endpoints', (slice) => {
      const all = (slice.endpoints ?? []).flatMap((endpoint: Json) => endpoint.addresses);
      return all.length === 0
        ? '<unset>'
        : `${all.slice(0, 3).join(',')}${all.length > 3 ? ` + ${all.length - 3} more...` : ''}`;
    }),
    AGE,
  ],
  'leases.coordination.k8s.io': [NAME, col('Holder', (lease) => lease.spec?.holderIdentity ?? ''), AGE],
  'ingresses.networking.k8s.io': [
    NAME,
    col('Class', (ingress) => orNone(ingress.spec?.ingressClassName)),
    col('Hosts', (ingress) => {
      const hosts = (ingress.spec?.rules ?? []).map((rule: Json) => rule.host || '*');
      return hosts.length === 0
        ? '*'
        : `${hosts.slice(0, 3).join(',')}${hosts.length > 3 ? ` + ${hosts.length - 3} more...` : ''}`;
    }),
    col('Address', (ingress) =>
      (ingress.status?.loadBalancer?.ingress ?? []).map((one: Json) => one.ip ?? one.hostname).join(','),
    ),
    col('Ports', (ingress) => (ingress.spec?.tls?.length > 0 ? '80, 443' : '80')),
    AGE,
  ],
  'storageclasses.storage.k8s.io': [
    {
      ...NAME,
      cell: (one) =>
        `${one.metadata.name}${one.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ? ' (default)' : ''}`,
    },
    col('Provisioner', (one) => one.provisioner ?? ''),
    col('ReclaimPolicy', (one) => one.reclaimPolicy ?? 'Delete'),
    col('VolumeBindingMode', (one) => one.volumeBindingMode ?? 'Immediate'),
    { name: 'AllowVolumeExpansion', cell: (one) => Boolean(one.allowVolumeExpansion) },
    AGE,
  ],
  'priorityclasses.scheduling.k8s.io': [
    NAME,
    int('Value', (one) => one.value ?? 0),
    { name: 'Global-Default', type: 'boolean', cell: (one) => Boolean(one.globalDefault) },
    AGE,
    col('PreemptionPolicy', (one) => one.preemptionPolicy ?? 'PreemptLowerPriority'),
  ],
  'customresourcedefinitions.apiextensions.k8s.io': [
    NAME,
    { name: 'Created At', type: 'date', cell: (one) => one.metadata.creationTimestamp },
  ],
};

export function labelText(labels: Record<string, string> | undefined): string {
  return orNone(
    Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(','),
  );
}

function nodeStatus(node: Json): string {
  const ready = (node.status?.conditions ?? []).find((condition: Json) => condition.type === 'Ready');
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  if (node.spec?.unschedulable) words.push('SchedulingDisabled');
  return words.join(',');
}

function addressOf(node: Json, type: string): string | undefined {
  return (node.status?.addresses ?? []).find((address: Json) => address.type === type)?.address;
}

function externalIp(service: Json): string {
  const { type, externalIPs, externalName } = service.spec ?? {};
  const ingress = (service.status?.loadBalancer?.ingress ?? []).map((one: Json) => one.ip ?? one.hostname);
  if (type === 'ExternalName') return externalName;
  if (type === 'LoadBalancer') return [...ingress, ...(externalIPs ?? [])].join(',') || '<pending>';
  return orNone((externalIPs ?? []).join(','));
}

function accessModes(modes: string[] | undefined): string {
  const short: Record<string, string> = {
    ReadWriteOnce: 'RWO',
    ReadOnlyMany: 'ROX',
    ReadWriteMany: 'RWX',
    ReadWriteOncePod: 'RWOP',
  };
  return (modes ?? []).map((mode) => short[mode] ?? mode).join(',');
}

function sizeOf(map: object | undefined): number {
  return Object.keys(map ?? {}).length;
}

function quotaText(quota: Json, isLimit: boolean): string {
  return Object.entries(quota.spec?.hard ?? {})
    .filter(([name]) => name.startsWith('limits') === isLimit)
    .map(([name, hard]) => `${name}: ${quota.status?.used?.[name] ?? '0'}/${hard}`)
    .sort()
    .join(', ');
}
