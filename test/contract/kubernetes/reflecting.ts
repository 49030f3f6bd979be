import { expect, test } from 'vitest';
import { type Feed, startFeed } from '../../../src/incidents/scene/feed.ts';
import { createScene } from '../../../src/incidents/scene/scene.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { createLogger } from '../../../src/log.ts';
import { systemClock } from '../../../src/time.ts';
import type { Ground } from './ground.ts';

export function reflectingContract(here: () => Ground): void {
  const started = async (): Promise<{ scene: ReturnType<typeof createScene>; feed: Feed }> => {
    const { cluster } = here();
    const scene = createScene('contract', systemClock);
    const feed = startFeed({
      cluster,
      scene,
      clock: systemClock,
      log: createLogger('silent'),
      random: Math.random,
      signal: new AbortController().signal,
      onChange: () => {},
      // Several pages even of a small cluster.
      timings: { pageSize: 2 },
    });
    await feed.synced;
    return { scene, feed };
  };

  test('the scene is what the cluster lists, page by page, then what happens', async () => {
    const { cluster, namespace, resource, deployment } = here();
    await deployment('seen-before', 3);
    const { scene, feed } = await started();

    expect(feed.statuses().filter(({ state }) => state !== 'watching')).toMatchObject([
      { kind: 'Rollout', state: 'not-served' },
    ]);
    const listed = await cluster.request({ resource: await resource('nodes') });
    expect(scene.counts().Node).toBe(listed.items.length);
    const podsOf = (name: string): number => {
      const seen = scene.sight.get('Deployment', namespace, name);
      return seen ? scene.sight.podsOf(seen).filter((pod) => pod.spec.nodeName !== undefined).length : -1;
    };
    await expect.poll(() => podsOf('seen-before'), { timeout: 20_000 }).toBe(3);

    await deployment('seen-after', 2);
    await expect.poll(() => podsOf('seen-after'), { timeout: 20_000 }).toBe(2);
    const after = scene.sight.get('Deployment', namespace, 'seen-after');
    const [set] = scene.sight.ownedBy('ReplicaSet', after?.metadata.uid ?? '');
    expect(set?.spec.template.digest).toBe(after?.spec.template.digest);

    const named = { resource: await resource('deployments'), namespace, name: 'seen-after' };
    await cluster.request({ ...named, method: 'DELETE' });
    await expect.poll(() => podsOf('seen-after'), { timeout: 20_000 }).toBe(-1);
    await feed.stop();
  });

  test('a list that is read item by item is the same list', async () => {
    const { cluster, namespace, resource, create } = here();
    for (const name of ['item-a', 'item-b', 'item-c'])
      await create('configmaps', {
        metadata: { name, labels: { list: 'items' } },
        data: { n: '},{"metadata":{"name":"x"' },
      });
    const query = { limit: '2', labelSelector: 'list=items' };
    const call = { resource: await resource('configmaps'), namespace, query };
    const items: KubeObject[] = [];

    const around = await cluster.request({ ...call, each: (item) => items.push(item) });
    const whole = await cluster.request(call);

    expect(around.metadata).toHaveProperty('continue');
    expect(around).not.toHaveProperty('items');
    expect(items.map(withoutManaged)).toEqual(whole.items.map(withoutManaged));
  });

  test('warnings are seen, and of other events only that a node is on its way', async () => {
    const { namespace, create } = here();
    const { scene, feed } = await started();
    const about = `about-${process.pid}`;
    const event = (name: string, type: string, reason: string): Promise<unknown> => {
      const at = new Date().toISOString();
      const involvedObject = { kind: 'Pod', namespace, name: 'x', uid: about };
      const body = { type, reason, message: name, count: 1, firstTimestamp: at, lastTimestamp: at, involvedObject };
      return create('events', { metadata: { name }, ...body });
    };

    await event('usual', 'Normal', 'Scheduled');
    await event('growing', 'Normal', 'TriggeredScaleUp');
    await event('bad', 'Warning', 'BackOff');

    const reasons = (): string[] => scene.sight.events(about).map(({ reason }) => reason);
    await expect.poll(() => reasons().sort(), { timeout: 10_000 }).toEqual(['BackOff', 'TriggeredScaleUp']);
    await feed.stop();
  });
}

/** They may be left out. */
function withoutManaged(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
