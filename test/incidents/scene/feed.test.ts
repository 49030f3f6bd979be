import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Scene } from '../../../src/incidents/engine-contract.ts';
import { type Feed, startFeed } from '../../../src/incidents/scene/feed.ts';
import { createScene } from '../../../src/incidents/scene/scene.ts';
import type { Cluster } from '../../../src/kubernetes/cluster.ts';
import { createLogger } from '../../../src/log.ts';
import { systemClock } from '../../../src/time.ts';
import { connected, QUICK } from '../../kubernetes/reflector/followed.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { type PracticeCluster, startPracticeCluster } from '../../support/practice-cluster.ts';

let practice: PracticeCluster;
let proxy: FaultProxy;
let cluster: Cluster;
let close: () => Promise<void>;
let scene: Scene;
let feed: Feed | undefined;
const changed: string[] = [];

beforeEach(async () => {
  practice = await startPracticeCluster({ speed: 20 });
  proxy = await startFaultProxy(practice.url);
  ({ cluster, close } = await connected(proxy.url, practice.token));
  scene = createScene('demo', systemClock);
  changed.length = 0;
});

afterEach(async () => {
  await feed?.stop();
  await close();
  await proxy.stop();
  await practice.stop();
});

function start(): Feed {
  feed = startFeed({
    cluster,
    scene,
    clock: systemClock,
    log: createLogger('silent'),
    random: Math.random,
    signal: new AbortController().signal,
    onChange: (uids) => changed.push(...uids.map((uid) => scene.sight.byUid(uid)?.kind ?? 'gone')),
    timings: QUICK,
  });
  return feed;
}

const deployments = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true };
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'shop/web:1' }] } },
  },
};

const create = (): Promise<unknown> =>
  cluster.request({ method: 'POST', resource: deployments, namespace: 'default', body: web });

const readyPods = (): number => {
  const deployment = scene.sight.get('Deployment', 'default', 'web');
  const pods = deployment ? scene.sight.podsOf(deployment) : [];
  return pods.filter((pod) => pod.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'))
    .length;
};

test('a Deployment is seen from its making to its end, and each step asks for judgement', async () => {
  await start().synced;
  expect(scene.counts().Node).toBe(3);

  await create();

  await expect.poll(readyPods).toBe(2);
  expect(new Set(changed)).toEqual(new Set(['Deployment', 'ReplicaSet', 'Pod', 'Node']));

  await cluster.request({ method: 'DELETE', resource: deployments, namespace: 'default', name: 'web' });
  await expect.poll(() => scene.counts()).toMatchObject({ Deployment: 0, ReplicaSet: 0, Pod: 0 });
});

test('nothing is asked for before the first sync', async () => {
  await create();

  await start().synced;

  expect(changed).toEqual([]);
  expect(scene.counts().Deployment).toBe(1);
});

test('a kind that the cluster does not have, or does not show, hurts no other', async () => {
  practice.access.deny({ verb: 'list', resource: 'resourcequotas' });
  const { synced, statuses } = start();
  await synced;

  const states = Object.fromEntries(statuses().map(({ kind, state }) => [kind, state]));
  expect(states).toMatchObject({
    Rollout: 'not-served',
    ResourceQuota: 'forbidden',
    Pod: 'watching',
    Event: 'watching',
  });
  await create();
  await expect.poll(readyPods).toBe(2);
});

test('an API server that is away is told per kind, and everything that happened is seen when it is back', async () => {
  await start().synced;
  proxy.set({ fault: 'cut-before' });
  proxy.cutAll();
  await expect.poll(() => feed?.statuses().filter(({ state }) => state === 'failing').length).toBeGreaterThan(14);

  practice.plant([{ ...web, metadata: { name: 'web', namespace: 'default' } }]);
  proxy.clear();

  await expect.poll(readyPods).toBe(2);
  await expect
    .poll(
      () =>
        feed
          ?.statuses()
          .filter(({ staleSince }) => staleSince > 0)
          .map(({ kind }) => kind),
      { timeout: 5_000 },
    )
    .not.toContain('Pod');
});
