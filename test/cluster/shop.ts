import type { ControlPlane } from '../../deploy/sandbox/real/control-plane.ts';

type Manifest = { readonly kind: string; readonly [field: string]: unknown };

/**
 * A namespace with one of nearly everything, for comparing how we and kubectl show it.
 * @param without kinds that the cluster does not have.
 */
export async function openShop(cluster: Pick<ControlPlane, 'kubectl'>, without: readonly string[] = []): Promise<void> {
  await cluster.kubectl(['apply', '-f', '-'], { input: documents([namespace, couponDefinition]) });
  await cluster.kubectl(['wait', '--for=condition=Established', 'crd/coupons.shop.example', '--timeout=30s']);
  await cluster.kubectl(['apply', '-f', '-'], {
    input: documents(objects.filter(({ kind }) => !without.includes(kind))),
  });
  for (const workload of ['deployment/web', 'deployment/api', 'statefulset/db', 'daemonset/agent']) {
    await cluster.kubectl(['rollout', 'status', workload, '-n', 'shop', '--timeout=30s']);
  }
  await cluster.kubectl(['wait', '--for=condition=Complete', 'job/import', '-n', 'shop', '--timeout=30s']);
}

const inShop = { namespace: 'shop' };
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'storefront' } } };

function podTemplate(app: string, images: readonly string[], more: object = {}): object {
  const containers = images.map((image, index) => ({
    name: index === 0 ? app : `${app}-${index}`,
    image,
    resources: { requests: { cpu: '100m', memory: '64Mi' } },
  }));
  return { metadata: { labels: { app } }, spec: { containers, ...more } };
}

function workload(kind: string, name: string, spec: object): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, ...inShop, labels: { app: name, tier: kind === 'StatefulSet' ? 'data' : 'front' } },
    spec: { selector: { matchLabels: { app: name } }, ...spec },
  };
}

const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }];
const claimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } };

const objects: readonly Manifest[] = [
  workload('Deployment', 'web', { replicas: 3, template: podTemplate('web', ['registry.example/web:1.4']) }),
  workload('Deployment', 'api', {
    replicas: 2,
    template: podTemplate('api', ['registry.example/api:2.0', 'registry.example/proxy:7']),
  }),
  workload('Deployment', 'stuck', {
    replicas: 1,
    progressDeadlineSeconds: 600,
    template: podTemplate('stuck', ['registry.example/gpu:1'], { nodeSelector: { gpu: 'yes' } }),
  }),
  workload('Deployment', 'asleep', { replicas: 0, template: podTemplate('asleep', ['registry.example/night:1']) }),
  workload('StatefulSet', 'db', {
    serviceName: 'db',
    replicas: 2,
    podManagementPolicy: 'Parallel',
    template: podTemplate('db', ['registry.example/db:16']),
  }),
  workload('DaemonSet', 'agent', { template: podTemplate('agent', ['registry.example/agent:3']) }),
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'import', ...inShop },
    spec: { template: podTemplate('import', ['registry.example/import:1'], { restartPolicy: 'Never' }) },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'report', ...inShop },
    spec: {
      schedule: '0 4 * * 1',
      suspend: true,
      jobTemplate: {
        spec: { template: podTemplate('report', ['registry.example/report:1'], { restartPolicy: 'Never' }) },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', ...inShop },
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ name: 'http', port: 80, nodePort: 30_080 }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', ...inShop },
    spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ name: 'sql', port: 5432 }] },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', ...inShop },
    spec: { ingressClassName: 'edge', defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'only-web', ...inShop },
    spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', ...inShop },
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'api', ...inShop },
    spec: {
      ...{ minReplicas: 2, maxReplicas: 6, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' } },
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
    },
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', ...inShop }, data: { a: '1', b: 'two\nlines' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token', ...inShop }, stringData: { token: 'hush' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', ...inShop } },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'disk', ...inShop }, spec: claimSpec },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'reader', ...inShop }, rules },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'reader', ...inShop },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'robot', ...inShop }],
  },
  {
    apiVersion: 'shop.example/v1',
    kind: 'Coupon',
    metadata: { name: 'spring', ...inShop },
    spec: { percent: 20, note: 'first line\nsecond line', isActive: true },
  },
  { apiVersion: 'shop.example/v1', kind: 'Coupon', metadata: { name: 'autumn', ...inShop }, spec: { percent: 5 } },
];

const couponDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'coupons.shop.example' },
  spec: {
    group: 'shop.example',
    scope: 'Namespaced',
    names: { plural: 'coupons', singular: 'coupon', kind: 'Coupon', shortNames: ['cpn'], categories: ['all'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  percent: { type: 'integer', maximum: 90 },
                  note: { type: 'string' },
                  isActive: { type: 'boolean' },
                },
              },
            },
          },
        },
        additionalPrinterColumns: [
          { name: 'Percent', type: 'integer', jsonPath: '.spec.percent' },
          { name: 'Active', type: 'boolean', jsonPath: '.spec.isActive' },
          { name: 'Note', type: 'string', jsonPath: '.spec.note', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
    ],
  },
};

/** One document each: a `List` would be validated by kubectl itself, against schemas that only a real server publishes. */
function documents(items: readonly object[]): string {
  return items.map((item) => JSON.stringify(item)).join('\n---\n');
}
