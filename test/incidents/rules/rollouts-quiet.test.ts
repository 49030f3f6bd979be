import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadRules } from '../../../src/incidents/load-rules.ts';
import type { AnyRule } from '../../../src/incidents/rule.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import {
  condition,
  deployment,
  hpa,
  node,
  type PodOptions,
  pod,
  replicaSet,
  running,
  statefulSet,
  waiting,
} from '../../support/kube-objects.ts';
import { available, progressing } from '../../support/rollout-scenes.ts';
import { timeline, type World } from '../../support/timeline.ts';

/** Every rule at once over things that are as they should be: nothing may be said, at no moment. */
let rules: readonly AnyRule[];
beforeAll(async () => {
  rules = await loadRules(join(import.meta.dirname, '../../../src/incidents/rules'));
});

/** Looks every ten seconds. */
function expectQuiet(world: World, from: number, to: number): void {
  for (let at = from; at <= to; at += 10)
    expect(world.sweep(at).map(({ rule, cause }) => `${at} s: ${rule} ${cause}`)).toEqual([]);
}

const starting = (at: number): PodOptions => ({
  createdAt: at,
  phase: 'Pending',
  containers: [{ state: waiting('ContainerCreating') }],
});
const warming = (at: number): PodOptions => ({
  createdAt: at,
  ready: false,
  containers: [{ ready: false, state: running(at + 20), readinessProbe: { tcpSocket: { port: 8080 } } }],
});

test('a healthy rollout, one slow pod after the other', () => {
  const world = timeline(rules);
  const replicas = 4;
  const slowMs = 200;
  const web = (fresh: number, isOver = false): KubeObject =>
    deployment('web', {
      generation: 2,
      replicas,
      updated: Math.min(replicas, fresh + 1),
      available: replicas - (isOver ? 0 : 1),
      annotations: { 'deployment.kubernetes.io/revision': '2' },
      conditions: [
        available(true, -9_000),
        isOver
          ? progressing(true, 'NewReplicaSetAvailable', -9_000, fresh * slowMs)
          : progressing(true, 'ReplicaSetUpdated', -9_000, fresh * slowMs),
      ],
      status: isOver ? {} : { replicas },
    });
  const sets = (fresh: number) =>
    [1, 2].map((n) =>
      replicaSet(`web-${n}`, {
        owner: web(fresh),
        replicas: n === 1 ? Math.max(0, replicas - 1 - fresh) : Math.min(replicas, fresh + 1),
        available: n === 1 ? Math.max(0, replicas - 1 - fresh) : fresh,
        annotations: { 'deployment.kubernetes.io/revision': String(n) },
      }),
    ) as [KubeObject, KubeObject];
  for (let n = 0; n < replicas; n++) world.put(pod(`web-1-${n}`, { owner: sets(0)[0] }), 0);

  for (let fresh = 0; fresh < replicas; fresh++) {
    const begun = fresh * slowMs;
    const [before, after] = sets(fresh);
    for (const object of [web(fresh), before, after]) world.put(object, begun);
    world.put(pod(`web-1-${fresh}`, { owner: before, deletedAt: begun + 30 }), begun);
    world.put(pod(`web-2-${fresh}`, { owner: after, ...starting(begun) }), begun);
    world.remove('Pod', 'shop', `web-1-${fresh}`, begun + 20);
    world.put(pod(`web-2-${fresh}`, { owner: after, ...warming(begun) }), begun + 30);
    expectQuiet(world, begun + 30, begun + slowMs - 10);
    world.put(pod(`web-2-${fresh}`, { owner: after, createdAt: begun, readyAt: begun + slowMs }), begun + slowMs);
  }
  for (const object of [web(replicas, true), ...sets(replicas)]) world.put(object, replicas * slowMs);

  expectQuiet(world, replicas * slowMs, replicas * slowMs + 2_400);
});

test('a drained node whose only pod of a Deployment starts elsewhere', () => {
  const world = timeline(rules);
  const web = (ready: number, at: number) =>
    deployment('web', {
      available: ready,
      conditions: [available(ready > 0, at), progressing(true, 'NewReplicaSetAvailable', -9_000)],
    });
  const set = (ready: number) => replicaSet('web-1', { owner: web(1, -9_000), available: ready });
  for (const name of ['node-1', 'node-2']) world.put(node(name), 0);
  for (const object of [web(1, -9_000), set(1), pod('web-1-a', { owner: set(1) })]) world.put(object, 0);

  world.put(node('node-1', { unschedulable: true }), 10);
  const evicted = condition('DisruptionTarget', true, 10, 'EvictionByEvictionAPI', 'Eviction API: evicting');
  world.put(pod('web-1-a', { owner: set(1), ready: false, deletedAt: 40, conditions: [evicted] }), 10);
  for (const object of [web(0, 10), set(0), pod('web-1-b', { owner: set(0), node: 'node-2', ...starting(10) })])
    world.put(object, 10);
  world.remove('Pod', 'shop', 'web-1-a', 40);
  expectQuiet(world, 40, 60);
  world.put(pod('web-1-b', { owner: set(0), node: 'node-2', ...warming(10) }), 60);
  expectQuiet(world, 60, 150);
  for (const object of [
    web(1, 150),
    set(1),
    pod('web-1-b', { owner: set(1), node: 'node-2', createdAt: 10, readyAt: 150 }),
  ])
    world.put(object, 150);

  expectQuiet(world, 150, 3_600);
});

test('an autoscaler that doubles a Deployment while new nodes come up', () => {
  const world = timeline(rules);
  const web = (replicas: number, ready: number, at = -9_000) =>
    deployment('web', {
      replicas,
      available: ready,
      generation: replicas,
      conditions: [available(ready === replicas, at), progressing(true, 'NewReplicaSetAvailable', -9_000)],
    });
  const set = (replicas: number, ready: number) =>
    replicaSet('web-1', { owner: web(3, 3), replicas, available: ready });
  for (const object of [web(3, 3), set(3, 3)]) world.put(object, 0);
  for (let n = 0; n < 3; n++) world.put(pod(`web-1-${n}`, { owner: set(3, 3) }), 0);

  world.put(hpa('web', { min: 3, max: 10, current: 3, desired: 6 }), 10);
  for (const object of [web(6, 3, 10), set(6, 3)]) world.put(object, 10);
  const unschedulable = condition(
    'PodScheduled',
    false,
    10,
    'Unschedulable',
    '0/3 nodes are available: 3 Insufficient cpu.',
  );
  for (let n = 3; n < 6; n++)
    world.put(
      pod(`web-1-${n}`, { owner: set(6, 3), createdAt: 10, phase: 'Pending', node: '', conditions: [unschedulable] }),
      10,
    );
  for (let n = 3; n < 6; n++)
    world.event(
      {
        about: { kind: 'Pod', namespace: 'shop', name: `web-1-${n}` },
        type: 'Normal',
        reason: 'TriggeredScaleUp',
        message: 'pod triggered scale-up: [{pool 3->6 (max: 9)}]',
      },
      20,
    );
  expectQuiet(world, 20, 450);
  const scheduled = [condition('PodScheduled', true, 450)];
  for (let n = 3; n < 6; n++)
    world.put(pod(`web-1-${n}`, { owner: set(6, 3), ...starting(10), conditions: scheduled }), 450);
  expectQuiet(world, 450, 500);
  for (let n = 3; n < 6; n++)
    world.put(pod(`web-1-${n}`, { owner: set(6, 6), createdAt: 10, readyAt: 500, conditions: scheduled }), 500);
  for (const object of [web(6, 6, 500), set(6, 6)]) world.put(object, 500);

  expectQuiet(world, 500, 3_600);
});

test('workloads that are paused in the middle of a rollout, scaled to zero, or a canary at its partition', () => {
  const world = timeline(rules);
  const paused = [available(true, -9_000), progressing('Unknown', 'DeploymentPaused', 0)];
  world.put(
    deployment('paused', {
      replicas: 4,
      paused: true,
      updated: 1,
      generation: 2,
      conditions: paused,
      status: { replicas: 4 },
    }),
    0,
  );
  const gaveUp = [available(false, -9_000), progressing(false, 'ProgressDeadlineExceeded', -9_000)];
  world.put(deployment('none', { replicas: 0, conditions: gaveUp }), 0);
  world.put(statefulSet('none', { replicas: 0 }), 0);
  world.put(statefulSet('canary', { replicas: 3, partition: 2, updated: 1, updateRevision: 'canary-2' }), 0);

  expectQuiet(world, 0, 7_200);
});
