import { expect, test } from 'vitest';
import { deployment, pod, replicaSet, statefulSet } from '../../support/kube-objects.ts';
import { T0, timeline } from '../../support/timeline.ts';
import { notReadyRule, restartsRule, stalledRule, unpulled, waitingRule } from './sample-rules.ts';

const restarted = (restartCount: number) => pod('web-1', { containers: [{ restartCount }] });

test('a restart starts no hold anew, whoever knew since when', () => {
  const world = timeline([waitingRule, notReadyRule, stalledRule]);
  world.put(unpulled('web-1'), 0);
  world.put(pod('web-2', { ready: false, readyAt: 70 }), 70);
  world.put(statefulSet('db', { replicas: 3, updated: 1 }), 80);

  world.restart(100);

  expect(world.at(119.999)).toEqual([]);
  expect(world.at(120)).toMatchObject([{ rule: 'P03', since: T0 }]);
  expect(world.at(130)).toHaveLength(2);
  expect(world.at(139.999)).toHaveLength(2);
  expect(world.at(140)).toMatchObject([{ rule: 'P03' }, { rule: 'P08' }, { rule: 'S01', since: T0 + 80_000 }]);
});

test('a hold that passed while nobody was there has fired at its own time', () => {
  const world = timeline([waitingRule]);
  world.put(unpulled('web-1'), 0);

  world.restart(500);

  expect(world.at(500)).toMatchObject([{ since: T0, firedAt: T0 + 120_000 }]);
});

test('what had fired fires at once after a restart, although its hold would begin anew', () => {
  const web = deployment('web', { replicas: 2 });
  const set = replicaSet('web-abc', { owner: web });
  const world = timeline([waitingRule]);
  world.put(web, 0);
  world.put(set, 0);
  world.put(unpulled('web-abc-1', { owner: set }), 0);
  world.at(200);

  world.restart(210);

  const [signal] = world.at(210);
  expect(signal).toMatchObject({ since: T0, firedAt: T0 + 120_000 });
  expect(signal?.clearSince).toBeUndefined();
});

test('what is well after a restart stays open for its hold-down, and ends then', () => {
  const world = timeline([notReadyRule]);
  world.put(pod('web-1', { ready: false, readyAt: 0 }), 0);
  world.at(100);
  world.put(pod('web-1', { readyAt: 110 }), 110);

  world.restart(130);

  expect(world.states()).toMatchObject([{ root: { name: 'web-1' }, signals: [], isPending: true, isGone: false }]);
  world.at(229.999);
  expect(world.states()).toHaveLength(1);
  world.at(230);
  expect(world.states()).toEqual([]);
});

test('what returns within the hold-down after a restart is the same signal', () => {
  const world = timeline([notReadyRule]);
  world.put(pod('web-1', { ready: false, readyAt: 0 }), 0);
  world.at(100);
  world.put(pod('web-1', { readyAt: 110 }), 110);
  world.restart(130);

  world.put(pod('web-1', { ready: false, readyAt: 140 }), 140);

  expect(world.at(200)).toMatchObject([{ since: T0, firedAt: T0 + 60_000 }]);
});

test('the end of a hold-down after a restart is told', () => {
  const world = timeline([notReadyRule]);
  world.put(pod('web-1', { ready: false, readyAt: 0 }), 0);
  world.at(100);
  world.put(pod('web-1', { readyAt: 110 }), 110);
  world.restart(130);

  expect(world.engine.due(T0 + 230_000)).toMatchObject([{ root: { name: 'web-1' }, signals: [], isPending: false }]);
});

test('the growth of a counter is remembered over a restart, and falls out of its window', () => {
  const world = timeline([restartsRule]);
  world.put(restarted(4), 0);
  world.put(restarted(5), 100);
  world.put(restarted(6), 200);
  expect(world.at(200)).toEqual([]);

  world.restart(300);
  world.put(restarted(7), 310);

  expect(world.at(310)).toMatchObject([{ rule: 'P01', since: T0 + 310_000 }]);
  expect(world.at(699.999)[0]?.clearSince).toBeUndefined();
  expect(world.at(700)).toMatchObject([{ clearSince: T0 + 700_000 }]);
  expect(world.at(820)).toEqual([]);
});

test('counters of healthy pods are not kept', () => {
  const world = timeline([restartsRule]);

  world.put(restarted(4), 0);

  expect(world.marks()).toEqual(new Map());
});

test('nothing is kept of what is over or gone', () => {
  const world = timeline([waitingRule, notReadyRule, restartsRule, stalledRule]);
  world.put(unpulled('web-1'), 0);
  world.put(unpulled('web-2'), 0);
  world.put(statefulSet('db', { replicas: 3, updated: 1 }), 0);
  world.at(200);
  expect([...world.marks().keys()].sort()).toEqual(['uid-pod-web-1', 'uid-pod-web-2', 'uid-statefulset-db']);

  world.put(pod('web-1'), 200);
  world.remove('Pod', 'shop', 'web-2', 200);
  world.put(statefulSet('db', { replicas: 3, updated: 3 }), 200);
  world.at(330);

  expect(world.marks()).toEqual(new Map());
});

test('what is kept of objects that went while nobody was there is forgotten by the first sweep', () => {
  const world = timeline([waitingRule]);
  world.put(unpulled('web-1'), 0);
  world.at(130);

  world.restart(200, { without: ['uid-pod-web-1'] });

  expect(world.states()).toEqual([]);
  expect(world.marks()).toEqual(new Map());
});

test('whoever was told after a restart that something is held hears of its end', () => {
  const world = timeline([waitingRule]);
  world.put(unpulled('web-1'), 0);
  world.restart(10);
  expect(world.states()).toMatchObject([{ signals: [], isPending: true }]);

  expect(world.put(pod('web-1'), 20)).toMatchObject([{ signals: [], isPending: false }]);
});
