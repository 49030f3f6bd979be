import { expect, test } from 'vitest';
import { defineRule } from '../../../src/incidents/rule.ts';
import { condition, node, pod, replicaSet, time } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';
import { notReadyRule } from './sample-rules.ts';

/** A rule that counts how often it was asked. */
function countingWorld(kind: 'Node' | 'ReplicaSet' = 'Node') {
  const asked: number[] = [];
  const rule = defineRule({
    id: 'N99',
    title: 'for tests',
    summary: 'For tests.',
    kind,
    domain: 'node',
    settings: {},
    resolveAfterMs: 0,
    evidence: [],
    actions: [],
    drill: { cause: 'x', severity: 'info' },
    judge: (_node, { now }) => {
      asked.push(now);
      return [];
    },
  });
  const world = timeline([rule, notReadyRule]);
  world.put(node('node-1'), 0);
  world.put(pod('web-1'), 0);
  return { world, asked: () => asked.splice(0).length };
}

test('a node is not judged again for what a pod does to itself', () => {
  const { world, asked } = countingWorld();
  expect(asked()).toBe(2);

  world.put(pod('web-1', { ready: false, readyAt: 10 }), 10);
  world.put(pod('web-1', { containers: [{ restartCount: 3 }] }), 20);

  expect(asked()).toBe(0);
});

test.each([
  ['ends', pod('web-1', { phase: 'Failed', reason: 'Evicted' })],
  ['begins to leave', pod('web-1', { deletedAt: 40 })],
  ['comes', pod('web-2')],
  ['goes elsewhere', pod('web-1', { node: 'node-2' })],
])('a node is judged again when a pod %s', (_what, changed) => {
  const { world, asked } = countingWorld();
  asked();

  world.put(changed, 10);

  expect(asked()).toBe(1);
});

test('a node is judged again when a pod is gone, and when it changes itself or is spoken about', () => {
  const { world, asked } = countingWorld();
  asked();

  world.remove('Pod', 'shop', 'web-1', 10);
  expect(asked()).toBe(1);

  world.put(node('node-1', { ready: false, readyAt: 20 }), 20);
  expect(asked()).toBe(1);

  const about = { kind: 'Node', namespace: '', name: 'node-1' } as const;
  world.event({ about, type: 'Warning', reason: 'Rebooted', message: `at ${time(30)}` }, 30);
  expect(asked()).toBe(1);
});

test('a sweep judges every node', () => {
  const { world, asked } = countingWorld();
  asked();

  world.sweep(30);

  expect(asked()).toBe(1);
});

test('a ReplicaSet is not judged for what a pod does to itself, but for what becomes of it', () => {
  const set = replicaSet('web-abc', { replicas: 2 });
  const { world, asked } = countingWorld('ReplicaSet');
  world.put(set, 0);
  world.put(pod('web-abc-1', { owner: set }), 0);
  asked();

  world.put(pod('web-abc-1', { owner: set, ready: false, readyAt: 10 }), 10);
  expect(asked()).toBe(0);

  const preempted = condition('DisruptionTarget', true, 20, 'PreemptionByScheduler');
  world.put(pod('web-abc-1', { owner: set, conditions: [preempted] }), 20);
  expect(asked()).toBe(1);

  world.put(replicaSet('web-abc', { replicas: 2, ready: 1 }), 30);
  expect(asked()).toBe(1);
});

test('after a first look at everything, what a pod does to itself is its own affair at once', () => {
  const { world, asked } = countingWorld();
  world.restart(10);
  asked();

  world.put(pod('web-1', { ready: false, readyAt: 20 }), 20);
  expect(asked()).toBe(0);

  world.remove('Pod', 'shop', 'web-1', 30);
  expect(asked()).toBe(1);
});
