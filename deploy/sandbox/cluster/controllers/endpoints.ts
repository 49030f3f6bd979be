import { fromLabelSelector } from '../api/label-selector.ts';
import { isSame, type Json, keyOf, type Obj } from '../object.ts';
import type { World } from '../world.ts';
import { change, make, ownerReference, toItself } from './act.ts';
import { isFinished, isReady } from './pods.ts';
import { eachKey } from './queue.ts';

const SLICES = 'endpointslices.discovery.k8s.io';
const MANAGER = 'kube-controller-manager';

/** Keeps one EndpointSlice (and the older Endpoints) per Service with a selector. */
export function startEndpoints(world: World): void {
  const watching = [
    { key: 'services', toKeys: toItself },
    {
      key: 'pods',
      toKeys: ({ object }: { object: Obj }) => world.store.list('services', object.metadata.namespace).map(keyOf),
    },
  ];
  eachKey(world, watching, (namespace, name) => {
    const service = world.store.get('services', namespace, name);
    if (service?.spec?.selector && !service.metadata.deletionTimestamp) reconcile(world, service);
    else if (!service) {
      const left = world.store.get('endpoints', namespace, name);
      if (left) world.store.remove('endpoints', left);
    }
  });
}

function reconcile(world: World, service: Obj): void {
  const { namespace, name, labels } = service.metadata;
  const matches = fromLabelSelector({ matchLabels: service.spec.selector });
  const pods = world.store
    .list('pods', namespace)
    .filter((pod) => !isFinished(pod) && pod.status?.podIP && matches(pod.metadata.labels));
  const target = (pod: Obj): Json => ({ kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid });
  const ports: Json[] = (service.spec.ports ?? []).map((port: Json) => ({
    name: port.name ?? '',
    port: Number(port.targetPort) || port.port,
    protocol: port.protocol,
  }));
  const endpoints = pods.map((pod) => ({
    addresses: [pod.status.podIP],
    conditions: {
      ready: isReady(pod) && !pod.metadata.deletionTimestamp,
      serving: isReady(pod),
      terminating: Boolean(pod.metadata.deletionTimestamp),
    },
    nodeName: pod.spec.nodeName,
    targetRef: target(pod),
  }));
  const sliceName = `${name}-${service.metadata.uid.slice(0, 5)}`;
  const sliceLabels = {
    ...labels,
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': name,
  };
  put(
    world,
    SLICES,
    { addressType: 'IPv4', endpoints, ports },
    {
      metadata: { name: sliceName, namespace, labels: sliceLabels, ownerReferences: [ownerReference(service)] },
    },
  );
  const addresses = (isUp: boolean): Json[] =>
    pods
      .filter((pod) => (isReady(pod) && !pod.metadata.deletionTimestamp) === isUp)
      .map((pod) => ({ ip: pod.status.podIP, nodeName: pod.spec.nodeName, targetRef: target(pod) }));
  const subset: Json = { ports };
  if (addresses(true).length > 0) subset.addresses = addresses(true);
  if (addresses(false).length > 0) subset.notReadyAddresses = addresses(false);
  put(world, 'endpoints', pods.length > 0 ? { subsets: [subset] } : {}, {
    metadata: { name, namespace, ...(labels ? { labels } : {}) },
  });
}

function put(world: World, key: string, content: Json, fresh: { metadata: Json }): void {
  const existing = world.store.get(key, fresh.metadata.namespace, fresh.metadata.name);
  if (!existing) {
    make(world, key, { ...fresh, ...content }, MANAGER);
    return;
  }
  const fields = ['addressType', 'endpoints', 'ports', 'subsets'];
  if (fields.every((field) => isSame(existing[field], content[field]))) return;
  change(
    world,
    key,
    existing,
    (draft) => {
      for (const field of fields) {
        if (content[field] === undefined) delete draft[field];
        else draft[field] = content[field];
      }
    },
    MANAGER,
  );
}
