import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { undoersOf } from '../../src/kubernetes/undoers.ts';

const deployments = { kind: 'Deployment', group: 'apps' };
const nobody = { autoscalers: [], scaledObjects: [] };

function web(metadata: object = {}): KubeObject {
  return { metadata: { name: 'web', namespace: 'shop', ...metadata } };
}
function hpa(name: string, target: object, metadata: object = {}): KubeObject {
  return { metadata: { name, ...metadata }, spec: { scaleTargetRef: target, minReplicas: 2, maxReplicas: 10 } };
}
const pointsAtWeb = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

test('a workload that nobody manages has no undoers', () => {
  const labels = { 'app.kubernetes.io/instance': 'web', 'app.kubernetes.io/managed-by': 'kustomize' };

  expect(undoersOf(web({ labels }), deployments, nobody)).toEqual([]);
});

test('an autoscaler of this very workload overrides it', () => {
  const autoscalers = [
    hpa('web', pointsAtWeb),
    hpa('other', { ...pointsAtWeb, name: 'api' }),
    hpa('stateful', { ...pointsAtWeb, kind: 'StatefulSet' }),
    hpa('rollout', { ...pointsAtWeb, apiVersion: 'argoproj.io/v1alpha1' }),
  ];

  expect(undoersOf(web(), deployments, { ...nobody, autoscalers })).toEqual([
    'HPA web will override this (min 2, max 10).',
  ]);
});

test('KEDA is named instead of the autoscaler that it made', () => {
  const scaledObjects = [
    { metadata: { name: 'queue' }, spec: { scaleTargetRef: { name: 'web' }, maxReplicaCount: 20 } },
  ];
  const ownerReferences = [{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'queue', uid: '1' }];
  const autoscalers = [hpa('keda-hpa-queue', pointsAtWeb, { ownerReferences })];

  expect(undoersOf(web(), deployments, { scaledObjects, autoscalers })).toEqual([
    'KEDA ScaledObject queue will override this (min 0, max 20).',
  ]);
});

test.each([
  [{ annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' } }, 'Argo CD application shop'],
  [{ labels: { 'argocd.argoproj.io/instance': 'shop' } }, 'Argo CD application shop'],
  [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, 'Flux Kustomization apps'],
  [
    {
      labels: { 'helm.toolkit.fluxcd.io/name': 'shop' },
      annotations: { 'meta.helm.sh/release-name': 'shop' },
    },
    'Flux HelmRelease shop',
  ],
  [{ annotations: { 'meta.helm.sh/release-name': 'shop' } }, 'Helm release shop'],
  [
    { ownerReferences: [{ apiVersion: 'x/v1', kind: 'Shop', name: 'main', uid: '1', controller: true }] },
    'Shop main owns this',
  ],
  [
    { managedFields: [{ manager: 'terraform', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }] },
    'terraform declares the replicas',
  ],
])('%j tells who manages it', (metadata, expected) => {
  const warnings = undoersOf(web(metadata), deployments, nobody);

  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(expected);
});

test('an owner that does not control, and an applier of other fields, undo nothing', () => {
  const ownerReferences = [{ apiVersion: 'x/v1', kind: 'Shop', name: 'main', uid: '1' }];
  const managedFields = [{ manager: 'terraform', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:template': {} } } }];

  expect(undoersOf(web({ ownerReferences, managedFields }), deployments, nobody)).toEqual([]);
});
