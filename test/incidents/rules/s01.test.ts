import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/s01-statefulset-stalled.ts';
import { pod, type StatefulSetOptions, statefulSet, terminated, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const updating = (options: StatefulSetOptions = {}) =>
  statefulSet('db', {
    replicas: 3,
    updated: 1,
    available: 2,
    currentRevision: 'db-1',
    updateRevision: 'db-2',
    ...options,
  });

const crashing = {
  labels: { 'controller-revision-hash': 'db-2' },
  ready: false,
  containers: [{ ready: false, restartCount: 4, state: waiting('CrashLoopBackOff'), lastState: terminated(-60) }],
};

test('an update whose counters stand still for ten minutes is stalled, and names the pod that blocks', () => {
  const world = timeline([rule]);
  world.put(updating(), 0);
  world.put(pod('db-2', { owner: updating(), ...crashing }), 0);

  expect(world.at(599)).toEqual([]);
  expect(world.at(600)).toMatchObject([
    {
      rule: 'S01',
      severity: 'high',
      cause: 'db-2: container app crashes: exit code 1 (app error); 2 of 3 pods serve',
      about: { name: 'db-2' },
    },
  ]);
});

test('a large set that updates one pod after the other is silent as long as any counter moves', () => {
  const world = timeline([rule]);
  for (let updated = 1; updated < 12; updated++)
    world.put(updating({ replicas: 12, updated, available: 11 }), updated * 500);

  expect(world.at(11 * 500 + 599)).toEqual([]);
  expect(world.at(11 * 500 + 600)).toHaveLength(1);
});

test('pods that may take long by their own probes are waited for', () => {
  const world = timeline([rule]);
  const container = {
    name: 'app',
    image: 'db',
    startupProbe: { tcpSocket: { port: 1 }, periodSeconds: 10, failureThreshold: 120 },
  };
  world.put(updating({ spec: { minReadySeconds: 300 }, template: { spec: { containers: [container] } } }), 0);

  expect(world.at(1_499)).toEqual([]);
  expect(world.at(1_500)).toHaveLength(1);
});

test('it is over two minutes after the update is complete', () => {
  const world = timeline([rule]);
  world.put(updating(), 0);
  world.at(600);
  world.put(statefulSet('db', { replicas: 3, currentRevision: 'db-2' }), 700);

  expect(world.at(819)).toHaveLength(1);
  expect(world.at(820)).toEqual([]);
});

test('a restart of the bot does not begin the hold anew', () => {
  const world = timeline([rule]);
  world.put(updating(), 0);
  world.at(300);
  world.restart(500);

  expect(world.at(599)).toEqual([]);
  expect(world.at(600)).toHaveLength(1);
});

test.each([
  ['a canary that rests at its partition', { partition: 2, updated: 1, available: 3 }],
  ['one that wants no pods', { replicas: 0, updated: 0, available: 0 }],
  ['one that is not observed yet', { generation: 3, observedGeneration: 2 }],
  ['one whose pods are missing without an update', { currentRevision: 'db-2', updated: 3 }],
  ['one of strategy OnDelete', { updateStrategy: 'OnDelete' as const }],
])('%s is silent', (_, options) => {
  const world = timeline([rule]);
  world.put(updating(options), 0);

  expect(world.at(7_200)).toEqual([]);
});

test('a canary whose new pod is not ready is stalled, too', () => {
  const world = timeline([rule]);
  const owner = updating({ partition: 2, updated: 1, available: 2 });
  world.put(owner, 0);
  world.put(pod('db-2', { owner, ...crashing }), 0);

  expect(world.at(600)).toMatchObject([{ causeClass: 'crash' }]);
});
