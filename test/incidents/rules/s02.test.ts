import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/s02-forced-rollback.ts';
import {
  type PodOptions,
  pod,
  running,
  type StatefulSetOptions,
  statefulSet,
  terminated,
  waiting,
} from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

/** Revision 2 was broken and reached db-1; revision 3 fixes it, and the controller waits for db-1 to become ready. */
const fixed = (options: StatefulSetOptions = {}) =>
  statefulSet('db', {
    replicas: 2,
    updated: 0,
    available: 1,
    currentRevision: 'db-v1',
    updateRevision: 'db-v3',
    ...options,
  });

const broken: PodOptions = {
  labels: { 'controller-revision-hash': 'db-v2' },
  ready: false,
  containers: [{ ready: false, restartCount: 7, state: waiting('CrashLoopBackOff'), lastState: terminated(-60) }],
};

test('a broken pod of an older revision that blocks the fix is told after three minutes, with what helps', () => {
  const world = timeline([rule]);
  world.put(fixed(), 0);
  world.put(pod('db-0', { owner: fixed(), labels: { 'controller-revision-hash': 'db-v1' } }), 0);
  world.put(pod('db-1', { owner: fixed(), ...broken }), 0);

  expect(world.at(179)).toEqual([]);
  expect(world.at(180)).toMatchObject([
    {
      rule: 'S02',
      severity: 'high',
      cause:
        'delete pod db-1: it is of the older revision db-v2 and cannot become ready (container app crashes: exit code 1 (app error)), and the controller waits for it',
      about: { kind: 'Pod', name: 'db-1' },
      actions: expect.arrayContaining(['delete-pod']),
    },
  ]);
});

test('it is over two minutes after the pod is replaced', () => {
  const world = timeline([rule]);
  world.put(fixed(), 0);
  world.put(pod('db-1', { owner: fixed(), ...broken }), 0);
  world.at(180);
  world.remove('Pod', 'shop', 'db-1', 200);

  expect(world.at(319)).toHaveLength(1);
  expect(world.at(320)).toEqual([]);
});

test.each([
  [
    'an old pod that is only starting',
    fixed(),
    { ...broken, containers: [{ ready: false, state: running(0) }], phase: 'Pending' },
  ],
  [
    'a broken pod of the newest revision',
    fixed({ updated: 1 }),
    { ...broken, labels: { 'controller-revision-hash': 'db-v3' } },
  ],
  ['an old pod on its way out', fixed(), { ...broken, deletedAt: 30 }],
  ['a pod below the partition', fixed({ replicas: 3, partition: 2 }), broken],
  ['strategy OnDelete', fixed({ updateStrategy: 'OnDelete' }), broken],
])('%s is silent', (_, owner, options) => {
  const world = timeline([rule]);
  world.put(owner, 0);
  world.put(pod('db-1', { owner, ...(options as PodOptions) }), 0);

  expect(world.at(7_200)).toEqual([]);
});
