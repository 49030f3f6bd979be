import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadRules } from '../../../src/incidents/load-rules.ts';
import {
  condition,
  cronJob,
  daemonSet,
  hpa,
  job,
  node,
  pdb,
  pod,
  pvc,
  quota,
  storageClass,
  time,
} from '../../support/kube-objects.ts';
import { timeline, type World } from '../../support/timeline.ts';

/** What goes on in a healthy cluster all day, judged by every rule there is: nobody hears of it. */
const rules = await loadRules(fileURLToPath(new URL('../../../src/incidents/rules', import.meta.url)));
const cordoned = (at: number) => ({
  unschedulable: true,
  taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: time(at) }],
});

/** Sweeps as the watcher does, and collects whatever is said on the way. */
function swept(world: World, from: number, until: number): readonly string[] {
  const told = new Set<string>();
  for (let at = from; at <= until; at += 30)
    for (const { rule, cause } of world.sweep(at)) told.add(`${rule}: ${cause}`);
  return [...told];
}

test('a node is drained, switched off for an hour and comes back', () => {
  const world = timeline(rules);
  world.put(node('harbour-1'), 0);
  world.put(node('harbour-2'), 0);
  world.put(pod('logs', { node: 'harbour-2', owner: daemonSet('logs') }), 0);
  world.put(pod('web-1', { node: 'harbour-2', labels: { app: 'web' } }), 0);
  world.put(pdb('web', { currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 }), 0);
  world.put(node('harbour-2', cordoned(60)), 60);
  world.put(pdb('web', { currentHealthy: 1, desiredHealthy: 1, expectedPods: 2 }), 70);
  world.remove('Pod', 'shop', 'web-1', 75);
  world.put(pdb('web', { currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 }), 100);
  expect(swept(world, 100, 120)).toEqual([]);

  const off = { ...cordoned(60), ready: 'Unknown', readyAt: 200 } as const;
  const unreachable = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: time(200) };
  world.put(node('harbour-2', { ...off, taints: [...off.taints, unreachable] }), 200);
  expect(swept(world, 210, 3_600)).toEqual([]);

  world.put(node('harbour-2', { ...cordoned(60), readyAt: 3_610, bootID: 'boot-2' }), 3_610);
  world.put(node('harbour-2', { readyAt: 3_610, bootID: 'boot-2' }), 3_700);
  expect(swept(world, 3_720, 7_200)).toEqual([]);
});

test('a spot node is announced to go, falls silent with its pods and is deleted', () => {
  const world = timeline(rules);
  const taint = { key: 'aws-node-termination-handler/spot-itn', effect: 'NoSchedule' };
  world.put(node('spot-1'), 0);
  world.put(pod('web-1', { node: 'spot-1' }), 0);
  world.put(node('spot-1', { unschedulable: true, taints: [taint] }), 60);
  const unreachable = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: time(180) };
  world.put(node('spot-1', { unschedulable: true, taints: [taint, unreachable], ready: 'Unknown', readyAt: 180 }), 180);
  const told = swept(world, 180, 900);
  world.remove('Pod', 'shop', 'web-1', 910);
  world.remove('Node', '', 'spot-1', 920);

  expect([...told, ...swept(world, 930, 1_800)]).toEqual([]);
});

test('an autoscaler goes up to its maximum and down again within minutes', () => {
  const world = timeline(rules);
  [2, 4, 8, 10, 10, 8, 4, 2].forEach((current, step) => {
    const limited = condition('ScalingLimited', current === 10 || current === 2, step * 120, 'TooManyReplicas');
    world.put(hpa('web', { min: 2, max: 10, current, desired: current, conditions: [limited] }), step * 120);
    expect(world.sweep(step * 120)).toEqual([]);
  });

  expect(swept(world, 900, 7_200)).toEqual([]);
});

test('a CronJob runs every ten minutes, once after two retries, over a day', () => {
  const world = timeline(rules);
  const told: string[] = [];
  for (let at = 0; at < 86_400; at += 600) {
    const owner = cronJob('tick', {
      schedule: '*/10 * * * *',
      lastScheduleAt: at,
      lastSuccessAt: at - 540,
      active: [`tick-${at}`],
    });
    world.put(owner, at);
    world.put(job(`tick-${at}`, { owner, createdAt: at }), at + 1);
    if (at === 6_000) world.put(job(`tick-${at}`, { owner, createdAt: at, active: 1, failed: 2 }), at + 30);
    told.push(...swept(world, at + 45, at + 60));
    const complete = [condition('Complete', true, at + 60)];
    world.put(
      job(`tick-${at}`, { owner, createdAt: at, completedAt: at + 60, active: 0, succeeded: 1, conditions: complete }),
      at + 60,
    );
    world.put(cronJob('tick', { schedule: '*/10 * * * *', lastScheduleAt: at, lastSuccessAt: at + 60 }), at + 60);
    if (at >= 1_800) world.remove('Job', 'shop', `tick-${at - 1_800}`, at + 61);
    told.push(...swept(world, at + 75, at + 590));
  }

  expect(told).toEqual([]);
});

test('claims that wait for their pods, a quota of zero, a budget over nothing and a new node that takes its time', () => {
  const world = timeline(rules);
  world.put(storageClass('late', { volumeBindingMode: 'WaitForFirstConsumer' }), 0);
  world.put(pvc('data', { phase: 'Pending', storageClassName: 'late', createdAt: 0 }), 0);
  world.put(quota('none', { hard: { 'services.loadbalancers': '0' }, used: { 'services.loadbalancers': '0' } }), 0);
  world.put(pdb('idle', { currentHealthy: 0, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 0 }), 0);
  world.put(node('new', { createdAt: 0, ready: false, readyAt: 2 }), 2);
  const told = swept(world, 30, 300);
  world.put(node('new', { createdAt: 0, readyAt: 310 }), 310);

  expect([...told, ...swept(world, 330, 7_200)]).toEqual([]);
});
