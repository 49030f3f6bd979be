import { expect, test } from 'vitest';
import { condition, deployment, pod, statefulSet } from '../../support/kube-objects.ts';
import { T0, timeline } from '../../support/timeline.ts';
import { belowRule, notReadyRule, stalledRule, unpulled, waitingRule } from './sample-rules.ts';

test('a finding is silent until the very end of its hold, and fires then', () => {
  const world = timeline([waitingRule]);

  world.put(unpulled('web-1'), 10);

  expect(world.at(129.999)).toEqual([]);
  expect(world.states()).toMatchObject([{ signals: [], isPending: true }]);
  expect(world.at(130)).toMatchObject([
    { rule: 'P03', key: 'app', since: T0 + 10_000, firedAt: T0 + 130_000, severity: 'warning' },
  ]);
});

test('the time that the API tells counts, not the time at which it was seen', () => {
  const world = timeline([notReadyRule]);

  world.put(pod('web-1', { ready: false, readyAt: -50 }), 0);

  expect(world.at(9.999)).toEqual([]);
  expect(world.at(10)).toMatchObject([{ rule: 'P08', since: T0 - 50_000 }]);
});

test('a time of the API that lies in the future starts the hold when it is seen', () => {
  const world = timeline([notReadyRule]);

  world.put(pod('web-1', { ready: false, readyAt: 500 }), 0);

  expect(world.at(59.999)).toEqual([]);
  expect(world.at(60)).toMatchObject([{ since: T0 }]);
});

test('a condition that ends within its hold never fires, and a new one is held anew', () => {
  const world = timeline([waitingRule]);

  world.put(unpulled('web-1'), 0);
  world.put(pod('web-1'), 119);
  world.put(unpulled('web-1'), 121);

  expect(world.at(240.999)).toEqual([]);
  expect(world.at(241)).toMatchObject([{ since: T0 + 121_000 }]);
});

test('a signal ends when its condition has been false for the whole hold-down', () => {
  const world = timeline([waitingRule]);
  world.put(unpulled('web-1'), 0);
  expect(world.at(130)).toHaveLength(1);

  world.put(pod('web-1'), 200);

  expect(world.at(200)).toMatchObject([{ rule: 'P03', clearSince: T0 + 200_000 }]);
  expect(world.at(319.999)).toHaveLength(1);
  expect(world.at(320)).toEqual([]);
  expect(world.states()).toEqual([]);
});

test('a condition that returns within the hold-down is the same signal', () => {
  const world = timeline([waitingRule]);
  world.put(unpulled('web-1'), 0);
  world.put(pod('web-1'), 200);

  world.put(unpulled('web-1'), 300);

  const [signal] = world.at(420);
  expect(signal).toMatchObject({ since: T0, firedAt: T0 + 120_000 });
  expect(signal?.clearSince).toBeUndefined();
  expect(world.at(3_600)).toHaveLength(1);
});

test('while something is held that began before the last signal ended, the incident stays open', () => {
  const world = timeline([waitingRule, notReadyRule]);
  world.put(unpulled('web-1'), 0);
  world.put(pod('web-1'), 200);
  world.put(pod('web-1', { ready: false, readyAt: 300 }), 300);

  world.at(330);

  expect(world.states()).toMatchObject([{ signals: [], isPending: true }]);
  expect(world.at(360)).toMatchObject([{ rule: 'P08' }]);
});

test('a signal carries what its rule says, and the root what serves', () => {
  const world = timeline([belowRule]);
  world.put(deployment('web', { replicas: 4, available: 3, labels: { team: 'shop' } }), 0);

  const [signal] = world.at(300);

  expect(signal).toMatchObject({
    rule: 'R04',
    title: 'below minimum',
    object: { kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'uid-deployment-web' },
    about: { kind: 'Deployment', name: 'web' },
    domain: 'availability',
    severity: 'high',
    cause: 'below minimum',
    causeClass: 'unknown',
    shares: {},
    facts: [],
    isFolded: false,
  });
  expect(world.states()).toMatchObject([
    { cluster: 'eu1', impact: { available: 3, desired: 4 }, labels: { team: 'shop' }, isPending: false, isGone: false },
  ]);
});

test('what a rule remembers starts anew with each other value', () => {
  const world = timeline([stalledRule]);

  world.put(statefulSet('db', { replicas: 3, updated: 0 }), 0);
  world.put(statefulSet('db', { replicas: 3, updated: 1 }), 50);

  expect(world.at(109.999)).toEqual([]);
  expect(world.at(110)).toMatchObject([{ rule: 'S01', since: T0 + 50_000 }]);
});

test('what a rule did not ask for again is not remembered: nobody looked', () => {
  const world = timeline([stalledRule]);

  world.put(statefulSet('db', { replicas: 3, updated: 1 }), 0);
  world.put(statefulSet('db', { replicas: 3, updated: 3, ready: 1 }), 10);
  world.put(statefulSet('db', { replicas: 3, updated: 1 }), 50);

  expect(world.at(109.999)).toEqual([]);
  expect(world.at(110)).toHaveLength(1);
});

test('a root that is deleted is gone at once', () => {
  const world = timeline([belowRule]);
  world.put(deployment('web', { replicas: 4, available: 0, conditions: [condition('Available', false, 0)] }), 0);
  expect(world.at(300)).toHaveLength(1);

  const states = world.remove('Deployment', 'shop', 'web', 301);

  expect(states).toMatchObject([{ root: { name: 'web' }, signals: [], isGone: true, isPending: false }]);
  expect(world.at(301)).toEqual([]);
});

test('nothing waits when all is well', () => {
  const world = timeline([waitingRule, notReadyRule, belowRule]);
  world.put(deployment('web', { replicas: 2 }), 0);
  world.put(pod('web-1'), 0);

  expect(world.engine.nextDue()).toBeUndefined();
  expect(world.engine.takeMarks()).toEqual([]);
});
