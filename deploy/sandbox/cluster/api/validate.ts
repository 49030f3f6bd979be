import { isSame, type Json, type Obj } from '../object.ts';
import type { Resource } from '../resources.ts';
import { type FieldError, invalid } from '../status.ts';
import { fromLabelSelector } from './label-selector.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_KEY_TEXT =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const NON_NEGATIVE = 'must be greater than or equal to 0';
const LABEL_NAMED = new Set(['Namespace', 'Service']);

/** @throws ApiError 422 listing everything that does not hold, in the API server's words. */
export function validate(resource: Resource, object: Obj, previous?: Obj): void {
  const errors: FieldError[] = [];
  checkMetadata(resource, object, errors);
  if (!resource.custom) checkSpec(resource.kind, object, previous, errors);
  if (errors.length > 0) throw invalid(resource.group, resource.kind, object.metadata.name, errors);
}

function checkMetadata(resource: Resource, object: Obj, errors: FieldError[]): void {
  const { name } = object.metadata;
  const isLabel = LABEL_NAMED.has(resource.kind);
  if (!(isLabel ? LABEL : SUBDOMAIN).test(name)) {
    errors.push({
      field: 'metadata.name',
      type: 'Invalid value',
      value: name,
      detail: isLabel ? LABEL_TEXT : SUBDOMAIN_TEXT,
    });
  } else if (name.length > (isLabel ? 63 : 253)) {
    errors.push({
      field: 'metadata.name',
      type: 'Invalid value',
      value: name,
      detail: `must be no more than ${isLabel ? 63 : 253} characters`,
    });
  }
  checkLabels('metadata.labels', object.metadata.labels, errors);
}

function checkLabels(field: string, labels: Record<string, Json> | undefined, errors: FieldError[]): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!LABEL_KEY.test(key)) errors.push({ field, type: 'Invalid value', value: key, detail: LABEL_KEY_TEXT });
    if (typeof value !== 'string' || !LABEL_VALUE.test(value)) {
      errors.push({ field, type: 'Invalid value', value, detail: LABEL_VALUE_TEXT });
    } else if (value.length > 63) {
      errors.push({ field, type: 'Invalid value', value, detail: 'must be no more than 63 bytes' });
    }
  }
}

function checkSpec(kind: string, object: Obj, previous: Obj | undefined, errors: FieldError[]): void {
  const { spec } = object;
  const nonNegative = (field: string, value: Json): void => {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0)) {
      errors.push({ field, type: 'Invalid value', value, detail: NON_NEGATIVE });
    }
  };
  if (['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].includes(kind)) {
    if (kind !== 'DaemonSet') nonNegative('spec.replicas', spec?.replicas);
    checkSelector(object, previous, kind, errors);
    checkPodSpec('spec.template.spec', spec?.template?.spec, errors);
    checkLabels('spec.template.metadata.labels', spec?.template?.metadata?.labels, errors);
  }
  if (kind === 'ReplicationController') {
    nonNegative('spec.replicas', spec?.replicas);
    checkPodSpec('spec.template.spec', spec?.template?.spec, errors);
  }
  if (kind === 'CustomResourceDefinition') checkDefinition(object, errors);
  if (kind === 'Deployment' && spec) {
    nonNegative('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds);
    nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit);
  }
  if (kind === 'StatefulSet' && previous) checkStatefulSetUpdate(object, previous, errors);
  if (kind === 'Pod') {
    checkPodSpec('spec', spec, errors);
    if (previous) checkPodUpdate(object, previous, errors);
  }
  if (kind === 'Job') {
    nonNegative('spec.parallelism', spec?.parallelism);
    nonNegative('spec.completions', spec?.completions);
    nonNegative('spec.backoffLimit', spec?.backoffLimit);
    checkPodSpec('spec.template.spec', spec?.template?.spec, errors);
    const policy = spec?.template?.spec?.restartPolicy;
    if (policy === 'Always') {
      errors.push({
        field: 'spec.template.spec.restartPolicy',
        type: 'Required value',
        detail: 'valid values: "OnFailure", "Never"',
      });
    }
    if (previous && !isSame(previous.spec?.template, spec?.template))
      immutable('spec.template', spec?.template, errors);
  }
  if (kind === 'HorizontalPodAutoscaler') {
    if (!(spec?.maxReplicas >= 1)) {
      errors.push({
        field: 'spec.maxReplicas',
        type: 'Invalid value',
        value: spec?.maxReplicas ?? 0,
        detail: 'must be greater than 0',
      });
    } else if (spec.maxReplicas < spec.minReplicas) {
      errors.push({
        field: 'spec.maxReplicas',
        type: 'Invalid value',
        value: spec.maxReplicas,
        detail: 'must be greater than or equal to `minReplicas`',
      });
    }
  }
  if (kind === 'Service' && spec?.type !== 'ExternalName' && spec?.clusterIP !== 'None' && !(spec?.ports?.length > 0)) {
    errors.push({ field: 'spec.ports', type: 'Required value', detail: '' });
  }
  if (kind === 'PodDisruptionBudget' && spec?.minAvailable !== undefined && spec?.maxUnavailable !== undefined) {
    errors.push({
      field: 'spec',
      type: 'Invalid value',
      value: spec,
      detail: 'minAvailable and maxUnavailable cannot be both set',
    });
  }
  if ((kind === 'Secret' || kind === 'ConfigMap') && previous?.immutable) {
    if (!isSame(previous.data, object.data))
      errors.push({ field: 'data', type: 'Forbidden', detail: 'field is immutable when `immutable` is set' });
  }
}

function checkDefinition({ metadata, spec }: Obj, errors: FieldError[]): void {
  const required: Record<string, Json> = {
    'spec.group': spec?.group,
    'spec.scope': spec?.scope,
    'spec.names.plural': spec?.names?.plural,
    'spec.names.kind': spec?.names?.kind,
    'spec.versions': spec?.versions?.length > 0 ? spec.versions : undefined,
  };
  for (const [field, value] of Object.entries(required)) {
    if (!value) errors.push({ field, type: 'Required value', detail: '' });
  }
  const name = `${spec?.names?.plural}.${spec?.group}`;
  if (metadata.name !== name) {
    const detail = `must be spec.names.plural+"."+spec.group`;
    errors.push({ field: 'metadata.name', type: 'Invalid value', value: metadata.name, detail });
  }
}

function immutable(field: string, value: Json, errors: FieldError[]): void {
  errors.push({ field, type: 'Invalid value', value, detail: 'field is immutable' });
}

function checkSelector(object: Obj, previous: Obj | undefined, kind: string, errors: FieldError[]): void {
  const selector = object.spec?.selector;
  const labels = object.spec?.template?.metadata?.labels;
  if (!selector) errors.push({ field: 'spec.selector', type: 'Required value', detail: '' });
  else if (Object.keys(selector.matchLabels ?? {}).length === 0 && !(selector.matchExpressions?.length > 0)) {
    errors.push({
      field: 'spec.selector',
      type: 'Invalid value',
      value: selector,
      detail: `empty selector is invalid for ${kind.toLowerCase()}`,
    });
  }
  if (!fromLabelSelector(selector)(labels)) {
    errors.push({
      field: 'spec.template.metadata.labels',
      type: 'Invalid value',
      value: labels ?? null,
      detail: '`selector` does not match template `labels`',
    });
  }
  if (previous && kind !== 'StatefulSet' && !isSame(previous.spec?.selector, selector))
    immutable('spec.selector', selector, errors);
}

const STATEFUL_MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function checkStatefulSetUpdate(object: Obj, previous: Obj, errors: FieldError[]): void {
  const fixed = (spec: Json): Json =>
    Object.fromEntries(Object.entries(spec ?? {}).filter(([key]) => !STATEFUL_MUTABLE.includes(key)));
  if (isSame(fixed(object.spec), fixed(previous.spec))) return;
  const fields =
    "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  errors.push({
    field: 'spec',
    type: 'Forbidden',
    detail: `updates to statefulset spec for fields other than ${fields} are forbidden`,
  });
}

function checkPodSpec(path: string, spec: Json, errors: FieldError[]): void {
  const containers: Json[] = spec?.containers ?? [];
  if (containers.length === 0) errors.push({ field: `${path}.containers`, type: 'Required value', detail: '' });
  const seen = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const at = `${path}.containers[${index}]`;
    if (!container.name) errors.push({ field: `${at}.name`, type: 'Required value', detail: '' });
    else if (!LABEL.test(container.name))
      errors.push({ field: `${at}.name`, type: 'Invalid value', value: container.name, detail: LABEL_TEXT });
    else if (seen.has(container.name))
      errors.push({ field: `${at}.name`, type: 'Duplicate value', value: container.name, detail: '' });
    seen.add(container.name);
    if (!container.image) errors.push({ field: `${at}.image`, type: 'Required value', detail: '' });
  }
}

const POD_UPDATE_TEXT =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function checkPodUpdate(object: Obj, previous: Obj, errors: FieldError[]): void {
  const fixed = (spec: Json): Json => {
    const {
      activeDeadlineSeconds: _a,
      tolerations: _t,
      terminationGracePeriodSeconds: _g,
      nodeName: _n,
      ...rest
    } = spec;
    const imageless = (list: Json[] | undefined): Json => list?.map(({ image: _, ...container }) => container);
    return { ...rest, containers: imageless(rest.containers), initContainers: imageless(rest.initContainers) };
  };
  if (!isSame(fixed(object.spec), fixed(previous.spec)))
    errors.push({ field: 'spec', type: 'Forbidden', detail: POD_UPDATE_TEXT });
}
