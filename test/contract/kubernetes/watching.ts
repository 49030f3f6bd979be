import { expect, test } from 'vitest';
import type { WatchEvent } from '../../../src/kubernetes/cluster.ts';
import { Gone } from '../../../src/kubernetes/errors.ts';
import { errorOf, type Ground } from './ground.ts';

export function watchingContract(here: () => Ground): void {
  test('a watch tells what becomes of an object, from the version it starts at', async () => {
    const { cluster, namespace, resource, create } = here();
    const configmaps = await resource('configmaps');
    const first = await create('configmaps', { metadata: { name: 'seen' }, data: { n: '1' } });
    const stop = new AbortController();
    const events: [string, string | undefined][] = [];
    const watching = (async () => {
      for await (const { type, object } of cluster.watch({
        resource: configmaps,
        namespace,
        query: { fieldSelector: 'metadata.name=seen' },
        resourceVersion: first.metadata.resourceVersion ?? '',
        signal: stop.signal,
      }))
        if (type !== 'BOOKMARK') events.push([type, object.data?.n]);
    })();

    const named = { resource: configmaps, namespace, name: 'seen' };
    await cluster.request({ ...named, method: 'PUT', body: { ...first, data: { n: '2' } } });
    await cluster.request({ ...named, method: 'DELETE' });

    await expect
      .poll(() => events)
      .toEqual([
        ['MODIFIED', '2'],
        ['DELETED', '2'],
      ]);
    stop.abort();
    await watching;
  });

  test('a selector sees an object come and go', async () => {
    const { cluster, namespace, resource, create } = here();
    const configmaps = await resource('configmaps');
    const { metadata } = await cluster.request({ resource: configmaps, namespace, query: { limit: '1' } });
    const stop = new AbortController();
    const events: string[] = [];
    const watching = (async () => {
      for await (const { type } of cluster.watch({
        resource: configmaps,
        namespace,
        query: { labelSelector: 'wanted=yes' },
        resourceVersion: metadata.resourceVersion ?? '',
        signal: stop.signal,
      }))
        if (type !== 'BOOKMARK') events.push(type);
    })();

    const object = await create('configmaps', { metadata: { name: 'labelled' } });
    const label = (wanted: string) =>
      cluster.request({
        method: 'PATCH',
        resource: configmaps,
        namespace,
        name: object.metadata.name,
        contentType: 'application/merge-patch+json',
        body: { metadata: { labels: { wanted } } },
      });
    await label('yes');
    await label('no');

    await expect.poll(() => events).toEqual(['ADDED', 'DELETED']);
    stop.abort();
    await watching;
  });

  test('a watch that asks for what is there gets it, and a bookmark at its end', async () => {
    const { cluster, namespace, resource, create } = here();
    await create('configmaps', { metadata: { name: 'initial', labels: { initial: 'yes' } } });
    const stop = new AbortController();
    const events: WatchEvent[] = [];
    for await (const event of cluster.watch({
      resource: await resource('configmaps'),
      namespace,
      query: { labelSelector: 'initial=yes', sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' },
      resourceVersion: '',
      signal: stop.signal,
    })) {
      events.push(event);
      if (event.type === 'BOOKMARK') stop.abort();
    }

    expect(events.map((event) => event.type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(events[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  test('a watch from a version that cannot be is refused', async () => {
    const { cluster, namespace, resource } = here();
    const watch = async (resourceVersion: string) => {
      for await (const _ of cluster.watch({ resource: await resource('configmaps'), namespace, resourceVersion }))
        break;
    };

    expect((await errorOf(watch('not-a-version'))).message).toContain('not-a-version');
  });

  test('silence longer than the guard ends a watch', async () => {
    const { cluster, namespace, resource } = here();
    const { metadata } = await cluster.request({
      resource: await resource('secrets'),
      namespace,
      query: { limit: '1' },
    });
    const error = await errorOf(
      (async () => {
        for await (const _ of cluster.watch({
          resource: await resource('secrets'),
          namespace,
          resourceVersion: metadata.resourceVersion ?? '',
          deadlineMs: 700,
        }));
      })(),
    );

    expect(error).not.toBeInstanceOf(Gone);
    expect(error.message).toBe('Cluster contract sent nothing on a watch for 0.7 s.');
  });
}
