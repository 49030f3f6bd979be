import { expect, test } from 'vitest';
import { isLeaving, minorOf, notReadySince } from '../../../src/incidents/reading/nodes.ts';
import { seenOf } from '../../../src/incidents/seen/projection.ts';
import { node, T0 } from '../../support/kube-objects.ts';

test.each([
  ['v1.36.2', 36],
  ['v1.35.4+k3s1', 35],
  ['v1.34.1-eks-1234', 34],
  ['1.33.0-gke.100', 33],
  ['v2.1.0', undefined],
  ['', undefined],
])('the minor version of %s is %s', (version, minor) => {
  expect(minorOf(version)).toBe(minor);
});

test('a node that has never reported counts from its creation', () => {
  const silent = seenOf('Node', node('new', { createdAt: 30, status: { conditions: [] } }));

  expect(notReadySince(silent)).toBe(T0 + 30_000);
});

test('a taint whose name only begins like one of an autoscaler is another taint', () => {
  const tainted = (key: string) => seenOf('Node', node('a', { taints: [{ key, effect: 'NoSchedule' }] }));

  expect(isLeaving(tainted('karpenter.sh/disrupted-once'))).toBe(false);
  expect(isLeaving(tainted('aws-node-termination-handler/scheduled-maintenance'))).toBe(true);
});
