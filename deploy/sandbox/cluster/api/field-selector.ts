import type { Json, Obj } from '../object.ts';
import type { Resource } from '../resources.ts';
import { badRequest } from '../status.ts';

export type FieldPredicate = (object: Obj) => boolean;

type Getter = (object: Json) => unknown;

const META: Record<string, Getter> = {
  'metadata.name': (object) => object.metadata.name,
  'metadata.namespace': (object) => object.metadata.namespace ?? '',
};

const involved = (prefix: string): Record<string, Getter> =>
  Object.fromEntries(
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => [
      `${prefix}.${field}`,
      (object: Json) => object.involvedObject?.[field] ?? '',
    ]),
  );

/** What may be selected besides name and namespace, per storage key; the lists are those of the kinds' registries. */
const EXTRA: Record<string, Record<string, Getter>> = {
  pods: {
    'spec.nodeName': (pod) => pod.spec?.nodeName ?? '',
    'spec.restartPolicy': (pod) => pod.spec?.restartPolicy ?? '',
    'spec.schedulerName': (pod) => pod.spec?.schedulerName ?? '',
    'spec.serviceAccountName': (pod) => pod.spec?.serviceAccountName ?? '',
    'spec.hostNetwork': (pod) => String(Boolean(pod.spec?.hostNetwork)),
    'status.phase': (pod) => pod.status?.phase ?? '',
    'status.podIP': (pod) => pod.status?.podIP ?? '',
    'status.nominatedNodeName': (pod) => pod.status?.nominatedNodeName ?? '',
  },
  events: {
    ...involved('involvedObject'),
    reason: (event) => event.reason ?? '',
    reportingComponent: (event) => event.reportingComponent ?? event.source?.component ?? '',
    source: (event) => event.source?.component ?? event.reportingComponent ?? '',
    type: (event) => event.type ?? '',
  },
  nodes: { 'spec.unschedulable': (node) => String(Boolean(node.spec?.unschedulable)) },
  namespaces: {
    'status.phase': (namespace) => namespace.status?.phase ?? '',
    name: (namespace) => namespace.metadata.name,
  },
  secrets: { type: (secret) => secret.type ?? '' },
  services: {
    'spec.clusterIP': (service) => service.spec?.clusterIP ?? '',
    'spec.type': (service) => service.spec?.type ?? '',
  },
  'jobs.batch': { 'status.successful': (job) => String(job.status?.succeeded ?? 0) },
  'replicasets.apps': { 'status.replicas': (set) => String(set.status?.replicas ?? 0) },
  replicationcontrollers: { 'status.replicas': (controller) => String(controller.status?.replicas ?? 0) },
};

const REGARDING = involved('regarding');

/**
 * `a=b`, `a==b`, `a!=b`, comma = AND, over the few fields each kind allows. Works on stored objects.
 * @throws ApiError 400 for an unknown field, in the server's own words.
 */
export function parseFieldSelector(text: string, resource: Resource): FieldPredicate {
  const fields: Record<string, Getter> = { ...META, ...EXTRA[resource.key] };
  if (resource.group === 'events.k8s.io') Object.assign(fields, REGARDING);
  const terms = text
    .split(',')
    .filter((term) => term.trim() !== '')
    .map((term) => {
      const match = /^([^=!]+?)\s*(==|=|!=)(.*)$/.exec(term.trim());
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${term.trim()}'`);
      const [, field, operator, value] = match as unknown as [string, string, string, string];
      const getter = fields[field];
      if (!getter) throw badRequest(unsupported(resource, field));
      return { getter, value: value.replaceAll('\\,', ',').replaceAll('\\=', '='), isEqual: operator !== '!=' };
    });
  return (object) => terms.every(({ getter, value, isEqual }) => (String(getter(object)) === value) === isEqual);
}

// Kinds with fields of their own say it differently from those without.
function unsupported(resource: Resource, field: string): string {
  if (resource.custom || EXTRA[resource.key]) return `field label not supported: ${field}`;
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}
