import type { Json, Obj } from '../object.ts';

/** Fills in what the API server would, in place. Only the fields that clients of the practice cluster read. */
export function applyDefaults(kind: string, object: Obj): void {
  DEFAULTS[kind]?.(object);
}

const DEFAULTS: Record<string, (object: Obj) => void> = {
  Pod: (pod) => {
    podSpec(pod.spec ?? {});
    if (pod.spec) podExtras(pod.spec);
  },
  Deployment: ({ spec }) => {
    if (!spec) return;
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
    spec.strategy ??= {};
    spec.strategy.type ??= 'RollingUpdate';
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate ??= {};
      spec.strategy.rollingUpdate.maxSurge ??= '25%';
      spec.strategy.rollingUpdate.maxUnavailable ??= '25%';
    }
    template(spec.template);
  },
  ReplicaSet: ({ spec }) => {
    if (!spec) return;
    spec.replicas ??= 1;
    template(spec.template);
  },
  ReplicationController: (controller) => {
    const { spec } = controller;
    if (!spec) return;
    spec.replicas ??= 1;
    spec.selector ??= spec.template?.metadata?.labels;
    template(spec.template);
  },
  StatefulSet: ({ spec }) => {
    if (!spec) return;
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    spec.podManagementPolicy ??= 'OrderedReady';
    spec.updateStrategy ??= {};
    spec.updateStrategy.type ??= 'RollingUpdate';
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate ??= {};
      spec.updateStrategy.rollingUpdate.partition ??= 0;
    }
    spec.persistentVolumeClaimRetentionPolicy ??= { whenDeleted: 'Retain', whenScaled: 'Retain' };
    template(spec.template);
  },
  DaemonSet: ({ spec }) => {
    if (!spec) return;
    spec.revisionHistoryLimit ??= 10;
    spec.updateStrategy ??= {};
    spec.updateStrategy.type ??= 'RollingUpdate';
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate ??= {};
      spec.updateStrategy.rollingUpdate.maxSurge ??= 0;
      spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
    }
    template(spec.template);
  },
  Job: (job) => {
    jobSpec(job.spec);
    const { spec } = job;
    if (!spec || spec.manualSelector) return;
    const uid = job.metadata.uid;
    const labels = {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': job.metadata.name,
      'controller-uid': uid,
      'job-name': job.metadata.name,
    };
    if (!spec.selector && spec.template) {
      spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
      spec.template.metadata ??= {};
      spec.template.metadata.labels = { ...spec.template.metadata.labels, ...labels };
      // As the real one does, whoever labelled the template labelled the Job.
      job.metadata.labels ??= { ...spec.template.metadata.labels };
    }
  },
  CronJob: ({ spec }) => {
    if (!spec) return;
    spec.concurrencyPolicy ??= 'Allow';
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    template(spec.jobTemplate?.spec?.template);
  },
  Service: ({ spec }) => {
    if (!spec) return;
    spec.type ??= 'ClusterIP';
    spec.sessionAffinity ??= 'None';
    spec.internalTrafficPolicy ??= 'Cluster';
    spec.ipFamilies ??= ['IPv4'];
    spec.ipFamilyPolicy ??= 'SingleStack';
    for (const port of spec.ports ?? []) {
      port.protocol ??= 'TCP';
      port.targetPort ??= port.port;
    }
  },
  Secret: (secret) => {
    secret.type ??= 'Opaque';
    for (const [key, value] of Object.entries(secret.stringData ?? {})) {
      secret.data = { ...secret.data, [key]: Buffer.from(String(value)).toString('base64') };
    }
    delete secret.stringData;
  },
  Namespace: (namespace) => {
    namespace.spec ??= {};
    namespace.spec.finalizers ??= ['kubernetes'];
    namespace.metadata.labels = {
      ...namespace.metadata.labels,
      'kubernetes.io/metadata.name': namespace.metadata.name,
    };
  },
  HorizontalPodAutoscaler: ({ spec }) => {
    if (spec) spec.minReplicas ??= 1;
  },
  PersistentVolumeClaim: ({ spec }) => {
    if (spec) spec.volumeMode ??= 'Filesystem';
  },
  CustomResourceDefinition: ({ spec }) => {
    if (!spec?.names) return;
    spec.names.singular ??= String(spec.names.kind ?? '').toLowerCase();
    spec.names.listKind ??= `${spec.names.kind}List`;
    spec.conversion ??= { strategy: 'None' };
  },
};

function jobSpec(spec: Json): void {
  if (!spec) return;
  spec.parallelism ??= 1;
  spec.completions ??= 1;
  spec.backoffLimit ??= 6;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= 'TerminatingOrFailed';
  template(spec.template);
}

function template(value: Json): void {
  if (!value) return;
  value.spec ??= {};
  podSpec(value.spec);
}

function podSpec(spec: Json): void {
  spec.restartPolicy ??= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ??= 'ClusterFirst';
  spec.schedulerName ??= 'default-scheduler';
  spec.securityContext ??= {};
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    container.resources ??= {};
    for (const [name, limit] of Object.entries(container.resources.limits ?? {})) {
      container.resources.requests ??= {};
      container.resources.requests[name] ??= limit;
    }
    container.imagePullPolicy ??=
      /:[^/:]+$/.test(container.image ?? '') && !/:latest$/.test(container.image) ? 'IfNotPresent' : 'Always';
    container.terminationMessagePath ??= '/dev/termination-log';
    container.terminationMessagePolicy ??= 'File';
    for (const port of container.ports ?? []) port.protocol ??= 'TCP';
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'].map((name) => container[name])) {
      if (!probe) continue;
      probe.timeoutSeconds ??= 1;
      probe.periodSeconds ??= 10;
      probe.successThreshold ??= 1;
      probe.failureThreshold ??= 3;
    }
  }
}

/** Only pods themselves get these, from admission; templates do not. */
function podExtras(spec: Json): void {
  spec.serviceAccountName ??= 'default';
  spec.serviceAccount ??= spec.serviceAccountName;
  spec.enableServiceLinks ??= true;
  spec.priority ??= 0;
  spec.preemptionPolicy ??= 'PreemptLowerPriority';
  spec.tolerations ??= [];
  const tolerations: Json[] = spec.tolerations;
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    if (tolerations.some((toleration) => toleration.key === key || toleration.key === undefined)) continue;
    tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
}
