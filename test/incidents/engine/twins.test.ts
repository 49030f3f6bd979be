import { expect, test } from 'vitest';
import { daemonSet, deployment, node, pod, replicaSet } from '../../support/kube-objects.ts';
import { T0, timeline } from '../../support/timeline.ts';
import { belowRule, notReadyRule, unpulled, waitingRule } from './sample-rules.ts';

const web = deployment('web', { replicas: 3 });
const set = replicaSet('web-abc', { replicas: 3, owner: web });

function shop() {
  const world = timeline([waitingRule, notReadyRule]);
  world.put(web, 0);
  world.put(set, 0);
  return world;
}

test('twins are one signal that counts them and lets the oldest speak', () => {
  const world = shop();

  world.put(unpulled('web-abc-2', { owner: set, node: 'node-2' }), 10);
  world.put(unpulled('web-abc-1', { owner: set, node: 'node-1' }), 20);
  world.put(unpulled('web-abc-3', { owner: set, node: 'node-1' }), 30);

  expect(world.at(150)).toMatchObject([
    { rule: 'P03', object: { name: 'web-abc-2' }, facts: [{ label: 'pods', value: '3, first web-abc-2' }] },
  ]);
  expect(world.states()).toMatchObject([
    { root: { kind: 'Deployment', name: 'web', uid: 'uid-deployment-web' }, nodes: ['node-1', 'node-2'] },
  ]);
});

test('containers of one pod are two signals', () => {
  const world = shop();
  const state = { waiting: { reason: 'ImagePullBackOff' } };

  world.put(
    unpulled('web-abc-1', {
      owner: set,
      containers: [
        { name: 'a', state },
        { name: 'b', state },
      ],
    }),
    0,
  );

  expect(world.at(120).map(({ key }) => key)).toEqual(['a', 'b']);
});

test('an ill pod that is replaced by another ill one does not end the signal, and starts none', () => {
  const world = shop();
  world.put(unpulled('web-abc-1', { owner: set }), 0);
  expect(world.at(130)).toHaveLength(1);

  world.remove('Pod', 'shop', 'web-abc-1', 150);
  world.put(unpulled('web-abc-2', { owner: set }), 160);

  for (const seconds of [160, 271, 279.999])
    expect(world.at(seconds)).toMatchObject([{ since: T0, firedAt: T0 + 120_000 }]);
  const [signal] = world.at(280);
  expect(signal).toMatchObject({ object: { name: 'web-abc-2' }, since: T0, firedAt: T0 + 120_000 });
  expect(signal?.clearSince).toBeUndefined();
});

test('pods that are shortly unready one after the other do not keep a signal open for ever', () => {
  const world = shop();
  world.put(pod('web-abc-1', { owner: set, ready: false, readyAt: 0 }), 0);
  expect(world.at(60)).toHaveLength(1);
  world.put(pod('web-abc-1', { owner: set, readyAt: 70 }), 70);

  let ended = 0;
  for (let at = 80; at < 600 && ended === 0; at += 20) {
    const name = `web-abc-${2 + (at % 40) / 20}`;
    world.put(pod(name, { owner: set, ready: false, readyAt: at }), at);
    world.put(pod(name, { owner: set, readyAt: at + 19 }), at + 19);
    if (world.at(at + 19).length === 0) ended = at + 19;
  }

  expect(ended).toBeGreaterThan(190);
  expect(ended).toBeLessThan(250);
});

test('each change of a pod is told once, and nothing that is only held', () => {
  const world = shop();

  expect(world.put(unpulled('web-abc-1', { owner: set }), 0)).toEqual([]);
  world.at(130);
  expect(world.put(unpulled('web-abc-2', { owner: set }), 140)).toEqual([]);
  expect(world.put(unpulled('web-abc-2', { owner: set, labels: { a: 'b' } }), 141)).toEqual([]);
  expect(world.put(pod('web-abc-1', { owner: set }), 142)).toMatchObject([
    { signals: [{ clearSince: T0 + 142_000 }], isPending: true },
  ]);
});

test('pods that are seen before their owners find their root later, and their hold goes on', () => {
  const world = timeline([waitingRule]);
  world.put(unpulled('web-abc-1', { owner: set }), 0);
  expect(world.states()).toMatchObject([{ root: { kind: 'ReplicaSet', name: 'web-abc' }, isPending: true }]);

  world.put(set, 10);

  expect(world.at(119.999)).toEqual([]);
  expect(world.at(120)).toHaveLength(1);
  expect(world.states()).toMatchObject([{ root: { kind: 'Deployment', name: 'web' } }]);
});

test('two DaemonSets that share a node are two roots; the static pods of a node are told apart', () => {
  const world = timeline([waitingRule]);
  const one = node('node-1');
  world.put(one, 0);
  for (const name of ['proxy', 'cni']) {
    const owner = daemonSet(name);
    world.put(owner, 0);
    world.put(unpulled(`${name}-x`, { owner }), 0);
  }
  for (const name of ['etcd-node-1', 'kube-scheduler-node-1'])
    world.put(unpulled(name, { owner: one, annotations: { 'kubernetes.io/config.mirror': 'x' } }), 0);

  world.at(120);

  const roots = world.states().map(({ root, signals }) => `${root.kind}/${root.name} ${signals.length}`);
  expect(roots.sort()).toEqual(['DaemonSet/cni 1', 'DaemonSet/proxy 1', 'Node/node-1 2']);
});

test('a root that serves nothing any more counts one step more, in whatever rule; what is for the digest stays there', () => {
  const world = timeline([waitingRule, belowRule]);
  world.put(deployment('web', { replicas: 1, available: 0 }), 0);
  world.put(set, 0);
  world.put(unpulled('web-abc-1', { owner: set }), 0);

  expect(world.at(300).map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['P03 high', 'R04 critical']);

  world.put(deployment('web', { replicas: 2, available: 1 }), 310);
  expect(world.at(310).map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['P03 warning', 'R04 high']);
});

test('the pods of a Deployment that is deleted say nothing while they go', () => {
  const world = shop();
  world.put(unpulled('web-abc-1', { owner: set }), 0);
  expect(world.at(120)).toHaveLength(1);

  expect(world.remove('Deployment', 'shop', 'web', 130)).toMatchObject([{ isGone: true, signals: [] }]);
  world.put(unpulled('web-abc-1', { owner: set, labels: { touched: 'yes' } }), 131);
  world.remove('ReplicaSet', 'shop', 'web-abc', 132);
  world.put(unpulled('web-abc-1', { owner: set, labels: { touched: 'again' } }), 133);

  expect(world.at(600)).toEqual([]);
});

test('a Deployment that is made anew under its old name begins anew', () => {
  const world = shop();
  world.put(unpulled('web-abc-1', { owner: set }), 0);
  expect(world.at(120)).toHaveLength(1);
  const again = deployment('web', { uid: 'uid-deployment-web-2', createdAt: 130 });
  const newSet = replicaSet('web-def', { owner: again, createdAt: 130 });

  const states = world.put(again, 130);
  world.put(newSet, 130);
  world.put(unpulled('web-def-1', { owner: newSet, createdAt: 130 }), 130);

  expect(states).toMatchObject([{ isGone: true, root: { uid: 'uid-deployment-web' } }]);
  expect(world.at(249.999)).toEqual([]);
  expect(world.at(250)).toMatchObject([{ object: { name: 'web-def-1' } }]);
});

test('the numbers of a root are told when they change, also where no rule judges it', () => {
  const world = shop();
  world.put(unpulled('web-abc-1', { owner: set }), 0);
  world.at(120);

  const states = world.put(deployment('web', { replicas: 3, available: 0 }), 130);

  expect(states).toMatchObject([{ impact: { available: 0, desired: 3 }, signals: [{ severity: 'high' }] }]);
});
