import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { NotFoundError, UsageError } from '../../../src/errors.ts';
import { partOf, startTyping, type Typed, workload } from './typed.ts';

let ada: Typed;
beforeAll(async () => {
  const pair = { containers: ['main', 'proxy'].map((name) => ({ name, image: `registry.example/${name}:1` })) };
  const faulty = (fault: string, spec: object = {}) => ({
    spec: {
      template: {
        metadata: { labels: { app: 'crash' }, annotations: { 'practice.shipmate/fault': fault } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'main', image: 'registry.example/main:1' }],
          ...spec,
        },
      },
    },
  });
  ada = await startTyping({
    seed: [
      workload('Deployment', 'web', 3),
      workload('Deployment', 'crash', 1, faulty('crash-loop')),
      workload('Deployment', 'twins', 1, {
        spec: {
          template: { metadata: { labels: { app: 'twins' } }, spec: { terminationGracePeriodSeconds: 0, ...pair } },
        },
      }),
      workload('Deployment', 'none', 0),
      workload('Deployment', 'lost', 1, {
        spec: {
          template: {
            metadata: { labels: { app: 'lost' } },
            spec: { nodeSelector: { gpu: 'yes' }, containers: [{ name: 'main', image: 'registry.example/main:1' }] },
          },
        },
      }),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
      },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } },
    ] as never,
  });
  for (const [name, pods] of [
    ['web', 3],
    ['twins', 1],
  ] as const)
    await vi.waitFor(async () => expect((await ada.object('deploy', name)).status?.readyReplicas).toBe(pods), {
      timeout: 10_000,
    });
});
afterAll(() => ada?.stop());

async function podsOf(app: string) {
  const { items } = await ada.cluster.request<{ items: { metadata: { name: string }; status: never }[] }>({
    resource: { group: '', version: 'v1', plural: 'pods', namespaced: true },
    namespace: 'shop',
    query: { labelSelector: `app=${app}` },
  });
  return items;
}

test('a pod’s log is shown with where it is from', async () => {
  const [pod] = await podsOf('web');
  const message = await ada.reads(`/k8s logs ${pod?.metadata.name} -n shop`);

  expect(message.title).toMatch(/^Last \d+ lines of web-\S+ \(main\) · shop · demo$/);
  expect(partOf(message, 'output').text).toContain('msg="starting main"');
  expect(partOf(message, 'output').filename).toMatch(/^logs-demo-shop-web-\S+-main-\d{8}T\d{4}Z\.log$/);
});

test.each(['/k8s logs deploy/web', '/k8s logs svc/web'])('%s says which pod it took, as kubectl does', async (line) => {
  const message = await ada.reads(line);

  expect(partOf(message, 'text').spans[0]).toMatch(/^Found 3 pods, using pod\/web-/);
});

test('--tail and --grep narrow it, the search being for text, not for patterns', async () => {
  expect(partOf(await ada.reads('/k8s logs deploy/web --tail=1'), 'output').text.split('\n')).toHaveLength(1);
  const found = await ada.reads('/k8s logs deploy/web --grep CONFIGURATION|nothing-like-it');

  expect(found.title).toMatch(/^1 of \d+ lines with "CONFIGURATION\|nothing-like-it" of web-/);
  expect(partOf(found, 'output').text).toBe('level=info msg="configuration loaded"');
  expect((await ada.reads('/k8s logs deploy/web --grep c.nfig')).title).toMatch(/^0 of/);
});

test('--timestamps puts the time before each line', async () => {
  expect(partOf(await ada.reads('/k8s logs deploy/web --timestamps --tail 1'), 'output').text).toMatch(
    /^\d{4}-\d\d-\d\dT[\d:.]+Z level=/,
  );
});

test('among several containers kubectl’s first is taken and the others are named', async () => {
  const message = await ada.reads('/k8s logs deploy/twins');

  expect(message.title).toContain('(main)');
  expect(partOf(message, 'text').spans).toEqual(['Defaulted container "main" out of: main, proxy']);
  expect((await ada.reads('/k8s logs deploy/twins -c proxy')).title).toContain('(proxy)');
  expect((await ada.reads('/k8s logs deploy/twins proxy')).title).toContain('(proxy)');
});

test('after a restart the hint leads to the run before', { timeout: 30_000 }, async () => {
  await expect
    .poll(async () => (await podsOf('crash'))[0]?.status, { timeout: 20_000 })
    .toMatchObject({ containerStatuses: [{ restartCount: expect.toSatisfy((count: number) => count > 0) }] });

  const now = await ada.reads('/k8s logs deploy/crash');
  expect(JSON.stringify(now.parts)).toContain('--previous shows how the run before ended.');
  const before = await ada.reads('/k8s logs deploy/crash --previous');
  expect(before.title).toMatch(/\(main, the run before\)/);
  expect(partOf(before, 'output').text).toContain('level=fatal');
});

test.each([
  ['/k8s logs', UsageError, "error: expected 'logs (POD | TYPE/NAME) [CONTAINER_NAME]'."],
  ['/k8s logs deploy/web -f', UsageError, 'Following a log is not possible in Slack.'],
  ['/k8s logs nope', NotFoundError, 'Error from server (NotFound): pods "nope" not found'],
  ['/k8s logs cm/settings', UsageError, 'error: cannot get the logs from configmaps: selector not found'],
  ['/k8s logs deploy/web -c zz', UsageError, 'error: container zz is not valid for pod web-'],
  ['/k8s logs deploy/web main -c main', UsageError, 'error: only one of -c or an inline [CONTAINER] arg is allowed'],
  ['/k8s logs deploy/web --previous', UsageError, 'previous terminated container "main" in pod'],
  ['/k8s logs deploy/none', NotFoundError, 'deployment.apps/none has no pods'],
  ['/k8s logs deploy/web a b', UsageError, 'One pod or workload at a time.'],
])('%s is refused', async (line, family, message) => {
  const refused = ada.reads(line);

  await expect(refused).rejects.toThrow(family);
  await expect(refused).rejects.toThrow(message);
});

test('a workload and a container as two words, as people try it, are put right', async () => {
  await expect(ada.reads('/k8s logs deploy web')).rejects.toMatchObject({
    hint: 'For a workload write TYPE/NAME: deploy/web',
  });
});

test('a pod that never got a node has written nothing', async () => {
  expect((await ada.reads('/k8s logs deploy/lost')).title).toMatch(/^No log lines of lost-/);
});
