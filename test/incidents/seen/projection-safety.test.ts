import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kind } from '../../../src/incidents/seen/kinds.ts';
import { seenEvent, seenOf } from '../../../src/incidents/seen/projection.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import '../../support/fast-check.ts';

const KINDS: readonly Kind[] = [
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Rollout',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass',
  'ResourceQuota',
  'Namespace',
  'Node',
];
const raw = (object: unknown): KubeObject => object as KubeObject;

test('equal parts of different objects are one value', () => {
  const pod = (name: string) =>
    seenOf(
      'Pod',
      raw({
        metadata: {
          name,
          uid: name,
          labels: { app: 'web' },
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'r', controller: true }],
        },
        spec: { containers: [{ name: 'app', image: 'web:1', env: [{ name: 'A', value: name }] }] },
      }),
    );
  const [one, other] = [pod('a'), pod('b')];

  expect(one.spec.containers).toBe(other.spec.containers);
  expect(one.metadata.labels).toBe(other.metadata.labels);
  expect(one.metadata.owner).toBe(other.metadata.owner);
});

test('a very long message is cut', () => {
  const pod = seenOf('Pod', raw({ metadata: {}, status: { message: 'x'.repeat(12_288) } }));

  expect(pod.status.message.length).toBeLessThan(2_100);
});

test('no JSON, however wrong, makes a projection fail', () => {
  const key = fc.constantFrom(
    ...[
      'metadata',
      'spec',
      'status',
      'template',
      'containers',
      'conditions',
      'labels',
      'name',
      'uid',
      'state',
      'waiting',
    ],
    ...['ownerReferences', 'volumes', 'metrics', 'taints', 'selector', 'matchExpressions', 'livenessProbe', 'strategy'],
  );
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(null, true, 0, -1, Number.NaN, '', 'x', '2026-01-01T00:00:00Z'),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(key, tie('json'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(json, fc.constantFrom(...KINDS), (value, kind) => {
      const seen = seenOf(kind, raw(value));

      expect(seen.kind).toBe(kind);
      expect(seen.metadata.uid).not.toBe('');
      seenEvent(raw(value));
    }),
  );
});
