/** A dozen workloads as plain Kubernetes objects. One crash-loops, one rollout is stalled; the rest are well. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly [field: string]: unknown;
}

const FAULT = 'practice.shipmate/fault';

export const NAMESPACES = ['shop', 'payments', 'kube-system'];

/** In the order of creation. */
export const WORKLOADS: readonly Manifest[] = [
  deployment('shop', 'web', 'registry.example.com/shop/web:2.14.0', 2, { fault: 'slow-start=2s' }),
  deployment('shop', 'cart', 'registry.example.com/shop/cart:1.9.3', 2),
  deployment('shop', 'catalog', 'registry.example.com/shop/catalog:4.2.1', 3, {
    annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/catalog' },
  }),
  deployment('shop', 'search', 'registry.example.com/shop/search:0.8.0', 2),
  deployment('shop', 'checkout', 'registry.example.com/shop/checkout:3.0.0', 2, { fault: 'crash-loop' }),
  statefulSet('shop', 'sessions', 'redis:7.4', 3),
  deployment('payments', 'api', 'registry.example.com/payments/api:7.7.2', 3),
  deployment('payments', 'fraud-check', 'registry.example.com/payments/fraud-check:2.3.0', 2, {
    progressDeadlineSeconds: 20,
  }),
  statefulSet('payments', 'ledger', 'postgres:17.2', 2),
  deployment('payments', 'invoices', 'registry.example.com/payments/invoices:1.1.5', 1),
  deployment('kube-system', 'coredns', 'registry.k8s.example.com/coredns:1.12.0', 2),
  daemonSet('kube-system', 'node-agent', 'registry.example.com/platform/node-agent:5.1.0'),
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'reindex-search', namespace: 'shop' },
    spec: {
      completions: 1,
      backoffLimit: 3,
      template: {
        metadata: { labels: { app: 'reindex-search' } },
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'reindex', image: 'registry.example.com/shop/reindex:0.8.0' }],
        },
      },
    },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'search', namespace: 'shop' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'search' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
    },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'ledger', namespace: 'payments' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'ledger' } } },
  },
];

/** The release that stalls: its image does not exist. Applied after the first rollout is through. */
export const STALLED = {
  namespace: 'payments',
  name: 'fraud-check',
  container: 'fraud-check',
  image: 'registry.example.com/payments/fraud-check:2.4.0-does-not-exist',
};

export const NODES = ['harbour-1', 'harbour-2', 'harbour-3'];

export function node(name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/zone': `zone-${name.slice(-1)}`,
      },
    },
    status: {
      capacity: { cpu: '8', memory: '32Gi', pods: '110' },
      allocatable: { cpu: '8', memory: '32Gi', pods: '110' },
      nodeInfo: { kubeletVersion: 'v1.36.3', osImage: 'Flatcar Container Linux' },
    },
  };
}

/** Keys in the practice etcd that a team would keep there. */
export const ETCD_KEYS: readonly (readonly [string, string])[] = [
  ['/shop/flags/new-checkout', 'off'],
  ['/shop/flags/dark-mode', 'on'],
  ['/shop/limits/cart-items', '50'],
  ['/shop/config/currency', 'EUR'],
  ['/payments/limits/daily', '250000'],
  ['/payments/maintenance', 'false'],
];

interface Extras {
  readonly fault?: string;
  readonly annotations?: Record<string, string>;
  readonly progressDeadlineSeconds?: number;
}

function template(name: string, image: string, extras: Extras): object {
  return {
    metadata: { labels: { app: name }, ...(extras.fault ? { annotations: { [FAULT]: extras.fault } } : {}) },
    spec: {
      containers: [
        { name, image, ports: [{ containerPort: 8080 }], resources: { requests: { cpu: '100m', memory: '128Mi' } } },
      ],
    },
  };
}

function deployment(namespace: string, name: string, image: string, replicas: number, extras: Extras = {}): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      labels: { app: name, 'app.kubernetes.io/name': name },
      ...(extras.annotations ? { annotations: extras.annotations } : {}),
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      ...(extras.progressDeadlineSeconds ? { progressDeadlineSeconds: extras.progressDeadlineSeconds } : {}),
      template: template(name, image, extras),
    },
  };
}

function statefulSet(namespace: string, name: string, image: string, replicas: number): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      replicas,
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: template(name, image, {}),
    },
  };
}

function daemonSet(namespace: string, name: string, image: string): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels: { app: name } },
    spec: { selector: { matchLabels: { app: name } }, template: template(name, image, {}) },
  };
}
