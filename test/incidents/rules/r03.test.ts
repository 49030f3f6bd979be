import { describe, expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/r03-failed-create.ts';
import { condition, daemonSet, deployment, job, replicaSet, statefulSet } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const QUOTA =
  'pods "web-7c9b-x" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10';
const failing = (at: number, message = QUOTA) => [condition('ReplicaFailure', true, at, 'FailedCreate', message)];

describe('a Deployment', () => {
  test('whose pods are refused is told after a minute, though it has pods already (k8sgpt#1748)', () => {
    const world = timeline([rule]);
    world.put(deployment('web', { replicas: 3, conditions: failing(0) }), 0);

    expect(world.at(59)).toEqual([]);
    expect(world.at(60)).toMatchObject([
      {
        rule: 'R03',
        severity: 'high',
        causeClass: 'admission',
        cause: 'quota compute is full: asks for pods=1, used pods=10, limit pods=10',
        shares: { quota: 'shop/compute' },
      },
    ]);
  });

  test('is told once, although its ReplicaSet says the same', () => {
    const world = timeline([rule]);
    const owner = deployment('web', { replicas: 3 });
    world.put(owner, 0);
    world.put(replicaSet('web-7c9b', { owner, replicas: 3, available: 0, conditions: failing(0) }), 0);

    expect(world.at(60)).toMatchObject([{ object: { kind: 'Deployment' } }]);
  });

  test('is over two minutes after the condition is gone', () => {
    const world = timeline([rule]);
    world.put(deployment('web', { conditions: failing(0) }), 0);
    world.put(deployment('web'), 100);

    expect(world.at(219)).toHaveLength(1);
    expect(world.at(220)).toEqual([]);
  });

  test('is silent for any other reason', () => {
    const world = timeline([rule]);
    world.put(deployment('web', { conditions: [condition('ReplicaFailure', true, 0, 'FailedDelete', 'x')] }), 0);

    expect(world.at(600)).toEqual([]);
  });
});

test('a ReplicaSet on its own speaks for itself', () => {
  const world = timeline([rule]);
  world.put(replicaSet('lone', { replicas: 1, available: 0, conditions: failing(0) }), 0);

  expect(world.at(60)).toMatchObject([{ object: { kind: 'ReplicaSet', name: 'lone' } }]);
});

const DENIED = 'admission webhook "validate.policy.example.com" denied the request: image must be signed';

test.each([
  ['StatefulSet', statefulSet('db', { replicas: 3, status: { replicas: 1 } })],
  ['DaemonSet', daemonSet('db', { desired: 3, current: 1 })],
  ['Job', job('db', { active: 0 })],
] as const)('a %s says it by three events while pods miss', (kind, object) => {
  const world = timeline([rule]);
  const about = { kind, namespace: 'shop', name: 'db' };
  world.put(object, 0);
  world.event({ about, type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${DENIED}`, count: 2 }, 0);

  expect(world.at(300)).toEqual([]);
  world.event(
    { about, type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${DENIED}`, count: 3, firstAt: 300 },
    300,
  );

  expect(world.at(359)).toEqual([]);
  expect(world.at(360)).toMatchObject([
    {
      cause: 'admission webhook validate.policy.example.com refuses: image must be signed',
      shares: { webhook: 'validate.policy.example.com' },
    },
  ]);
});

test('events about a StatefulSet that has all its pods are history', () => {
  const world = timeline([rule]);
  world.put(statefulSet('db', { replicas: 3 }), 0);
  world.event(
    {
      about: { kind: 'StatefulSet', namespace: 'shop', name: 'db' },
      type: 'Warning',
      reason: 'FailedCreate',
      message: DENIED,
      count: 9,
    },
    0,
  );

  expect(world.at(600)).toEqual([]);
});
