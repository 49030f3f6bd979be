import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { json, type ScriptedServer, startScripted } from './scripted-server.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const verbs = ['get', 'list'];

/** An API server from before aggregated discovery, one of whose groups is down. */
function classic(path: string, response: ServerResponse): void {
  const lists: Record<string, object> = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': {
      kind: 'APIGroupList',
      groups: [
        {
          name: 'apps',
          versions: [
            { groupVersion: 'apps/v1beta1', version: 'v1beta1' },
            { groupVersion: 'apps/v1', version: 'v1' },
          ],
          preferredVersion: { version: 'v1' },
        },
        { name: 'metrics.k8s.io', versions: [{ groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1' }] },
      ],
    },
    '/api/v1': {
      resources: [{ name: 'pods', singularName: '', kind: 'Pod', namespaced: true, shortNames: ['po'], verbs }],
    },
    '/apis/apps/v1': {
      resources: [
        { name: 'deployments', kind: 'Deployment', namespaced: true, shortNames: ['deploy'], verbs },
        { name: 'deployments/scale', kind: 'Scale', namespaced: true, verbs },
      ],
    },
    '/apis/apps/v1beta1': { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs }] },
  };
  const found = lists[path];
  if (found) json(response, found);
  else json(response, { kind: 'Status', code: 503, reason: 'ServiceUnavailable', message: 'away' }, 503);
}

test('an older server is asked group by group, and a group that is down costs only its own words', async () => {
  server = await startScripted((request, response) => classic(request.url ?? '', response));

  const [deployments] = await server.cluster.resolve('deploy');

  expect(deployments).toMatchObject({ group: 'apps', version: 'v1', plural: 'deployments', subresources: ['scale'] });
  expect(await server.cluster.resolve('po')).toHaveLength(1);
  await expect(server.cluster.resolve('podmetrics')).rejects.toThrow(
    expect.objectContaining({ hint: expect.stringContaining('metrics.k8s.io/v1beta1') }),
  );
});

function aggregated(kinds: readonly string[], request: string | undefined, response: ServerResponse): void {
  const resources = kinds.map((kind) => ({
    resource: `${kind.toLowerCase()}s`,
    responseKind: { kind },
    scope: 'Namespaced',
    singularResource: kind.toLowerCase(),
    verbs,
  }));
  const items = request === '/api' ? [{ metadata: {}, versions: [{ version: 'v1', resources }] }] : [];
  json(response, { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items });
}

test('a modern server is asked twice in all, and again only for a word that is not known after a while', async () => {
  server = await startScripted((request, response) => aggregated(['Pod'], request.url, response));

  await server.cluster.resolve('pods');
  await server.cluster.resolve('pod');
  await expect(server.cluster.resolve('coupons')).rejects.toThrow('the server doesn\'t have a resource type "coupons"');

  expect(server.asked).toHaveLength(2);
});

test('people who ask at once share one discovery', async () => {
  server = await startScripted((request, response) => aggregated(['Pod'], request.url, response));

  await Promise.all([1, 2, 3].map(() => server?.cluster.resolve('pods')));

  expect(server.asked.toSorted()).toEqual(['GET /api', 'GET /apis']);
});
