import { expect, test } from 'vitest';
import { seenEvent, seenOf } from '../../../src/incidents/seen/projection.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';

const at = (text: string): number => Date.parse(text);
const raw = (object: unknown): KubeObject => object as KubeObject;

test('a pod keeps what rules read, times as epoch milliseconds', () => {
  const pod = seenOf(
    'Pod',
    raw({
      metadata: {
        name: 'web-1',
        namespace: 'shop',
        uid: 'u1',
        resourceVersion: '7',
        creationTimestamp: '2026-01-01T00:00:00Z',
        deletionTimestamp: '2026-01-01T00:01:00Z',
        finalizers: ['x/y'],
        labels: { app: 'web', odd: 7 },
        annotations: {
          'shipmate/alerts': 'off',
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
          'kubernetes.io/config.mirror': 'm',
        },
        ownerReferences: [
          { apiVersion: 'x/v1', kind: 'Other', name: 'o', uid: 'o' },
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'r', controller: true },
        ],
      },
      spec: {
        nodeName: 'node-1',
        restartPolicy: 'Always',
        schedulingGates: [{ name: 'later' }],
        imagePullSecrets: [{ name: 's' }],
        volumes: [
          { name: 'data', persistentVolumeClaim: { claimName: 'data-web-1' } },
          { name: 'scratch', ephemeral: { volumeClaimTemplate: {} } },
          { name: 'config', configMap: { name: 'c' } },
        ],
        containers: [
          {
            name: 'app',
            image: 'shop/web:9',
            resources: { requests: { cpu: '100m' }, limits: { memory: '1Gi' } },
            livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, failureThreshold: 5 },
            readinessProbe: { tcpSocket: { port: 'web' } },
            startupProbe: { exec: { command: ['pg_isready', '-q'] } },
          },
        ],
      },
      status: {
        phase: 'Running',
        startTime: '2026-01-01T00:00:01Z',
        conditions: [
          { type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: '2026-01-01T00:00:02Z' },
        ],
        containerStatuses: [
          {
            name: 'app',
            image: 'shop/web:9',
            ready: false,
            started: true,
            restartCount: 3,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
            lastState: {
              terminated: { exitCode: 137, signal: 9, reason: 'OOMKilled', finishedAt: '2026-01-01T00:00:03Z' },
            },
          },
        ],
      },
    }),
  );

  expect(pod.metadata).toMatchObject({
    name: 'web-1',
    generation: 0,
    deletionTimestamp: at('2026-01-01T00:01:00Z'),
    labels: { app: 'web' },
    annotations: { 'shipmate/alerts': 'off', 'kubernetes.io/config.mirror': 'm' },
    owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'r' },
  });
  expect(Object.keys(pod.metadata.annotations)).toHaveLength(2);
  expect(pod.spec).toMatchObject({
    nodeName: 'node-1',
    schedulingGates: ['later'],
    hasImagePullSecrets: true,
    claims: ['data-web-1', 'web-1-scratch'],
  });
  const probe = { initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };
  expect(pod.spec.containers).toMatchObject([
    {
      requests: { cpu: '100m' },
      limits: { memory: '1Gi' },
      livenessProbe: { ...probe, what: 'http GET :8080/healthz', failureThreshold: 5 },
      readinessProbe: { ...probe, what: 'tcp :web' },
      startupProbe: { ...probe, what: 'exec pg_isready -q' },
    },
  ]);
  expect(pod.status.conditions).toEqual([
    {
      type: 'Ready',
      status: 'False',
      reason: 'ContainersNotReady',
      message: '',
      lastTransitionTime: at('2026-01-01T00:00:02Z'),
    },
  ]);
  expect(pod.status.containerStatuses).toMatchObject([
    {
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
      lastState: { terminated: { exitCode: 137, signal: 9, reason: 'OOMKilled', startedAt: 0 } },
    },
  ]);
});

test('absent fields have the API’s own defaults', () => {
  expect(seenOf('Deployment', raw({ metadata: { name: 'd', uid: 'd' } })).spec).toMatchObject({
    replicas: 1,
    progressDeadlineSeconds: 600,
    strategy: 'RollingUpdate',
    selector: undefined,
  });
  expect(seenOf('StatefulSet', raw({ metadata: {} })).spec).toMatchObject({
    podManagementPolicy: 'OrderedReady',
    partition: 0,
  });
  expect(seenOf('Job', raw({ metadata: {} })).spec).toMatchObject({ backoffLimit: 6, suspend: false });
  expect(seenOf('CronJob', raw({ metadata: {} })).spec.concurrencyPolicy).toBe('Allow');
  expect(seenOf('StorageClass', raw({ metadata: {} })).volumeBindingMode).toBe('Immediate');
});

test('numbers of IntOrString are kept as they are written', () => {
  const withMax = (maxUnavailable: unknown) =>
    seenOf('Deployment', raw({ metadata: {}, spec: { strategy: { rollingUpdate: { maxUnavailable } } } })).spec
      .maxUnavailable;

  expect([withMax('25%'), withMax(1)]).toEqual(['25%', '1']);
});

const template = (image: string, hash?: string) => ({
  metadata: { labels: { app: 'web', ...(hash && { 'pod-template-hash': hash }) } },
  spec: { containers: [{ name: 'app', image, env: [{ name: 'A', value: '1' }] }] },
});

test('a template’s digest changes with any field, and a ReplicaSet’s is that of its Deployment', () => {
  const digestOf = (kind: 'Deployment' | 'ReplicaSet', of: unknown) =>
    seenOf(kind, raw({ metadata: {}, spec: { template: of } })).spec.template.digest;
  const more = template('web:1');
  (more.spec.containers[0] as { env: unknown[] }).env.push({ name: 'B' });

  expect(digestOf('ReplicaSet', template('web:1', 'abc'))).toBe(digestOf('Deployment', template('web:1')));
  expect(digestOf('Deployment', more)).not.toBe(digestOf('Deployment', template('web:1')));
});

test('an autoscaler says its metrics in words', () => {
  const { metrics } = seenOf(
    'HorizontalPodAutoscaler',
    raw({
      metadata: {},
      spec: {
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 70 } } },
          { type: 'Pods', pods: { metric: { name: 'requests' }, target: { averageValue: '100' } } },
          { type: 'External', external: { metric: { name: 'queue' }, target: { value: '30' } } },
        ],
      },
      status: {
        currentMetrics: [
          { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 92 } } },
          { type: 'Pods', pods: { metric: { name: 'requests' }, current: { averageValue: '140' } } },
          { type: '' },
        ],
      },
    }),
  ).status;

  expect(metrics).toEqual(['cpu 92% of 70%', 'requests 140 of 100', 'queue unknown of 30']);
});

test('a Rollout’s pause that ends by itself is told from one that waits for a person', () => {
  const paused = (pause: unknown) =>
    seenOf(
      'Rollout',
      raw({
        metadata: {},
        spec: { strategy: { canary: { steps: [{ setWeight: 20 }, { pause }] } } },
        status: { currentStepIndex: 1, pauseConditions: [{ startTime: '2026-01-01T00:00:00Z' }] },
      }),
    ).status;

  expect(paused({ duration: '1h' })).toMatchObject({
    pauseHasDuration: true,
    pauseStartTime: at('2026-01-01T00:00:00Z'),
  });
  expect(paused({}).pauseHasDuration).toBe(false);
});

test('both kinds of Event are understood', () => {
  const old = seenEvent(
    raw({
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
      involvedObject: { uid: 'p' },
      type: 'Warning',
      reason: 'BackOff',
      message: 'again',
      count: 4,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:05:00Z',
    }),
  );
  const young = seenEvent(
    raw({
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
      regarding: { uid: 'p' },
      type: 'Warning',
      reason: 'BackOff',
      note: 'again',
      eventTime: '2026-01-01T00:00:00.000000Z',
      series: { count: 4, lastObservedTime: '2026-01-01T00:05:00.000000Z' },
    }),
  );

  expect(old).toEqual(young);
  expect(old).toMatchObject({ about: 'p', count: 4, lastTimestamp: at('2026-01-01T00:05:00Z') });
});
