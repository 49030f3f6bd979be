import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PracticeCluster, startPracticeCluster } from '../../../support/practice-cluster.ts';
import { type Ask, asker, CONFIGMAPS, PODS, TABLE } from './ask.ts';

let cluster: PracticeCluster;
let ask: Ask;

beforeAll(async () => {
  const configMaps = Array.from({ length: 12 }, (_, n) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `c-${String(n).padStart(2, '0')}`,
      namespace: 'many',
      labels: { parity: n % 2 === 0 ? 'even' : 'odd' },
    },
  }));
  cluster = await startPracticeCluster({ seed: configMaps, isAlive: false });
  ask = asker(cluster);
});
afterAll(() => cluster.stop());

const MANY = '/api/v1/namespaces/many/configmaps';

test('a wrong token is refused with the 401 of a real API server', async () => {
  const { code, body } = await ask('GET', PODS, undefined, { token: 'wrong' });

  expect(code).toBe(401);
  expect(body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'Unauthorized',
    reason: 'Unauthorized',
    code: 401,
  });
});

test('a right that was taken away is refused with the authorizer’s sentence', async () => {
  cluster.access.deny({ verb: 'list', resource: 'pods', namespace: 'locked' });

  const { code, body } = await ask('GET', '/api/v1/namespaces/locked/pods');

  expect(code).toBe(403);
  expect(body.message).toBe(
    'pods is forbidden: User "shipmate" cannot list resource "pods" in API group "" in the namespace "locked"',
  );
});

test('the health of the server needs no token', async () => {
  expect((await ask('GET', '/readyz', undefined, { token: 'wrong' })).body).toBe('ok');
});

test('an object that is missing is named with its resource and group', async () => {
  const { code, body } = await ask('GET', '/apis/apps/v1/namespaces/default/deployments/zz');

  expect(code).toBe(404);
  expect(body.message).toBe('deployments.apps "zz" not found');
  expect(body.details).toEqual({ name: 'zz', group: 'apps', kind: 'deployments' });
});

test('a resource that a served group does not have is a Status, a group that is not served is a bare 404', async () => {
  expect((await ask('GET', '/api/v1/foos')).body.message).toBe('the server could not find the requested resource');
  expect(await ask('GET', '/apis/metrics.k8s.io/v1beta1/nodes')).toMatchObject({
    code: 404,
    body: '404 page not found\n',
  });
});

test('what the practice cluster does not do is an honest 501', async () => {
  expect((await ask('POST', `${PODS}/x/exec`)).code).toBe(501);
});

test('chunks of a list show one moment, whatever changes between them', async () => {
  const first = await ask('GET', `${MANY}?limit=5`);
  await ask('DELETE', `${MANY}/c-07`);
  const second = await ask('GET', `${MANY}?limit=5&continue=${first.body.metadata.continue}`);
  const third = await ask('GET', `${MANY}?limit=5&continue=${second.body.metadata.continue}`);

  expect(first.body.metadata.remainingItemCount).toBe(7);
  const names = [first, second, third].flatMap(({ body }) =>
    body.items.map((item: { metadata: { name: string } }) => item.metadata.name),
  );
  expect(names).toHaveLength(12);
  expect(names).toContain('c-07');
  expect(third.body.metadata.continue).toBeUndefined();
});

test('after a compaction the rest of a list is expired', async () => {
  const first = await ask('GET', `${MANY}?limit=5`);
  cluster.faults.compact();

  const { code, body } = await ask('GET', `${MANY}?limit=5&continue=${first.body.metadata.continue}`);

  expect(code).toBe(410);
  expect(body.reason).toBe('Expired');
});

test('a list with a selector does not say how much is left', async () => {
  const { body } = await ask('GET', `${MANY}?limit=2&labelSelector=parity%3Deven`);

  expect(body.items).toHaveLength(2);
  expect(body.metadata.continue).toBeDefined();
  expect(body.metadata.remainingItemCount).toBeUndefined();
});

test('a field that cannot be selected by is refused', async () => {
  const { code, body } = await ask('GET', `${PODS}?fieldSelector=spec.zz%3D1`);

  expect(code).toBe(400);
  expect(body.message).toBe('field label not supported: spec.zz');
});

test('a table carries its rows’ metadata unless the client wants more or nothing', async () => {
  const metadata = await ask('GET', `${MANY}/c-01`, undefined, { accept: TABLE });
  const nothing = await ask('GET', `${MANY}/c-01?includeObject=None`, undefined, { accept: TABLE });

  expect(metadata.body.kind).toBe('Table');
  expect(metadata.body.rows[0].cells.slice(0, 2)).toEqual(['c-01', 0]);
  expect(metadata.body.rows[0].object.kind).toBe('PartialObjectMetadata');
  expect(nothing.body.rows[0].object).toBeNull();
});

test('items of a list carry no kind, as the real ones', async () => {
  const { body } = await ask('GET', MANY);

  expect(body.kind).toBe('ConfigMapList');
  expect(body.items[0].kind).toBeUndefined();
  expect((await ask('GET', `${MANY}/c-01`)).body.kind).toBe('ConfigMap');
});

test('discovery comes whole in one answer, and group by group', async () => {
  const whole = await ask('GET', '/apis', undefined, {
    accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
  });
  const apps = await ask('GET', '/apis/apps/v1');

  expect(whole.headers.get('content-type')).toContain('as=APIGroupDiscoveryList');
  const discovered = whole.body.items.find((item: { metadata: { name?: string } }) => item.metadata.name === 'apps');
  const scale = discovered.versions[0].resources.find((one: { resource: string }) => one.resource === 'deployments')
    .subresources[0];
  expect(scale).toMatchObject({ subresource: 'status' });
  expect(apps.body.resources).toContainEqual({
    name: 'deployments/scale',
    singularName: '',
    namespaced: true,
    group: 'autoscaling',
    version: 'v1',
    kind: 'Scale',
    verbs: ['get', 'patch', 'update'],
  });
});

test('an autoscaler is one object in two versions', async () => {
  const path = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers';
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  await ask('POST', path, {
    metadata: { name: 'web' },
    spec: { maxReplicas: 4, targetCPUUtilizationPercentage: 70, scaleTargetRef },
  });

  const { body } = await ask('GET', '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web');

  expect(body.apiVersion).toBe('autoscaling/v2');
  expect(body.spec.metrics[0].resource.target.averageUtilization).toBe(70);
});

test('the log of a pod that is not there is missed by its name', async () => {
  expect((await ask('GET', `${PODS}/zz/log`)).body.message).toBe('pods "zz" not found');
  expect((await ask('GET', `${CONFIGMAPS}/zz/log`)).code).toBe(404);
});
