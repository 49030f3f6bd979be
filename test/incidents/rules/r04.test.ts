import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/r04-below-minimum.ts';
import { deployment, pod, replicaSet, terminated, waiting } from '../../support/kube-objects.ts';
import { available, BAD_IMAGE, moving, progressing, settled } from '../../support/rollout-scenes.ts';
import { timeline } from '../../support/timeline.ts';

const finished = progressing(true, 'NewReplicaSetAvailable', -9_000);

test('some pods missing below the minimum are told after five minutes', () => {
  const world = timeline([rule]);
  world.put(deployment('web', { replicas: 4, available: 2, conditions: [available(false, 0), finished] }), 0);

  expect(world.at(299)).toEqual([]);
  expect(world.at(300)).toMatchObject([{ rule: 'R04', severity: 'high', cause: '2 of 4 pods available' }]);
});

test('with no pod at all it is critical after one minute, and names the cause', () => {
  const world = timeline([rule]);
  const owner = deployment('web', { replicas: 2, available: 0, conditions: [available(false, 0), finished] });
  const set = replicaSet('web-7c9b', { owner, replicas: 2, available: 0 });
  world.put(owner, 0);
  world.put(set, 0);
  for (const name of ['a', 'b'])
    world.put(
      pod(`web-7c9b-${name}`, {
        owner: set,
        ready: false,
        containers: [{ ready: false, restartCount: 2, state: waiting('CrashLoopBackOff'), lastState: terminated(-20) }],
      }),
      0,
    );

  expect(world.at(59)).toEqual([]);
  expect(world.at(60)).toMatchObject([
    {
      severity: 'critical',
      causeClass: 'crash',
      cause: 'none of 2 pods available: container app crashes: exit code 1 (app error)',
      about: { name: 'web-7c9b-a' },
    },
  ]);
});

test('while a new node is on its way for the missing pods, they are waited for', () => {
  const world = timeline([rule]);
  const owner = deployment('web', { replicas: 4, available: 2, conditions: [available(false, 0), finished] });
  const set = replicaSet('web-7c9b', { owner, replicas: 4, available: 2 });
  world.put(owner, 0);
  world.put(set, 0);
  world.put(pod('web-7c9b-new', { owner: set, createdAt: 0, phase: 'Pending', node: '' }), 0);
  const about = { kind: 'Pod', namespace: 'shop', name: 'web-7c9b-new' } as const;
  world.event({ about, type: 'Normal', reason: 'TriggeredScaleUp', message: 'pod triggered scale-up' }, 10);
  world.put(owner, 20);
  world.sweep(20);

  expect(world.at(599)).toEqual([]);
  expect(world.at(600)).toMatchObject([{ severity: 'high' }]);
});

test('it is over two minutes after the Deployment is available again', () => {
  const world = timeline([rule]);
  world.put(deployment('fraud-check', { replicas: 2, available: 0, conditions: [available(false, 0), finished] }), 0);
  world.at(60);
  world.put(settled(), 100);

  expect(world.at(219)).toHaveLength(1);
  expect(world.at(220)).toEqual([]);
});

test('the only pod, moved by a drain and starting elsewhere without a fault, is no outage yet', () => {
  const world = timeline([rule]);
  const owner = deployment('web', { replicas: 1, available: 0, conditions: [available(false, 0), finished] });
  const set = replicaSet('web-7c9b', { owner, available: 0 });
  world.put(owner, 0);
  world.put(set, 0);
  world.put(pod('web-7c9b-moved', { owner: set, phase: 'Pending', createdAt: 0 }), 0);

  expect(world.at(150)).toEqual([]);
  world.put(deployment('web', { replicas: 1, conditions: [available(true, 150), finished] }), 150);

  expect(world.at(3_600)).toEqual([]);
});

test('a rollout is not an outage, until it has given up', () => {
  const world = timeline([rule]);
  for (const object of moving({ old: 0, updated: 2, isAvailable: false, newPod: BAD_IMAGE })) world.put(object, 0);

  expect(world.at(599)).toEqual([]);
  const progress = progressing(false, 'ProgressDeadlineExceeded', 600);
  const conditions = [available(false, 0), progress];
  for (const object of moving({ old: 0, updated: 2, conditions, newPod: BAD_IMAGE })) world.put(object, 600);

  expect(world.at(660)).toMatchObject([{ rule: 'R04', severity: 'critical', causeClass: 'image' }]);
});

test.each([
  ['paused', { paused: true }],
  ['scaled to zero', { replicas: 0 }],
  ['not observed yet', { generation: 5, observedGeneration: 4 }],
])('a Deployment that is %s is silent', (_, options) => {
  const world = timeline([rule]);
  world.put(
    deployment('web', { replicas: 1, available: 0, conditions: [available(false, 0), finished], ...options }),
    0,
  );

  expect(world.at(7_200)).toEqual([]);
});
