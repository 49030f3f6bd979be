import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { pathOf } from '../../src/kubernetes/path.ts';
import { startTyping, type Typed, workload } from '../commands/k8s/typed.ts';
import { json, PODS, type ScriptedServer, startScripted } from '../kubernetes/scripted-server.ts';

const HOSTILE = [
  'p1/exec?command=id',
  '../../secrets/x',
  '..',
  '.',
  '',
  '%2e%2e%2fsecrets',
  'web/../../kube-system/pods/etcd',
  '..%2f..%2fsecrets',
  '\ud800',
];
/** These are one segment once they are encoded; the server says that there is no such name. */
const STRANGE = [
  'web?watch=true',
  'web#x',
  'web&limit=1',
  'web;x=1',
  'we b',
  'web\r\nX-Remote-User: root',
  '..\\x',
  'wéb',
];

let server: ScriptedServer;
let ada: Typed;
beforeAll(async () => {
  server = await startScripted((_, response) => json(response, { metadata: { name: 'x' } }));
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', namespace: 'shop' }, data: {} };
  ada = await startTyping({ seed: [workload('Deployment', 'web', 2), secret] as never });
});
afterAll(async () => {
  await server?.stop();
  await ada?.stop();
});

describe('T12: what would lead to another path', () => {
  test.each(HOSTILE)('is not sent as a name, a namespace or a subresource: %j', async (text) => {
    const before = server.asked.length;
    for (const call of [
      { resource: PODS, namespace: 'shop', name: text },
      { resource: PODS, namespace: text, name: 'web' },
      { resource: PODS, namespace: 'shop', name: 'web', subresource: text },
      { resource: { ...PODS, plural: text }, namespace: 'shop' },
    ])
      await expect(server.cluster.request(call)).rejects.toThrow(UsageError);

    expect(server.asked).toHaveLength(before);
  });

  test.each(STRANGE)('is one encoded segment: %j', async (text) => {
    await server.cluster.request({ resource: PODS, namespace: 'shop', name: text });

    expect(server.asked.at(-1)).toBe(`GET /api/v1/namespaces/shop/pods/${encodeURIComponent(text)}`);
  });

  test('cannot be put together from any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (name, namespace) => {
        let path: string;
        try {
          path = pathOf({ resource: PODS, namespace, name });
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          return;
        }
        const url = new URL(path, 'http://api.example');
        expect(url.pathname).toBe(path);
        expect(url.pathname.split('/')).toHaveLength(7);
        expect([url.search, url.hash, url.host]).toEqual(['', '', 'api.example']);
      }),
    );
  });

  test('is not a selector’s doing either: a query value stays in its place', () => {
    const labelSelector = 'app=web&fieldSelector=metadata.name=x#';

    const url = new URL(pathOf({ resource: PODS, namespace: 'shop', query: { labelSelector } }), 'http://api.example');

    expect([...url.searchParams]).toEqual([['labelSelector', labelSelector]]);
  });
});

describe('T12: typed by a person', () => {
  test.each([
    '/k8s get pods/../../secrets/x',
    '/k8s get pods ../../secrets/x',
    '/k8s get deploy/web -n ../../kube-system',
    '/k8s get deploy/web%2f..%2f..%2fsecrets',
    '/k8s get pods p1/exec?command=id',
  ])('%s is refused', async (line) => {
    await expect(ada.reads(line)).rejects.toThrow();
  });

  test.each([
    '/k8s scale deploy/../statefulsets/web 5',
    '/k8s scale deploy/web?dryRun=All 5',
    '/k8s rollout restart deploy/..',
  ])('%s is refused and changes nothing', async (line) => {
    const before = await written();

    await expect(ada.plans(line)).rejects.toThrow();

    expect(await written()).toEqual(before);
  });
});

/** What somebody could have written of the Deployment: all of it but what its controllers say of it by themselves. */
async function written(): Promise<object> {
  const { metadata, spec } = await ada.object('deploy', 'web');
  const { resourceVersion: _moved, managedFields, ...own } = metadata;
  return { spec, own, writers: managedFields?.filter(({ subresource }) => subresource !== 'status') };
}
