import { beforeEach, expect, test } from 'vitest';
import type { Scene } from '../../../src/incidents/engine-contract.ts';
import { createScene } from '../../../src/incidents/scene/scene.ts';
import type { Kind } from '../../../src/incidents/seen/kinds.ts';
import { seenEvent, seenOf } from '../../../src/incidents/seen/projection.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { condition, T0, time } from '../../support/kube-meta.ts';
import { deployment, replicaSet, rollout } from '../../support/kube-objects.ts';
import { pod } from '../../support/kube-pods.ts';
import { node } from '../../support/kube-surroundings.ts';

let scene: Scene;
let now = T0;

beforeEach(() => {
  now = T0;
  scene = createScene('demo', () => now);
});

function put(raw: KubeObject): readonly string[] {
  return scene.put(seenOf(raw.kind as Kind, raw));
}

const uidOf = (raw: KubeObject): string => raw.metadata.uid ?? '';
const web = deployment('web');
const set = replicaSet('web-1', { owner: web });
const n1 = node('node-1');
const webPod = (name: string, options = {}): KubeObject => pod(name, { owner: set, node: 'node-1', ...options });

test('a pod’s change touches itself, its ReplicaSet, its Deployment and its node', () => {
  for (const object of [web, set, n1]) put(object);

  expect([...put(webPod('a'))].sort()).toEqual([webPod('a'), set, web, n1].map(uidOf).sort());
});

test('what rules do not read is no change', () => {
  for (const object of [web, set, n1]) put(object);
  put(webPod('a'));
  const again = webPod('a');
  again.metadata.resourceVersion = '99';
  const heartbeat = structuredClone(n1);
  heartbeat.status.conditions[0].lastHeartbeatTime = time(60);

  expect(put(again)).toEqual([]);
  expect(put(heartbeat)).toEqual([]);
  expect(scene.sight.get('Pod', 'shop', 'a')?.metadata.resourceVersion).toBe('99');
  expect(scene.sight.get('Node', '', 'node-1')?.status.conditions[0]?.lastHeartbeatTime).toBe(T0 + 60_000);

  const ill = structuredClone(n1);
  ill.status.conditions = [condition('Ready', false, 60)];
  expect(put(ill)).toEqual([uidOf(n1)]);
});

test('a pod that moves to a node touches both, and is found there', () => {
  const n2 = node('node-2');
  for (const object of [n1, n2]) put(object);
  put(pod('a', { node: '' }));

  expect(put(pod('a', { node: 'node-1' }))).toContain(uidOf(n1));
  expect([...put(pod('a', { node: 'node-2' }))]).toEqual(expect.arrayContaining([uidOf(n1), uidOf(n2)]));
  expect([...scene.sight.podsOnNode('node-1')]).toEqual([]);
  expect([...scene.sight.podsOnNode('node-2')].map((seen) => seen.metadata.name)).toEqual(['a']);
});

test('what is removed is found nowhere, and touches its owners', () => {
  for (const object of [web, set, n1, webPod('a')]) put(object);

  expect([...scene.remove('Pod', uidOf(webPod('a')))].sort()).toEqual([webPod('a'), set, web, n1].map(uidOf).sort());
  expect(scene.sight.byUid(uidOf(webPod('a')))).toBeUndefined();
  expect(scene.sight.get('Pod', 'shop', 'a')).toBeUndefined();
  expect([...scene.sight.ownedBy('Pod', uidOf(set))]).toEqual([]);
  expect(scene.remove('Pod', uidOf(webPod('a')))).toEqual([]);
  expect(scene.counts()).toMatchObject({ Pod: 0, Deployment: 1 });
});

test('an object made again under its old name takes the name; the old one’s late deletion does not', () => {
  put(pod('a', { uid: 'old' }));

  expect([...put(pod('a', { uid: 'new' }))].sort()).toContain('old');
  scene.remove('Pod', 'old');

  expect(scene.sight.get('Pod', 'shop', 'a')?.metadata.uid).toBe('new');
  expect(scene.counts().Pod).toBe(1);
});

test('replacing a kind keeps what is listed and removes the rest', () => {
  for (const name of ['a', 'b']) put(webPod(name));
  const fresh = [webPod('b'), webPod('c')].map((raw) => seenOf('Pod', raw));

  const touched = scene.replace('Pod', fresh);

  expect([...touched].sort()).toEqual([webPod('a'), webPod('c')].map(uidOf).sort());
  expect([...scene.sight.all('Pod')].map((seen) => seen.metadata.name).sort()).toEqual(['b', 'c']);
});

test('the root is the owner that people know, seen or not', () => {
  const rootOf = (raw: KubeObject): string => {
    const root = scene.sight.rootOf(seenOf(raw.kind as Kind, raw));
    return `${root.apiVersion} ${root.kind} ${root.namespace}/${root.name} ${root.uid}`;
  };

  expect(rootOf(webPod('a'))).toBe(`apps/v1 ReplicaSet shop/web-1 ${uidOf(set)}`);
  put(set);
  expect(rootOf(webPod('a'))).toBe(`apps/v1 Deployment shop/web ${uidOf(web)}`);
  put(web);
  expect(rootOf(webPod('a'))).toBe(`apps/v1 Deployment shop/web ${uidOf(web)}`);
  expect(rootOf(web)).toBe(`apps/v1 Deployment shop/web ${uidOf(web)}`);

  const canary = rollout('canary');
  const canarySet = replicaSet('canary-1', { owner: canary });
  put(canarySet);
  expect(rootOf(pod('c', { owner: canarySet }))).toMatch(/^argoproj.io\/v1alpha1 Rollout shop\/canary/);
});

test('a mirror pod’s root is its node, by name', () => {
  put(n1);
  const mirror = pod('kube-proxy-node-1', { owner: { ...n1, metadata: { ...n1.metadata, uid: 'another' } } });

  expect(scene.sight.rootOf(seenOf('Pod', mirror))).toMatchObject({
    kind: 'Node',
    namespace: '',
    name: 'node-1',
    uid: uidOf(n1),
  });
});

test('an operator’s own kind is no root: the object that it owns is', () => {
  const operator = { apiVersion: 'kafka.example.com/v1', kind: 'Kafka', metadata: { name: 'k', uid: 'k' } };

  expect(scene.sight.rootOf(seenOf('Pod', pod('k-0', { owner: operator })))).toMatchObject({
    kind: 'Pod',
    name: 'k-0',
  });
});

test('the pods of a Deployment are those of all its ReplicaSets', () => {
  const newer = replicaSet('web-2', { owner: web });
  for (const object of [web, set, newer, webPod('a'), pod('b', { owner: newer }), pod('bare')]) put(object);
  const podsOf = (raw: KubeObject): string[] =>
    scene.sight.podsOf(seenOf(raw.kind as Kind, raw)).map((seen) => seen.metadata.name);

  expect(podsOf(web)).toEqual(['a', 'b']);
  expect(podsOf(set)).toEqual(['a']);
  expect(podsOf(pod('bare'))).toEqual(['bare']);
});

function tell(about: string, message: string, at: number, count = 1): readonly string[] {
  const event = { metadata: {}, involvedObject: { uid: about }, type: 'Warning', reason: 'BackOff', message, count };
  return scene.event(seenEvent({ ...event, firstTimestamp: time(at), lastTimestamp: time(at) }), now);
}

test('events are kept by object, the ten newest of the last hour', () => {
  put(pod('a', { uid: 'a' }));
  for (let n = 0; n < 12; n++) tell('a', `m${n}`, n - 60);

  const messages = (): string[] => scene.sight.events('a').map((event) => event.message);
  expect(messages()).toEqual(['m11', 'm10', 'm9', 'm8', 'm7', 'm6', 'm5', 'm4', 'm3', 'm2']);

  now = T0 + 3_600_000 - 50_000;
  expect(messages()).toEqual(['m11']);
  expect(tell('a', 'old', -100)).toEqual([]);
});

test('an event told again is no news; one that is counted up is, and takes its place', () => {
  put(pod('a', { uid: 'a' }));

  expect(tell('a', 'again', -60)).toEqual(['a']);
  expect(tell('a', 'again', -60)).toEqual([]);
  expect(tell('a', 'again', -30, 2)).toEqual(['a']);
  expect(scene.sight.events('a')).toMatchObject([{ count: 2 }]);
  expect(tell('nobody', 'x', -30)).toEqual([]);
});

test('an event storm does not grow without end', () => {
  for (let n = 0; n < 10_050; n++) tell(`o${n}`, 'm', -60);

  expect(scene.sight.events('o0')).toEqual([]);
  expect(scene.sight.events('o10049')).toHaveLength(1);
});
