import type { KubeObject } from '../../src/kubernetes/cluster.ts';

/** Objects of a large cluster as an API server sends them, managedFields and all; the same for the same number. */
const PODS_PER_SET = 20;
const STARTED = Date.parse('2026-01-01T00:00:00Z');

const time = (seconds: number): string => new Date(STARTED + seconds * 1_000).toISOString().replace('.000', '');
const hex = (n: number, length: number): string => ((n * 2_654_435_761) >>> 0).toString(16).padStart(length, '0');
const uid = (kind: number, n: number): string => `${hex(kind, 8)}-0000-4000-8000-${hex(n, 8)}${hex(n, 4).slice(0, 4)}`;
const namespaceOf = (set: number): string => `team-${set % 40}`;

const PROBE_FIELDS = {
  '.': {},
  'f:failureThreshold': {},
  'f:httpGet': { '.': {}, 'f:path': {}, 'f:port': {}, 'f:scheme': {} },
  'f:periodSeconds': {},
  'f:successThreshold': {},
  'f:timeoutSeconds': {},
};
const SPEC_FIELDS = {
  'f:metadata': {
    'f:annotations': { '.': {}, 'f:prometheus.io/port': {}, 'f:prometheus.io/scrape': {} },
    'f:generateName': {},
    'f:labels': {
      '.': {},
      'f:app.kubernetes.io/name': {},
      'f:app.kubernetes.io/part-of': {},
      'f:pod-template-hash': {},
    },
    'f:ownerReferences': { '.': {}, 'k:{"uid":"00000000-0000-4000-8000-000000000000"}': {} },
  },
  'f:spec': {
    'f:containers': {
      'k:{"name":"app"}': {
        '.': {},
        'f:env': {
          '.': {},
          'k:{"name":"POD_IP"}': { '.': {}, 'f:name': {}, 'f:valueFrom': { '.': {}, 'f:fieldRef': {} } },
        },
        'f:image': {},
        'f:imagePullPolicy': {},
        'f:livenessProbe': PROBE_FIELDS,
        'f:name': {},
        'f:ports': {
          '.': {},
          'k:{"containerPort":8080,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} },
        },
        'f:readinessProbe': PROBE_FIELDS,
        'f:resources': {
          '.': {},
          'f:limits': { '.': {}, 'f:memory': {} },
          'f:requests': { '.': {}, 'f:cpu': {}, 'f:memory': {} },
        },
        'f:terminationMessagePath': {},
        'f:terminationMessagePolicy': {},
      },
    },
    'f:dnsPolicy': {},
    'f:enableServiceLinks': {},
    'f:restartPolicy': {},
    'f:schedulerName': {},
    'f:securityContext': {},
    'f:terminationGracePeriodSeconds': {},
  },
};
const CONDITION_FIELDS = { '.': {}, 'f:lastProbeTime': {}, 'f:lastTransitionTime': {}, 'f:status': {}, 'f:type': {} };
const STATUS_FIELDS = {
  'f:status': {
    'f:conditions': Object.fromEntries(
      ['ContainersReady', 'Initialized', 'PodReadyToStartContainers', 'Ready'].map((type) => [
        `k:{"type":"${type}"}`,
        CONDITION_FIELDS,
      ]),
    ),
    'f:containerStatuses': {},
    'f:hostIP': {},
    'f:hostIPs': {},
    'f:phase': {},
    'f:podIP': {},
    'f:podIPs': { '.': {}, 'k:{"ip":"10.0.0.1"}': { '.': {}, 'f:ip': {} } },
    'f:startTime': {},
  },
};

function probe(path: string): Record<string, unknown> {
  return {
    httpGet: { path, port: 8080, scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
}

function containers(set: number): unknown[] {
  return [
    {
      name: 'app',
      image: `registry.example.com/team-${set % 40}/service-${set}:1.${set % 30}.0`,
      ports: [{ containerPort: 8080, protocol: 'TCP' }],
      env: [
        { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
        { name: 'LOG_LEVEL', value: 'info' },
        { name: 'DATABASE_HOST', value: `postgres.${namespaceOf(set)}.svc.cluster.local` },
      ],
      resources: { limits: { memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
      volumeMounts: [
        { name: 'kube-api-access', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
      ],
      livenessProbe: probe('/healthz'),
      readinessProbe: probe('/readyz'),
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: 'IfNotPresent',
    },
  ];
}

function labels(set: number): Record<string, string> {
  return {
    'app.kubernetes.io/name': `service-${set}`,
    'app.kubernetes.io/part-of': `team-${set % 40}`,
    'pod-template-hash': hex(set, 8),
  };
}

/** @param restarts of its container: each is another version of the pod. */
export function bigPod(n: number, restarts = 0, version = 1_000 + n): KubeObject {
  const set = Math.floor(n / PODS_PER_SET);
  const at = n % 86_400;
  const node = n % 500;
  const condition = (type: string, later: number): unknown => ({
    type,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: time(at + later),
  });
  return {
    metadata: {
      name: `service-${set}-${hex(set, 8)}-${hex(n, 8).slice(0, 5)}`,
      generateName: `service-${set}-${hex(set, 8)}-`,
      namespace: namespaceOf(set),
      uid: uid(1, n),
      resourceVersion: String(version),
      creationTimestamp: time(at),
      labels: labels(set),
      annotations: { 'prometheus.io/port': '8080', 'prometheus.io/scrape': 'true' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `service-${set}-${hex(set, 8)}`,
          uid: uid(2, set),
          controller: true,
          blockOwnerDeletion: true,
        },
      ] as never,
      managedFields: [
        {
          manager: 'kube-controller-manager',
          operation: 'Update',
          apiVersion: 'v1',
          time: time(at),
          fieldsType: 'FieldsV1',
          fieldsV1: SPEC_FIELDS,
        },
        {
          manager: 'kubelet',
          operation: 'Update',
          apiVersion: 'v1',
          time: time(at + 9),
          fieldsType: 'FieldsV1',
          fieldsV1: STATUS_FIELDS,
          subresource: 'status',
        },
      ] as never,
    },
    spec: {
      volumes: [
        {
          name: 'kube-api-access',
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            ],
            defaultMode: 420,
          },
        },
      ],
      containers: containers(set),
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      serviceAccount: 'default',
      nodeName: `worker-${node}`,
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {
      phase: 'Running',
      conditions: [
        condition('PodReadyToStartContainers', 3),
        condition('Initialized', 0),
        condition('Ready', 9),
        condition('ContainersReady', 9),
        condition('PodScheduled', 0),
      ],
      hostIP: `10.1.${node >> 8}.${node & 255}`,
      hostIPs: [{ ip: `10.1.${node >> 8}.${node & 255}` }],
      podIP: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
      podIPs: [{ ip: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}` }],
      startTime: time(at),
      containerStatuses: [
        {
          name: 'app',
          state: { running: { startedAt: time(at + 3 + restarts * 60) } },
          lastState:
            restarts === 0
              ? {}
              : { terminated: { exitCode: 1, reason: 'Error', startedAt: time(at), finishedAt: time(at + 2) } },
          ready: true,
          restartCount: restarts,
          image: `registry.example.com/team-${set % 40}/service-${set}:1.${set % 30}.0`,
          imageID: `registry.example.com/team-${set % 40}/service-${set}@sha256:${hex(set, 8).repeat(8)}`,
          containerID: `containerd://${hex(n, 8).repeat(8)}`,
          started: true,
        },
      ],
      qosClass: 'Burstable',
    },
  };
}

function workload(kind: number, set: number, name: string, owner?: unknown): KubeObject {
  return {
    metadata: {
      name,
      namespace: namespaceOf(set),
      uid: uid(kind, set),
      resourceVersion: String(set + 1),
      generation: 1,
      creationTimestamp: time(0),
      labels: labels(set),
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ...(owner ? { ownerReferences: [owner] as never } : {}),
    },
    spec: {
      replicas: PODS_PER_SET,
      selector: { matchLabels: { 'app.kubernetes.io/name': `service-${set}` } },
      template: { metadata: { labels: labels(set) }, spec: { containers: containers(set), restartPolicy: 'Always' } },
    },
    status: {
      observedGeneration: 1,
      replicas: PODS_PER_SET,
      readyReplicas: PODS_PER_SET,
      availableReplicas: PODS_PER_SET,
    },
  };
}

/** What a path's list holds: pods, their ReplicaSets and Deployments, and nodes; nothing of the other kinds. */
export function bigObject(plural: string, n: number): KubeObject {
  if (plural === 'pods') return bigPod(n);
  if (plural === 'nodes')
    return {
      metadata: { name: `worker-${n}`, uid: uid(4, n), resourceVersion: String(n + 1), creationTimestamp: time(0) },
      spec: {},
      status: {
        conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: time(n), lastTransitionTime: time(0) }],
      },
    };
  if (plural === 'deployments') return workload(3, n, `service-${n}`);
  const controller = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: `service-${n}`,
    uid: uid(3, n),
    controller: true,
  };
  return workload(2, n, `service-${n}-${hex(n, 8)}`, controller);
}

export function bigCount(plural: string, pods: number): number {
  if (plural === 'pods') return pods;
  if (plural === 'nodes') return 500;
  return plural === 'deployments' || plural === 'replicasets' ? Math.ceil(pods / PODS_PER_SET) : 0;
}
