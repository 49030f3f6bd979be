import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p14-stuck-terminating.ts';
import { condition, deployment, node, pod, replicaSet, terminated } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const ended = [{ state: terminated(0, { exitCode: 0 }) }];

test('a pod that does not go is told five minutes after its grace period, and is over when it is gone', () => {
  const world = timeline([rule]);
  world.put(pod('web-1', { deletedAt: 30, containers: ended, finalizers: ['example.com/backup'] }), 0);

  expect(world.sweep(30)).toEqual([]);
  expect(world.at(329)).toEqual([]);
  expect(world.at(330)).toMatchObject([
    {
      rule: 'P14',
      severity: 'warning',
      causeClass: 'terminating',
      cause: 'does not go: finalizer example.com/backup is still set',
    },
  ]);
  world.remove('Pod', 'shop', 'web-1', 400);
  expect(world.at(400)).toEqual([]);
});

test('it is high when a drain waits for it', () => {
  const world = timeline([rule]);
  world.put(node('node-1', { spec: { unschedulable: true } }), 0);
  world.put(pod('web-1', { deletedAt: 30 }), 0);
  world.sweep(30);

  expect(world.at(330)).toMatchObject([
    { severity: 'high', cause: 'does not go: app still runs; it holds up the drain of node-1' },
  ]);
});

test('it is high when a rollout waits for it', () => {
  const web = deployment('web', { replicas: 2, conditions: [condition('Progressing', true, 0, 'ReplicaSetUpdated')] });
  const set = replicaSet('web-1', { owner: web });
  const world = timeline([rule]);
  world.put(web, 0);
  world.put(set, 0);
  world.put(pod('web-1-a', { owner: set, deletedAt: 30 }), 0);
  world.sweep(60);

  expect(world.at(330)).toMatchObject([{ severity: 'high', cause: expect.stringContaining('the rollout') }]);
});

test('a kill that fails says why', () => {
  const world = timeline([rule]);
  world.put(pod('web-1', { deletedAt: 30 }), 0);
  world.event(
    {
      about: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
      type: 'Warning',
      reason: 'FailedKillPod',
      message: 'error killing pod: failed to "KillContainer": device busy',
    },
    200,
  );

  expect(world.at(330)[0]).toMatchObject({ cause: expect.stringContaining('device busy'), shares: { node: 'node-1' } });
});

test('a pod that goes in its time is silent', () => {
  const world = timeline([rule]);
  world.put(pod('web-1', { deletedAt: 30 }), 0);
  world.remove('Pod', 'shop', 'web-1', 40);
  world.put(pod('web-2'), 41);

  expect(world.at(2_000)).toEqual([]);
});

test('a long grace period is no trouble, however short the hold is', () => {
  const world = timeline([rule], { alerts: { rules: { P14: { hold: '10s' } } } });
  world.put(pod('web-1', { deletedAt: 3_600 }), 0);

  for (let at = 0; at < 3_610; at += 10) expect(world.sweep(at)).toEqual([]);
  expect(world.at(3_610)).toHaveLength(1);
});
