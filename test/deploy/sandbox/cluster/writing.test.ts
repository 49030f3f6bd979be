import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PracticeCluster, startPracticeCluster } from '../../../support/practice-cluster.ts';
import { APPLY, type Ask, asker, CONFIGMAPS, DEPLOYMENTS, deployment, JSON_PATCH, MERGE, STRATEGIC } from './ask.ts';

let cluster: PracticeCluster;
let ask: Ask;

beforeAll(async () => {
  cluster = await startPracticeCluster({ isAlive: false });
  ask = asker(cluster);
});
afterAll(() => cluster.stop());

async function made(name: string, more: Parameters<typeof deployment>[2] = {}): Promise<string> {
  await ask('POST', DEPLOYMENTS, deployment(name, 2, more));
  return `${DEPLOYMENTS}/${name}`;
}

test('an old resourceVersion is a conflict in kubectl’s words', async () => {
  const path = await made('old');

  const { code, body } = await ask('PUT', path, {
    ...deployment('old', 3),
    metadata: { name: 'old', resourceVersion: '1' },
  });

  expect(code).toBe(409);
  expect(body.message).toBe(
    'Operation cannot be fulfilled on deployments.apps "old": the object has been modified; please apply your changes to the latest version and try again',
  );
});

test('a dry run answers like the real thing and stores nothing', async () => {
  const { code, body } = await ask('POST', `${DEPLOYMENTS}?dryRun=All`, deployment('dry', 1));

  expect(code).toBe(201);
  expect(body.spec.progressDeadlineSeconds).toBe(600);
  expect((await ask('GET', `${DEPLOYMENTS}/dry`)).code).toBe(404);
});

test('everything that is wrong is listed at once', async () => {
  const wrong = deployment('Bad_Name', -1);
  delete wrong.spec.template.spec.containers[0].image;

  const { code, body } = await ask('POST', DEPLOYMENTS, wrong);

  expect(code).toBe(422);
  expect(body.details.causes.map((cause: { field: string }) => cause.field)).toEqual([
    'metadata.name',
    'spec.replicas',
    'spec.template.spec.containers[0].image',
  ]);
});

test('the generation moves with the spec, not with labels or status', async () => {
  const path = await made('counted');
  await ask('PATCH', path, { metadata: { labels: { a: 'b' } } }, { type: MERGE });
  await ask('PATCH', `${path}/status`, { status: { replicas: 2 }, spec: { replicas: 9 } }, { type: MERGE });

  const before = (await ask('GET', path)).body;
  const after = (await ask('PATCH', path, { spec: { replicas: 3 } }, { type: MERGE })).body;

  expect(before).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 2 }, status: { replicas: 2 } });
  expect(after.metadata.generation).toBe(2);
});

test('a change that changes nothing keeps its resourceVersion', async () => {
  const path = await made('same');
  const before = (await ask('GET', path)).body.metadata.resourceVersion;

  const { body } = await ask('PATCH', path, { spec: { replicas: 2 } }, { type: MERGE });

  expect(body.metadata.resourceVersion).toBe(before);
});

test('a strategic patch finds its container by name and leaves the others', async () => {
  const containers = [
    { name: 'a', image: 'a:1' },
    { name: 'b', image: 'b:1' },
  ];
  const spec = { template: { metadata: { labels: { app: 'two' } }, spec: { containers } } };
  const path = await made('two', { spec });

  const patch = { spec: { template: { spec: { containers: [{ name: 'b', image: 'b:2' }] } } } };
  const { body } = await ask('PATCH', path, patch, { type: STRATEGIC });

  expect(body.spec.template.spec.containers.map((one: { image: string }) => one.image)).toEqual(['a:1', 'b:2']);
});

test('a JSON patch whose test fails changes nothing', async () => {
  const path = await made('tested');
  const patch = [
    { op: 'test', path: '/spec/replicas', value: 7 },
    { op: 'replace', path: '/spec/replicas', value: 8 },
  ];

  expect((await ask('PATCH', path, patch, { type: JSON_PATCH })).code).toBe(422);
  expect((await ask('GET', path)).body.spec.replicas).toBe(2);
});

test('an applied field that somebody else owns is a conflict until it is forced', async () => {
  const path = `${DEPLOYMENTS}/applied`;
  await ask('PATCH', `${path}?fieldManager=ada`, deployment('applied', 2), { type: APPLY });

  const refused = await ask('PATCH', `${path}?fieldManager=grace`, deployment('applied', 5), { type: APPLY });
  const forced = await ask('PATCH', `${path}?fieldManager=grace&force=true`, deployment('applied', 5), { type: APPLY });

  expect(refused.code).toBe(409);
  expect(refused.body.message).toBe('Apply failed with 1 conflict: conflict with "ada": .spec.replicas');
  expect(refused.body.details.causes[0]).toEqual({
    reason: 'FieldManagerConflict',
    message: 'conflict with "ada"',
    field: '.spec.replicas',
  });
  expect(forced.body.spec.replicas).toBe(5);
});

test('a field that its only manager stops applying goes away', async () => {
  const config = (data: object): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'given-up' },
    data,
  });
  const path = `${CONFIGMAPS}/given-up?fieldManager=ada`;
  await ask('PATCH', path, config({ a: '1', b: '2' }), { type: APPLY });

  const { body } = await ask('PATCH', path, config({ a: '1' }), { type: APPLY });

  expect(body.data).toEqual({ a: '1' });
});

test('a scaling is signed by who scaled', async () => {
  const path = await made('signed');

  const { body } = await ask('PATCH', `${path}/scale?fieldManager=ada`, { spec: { replicas: 4 } }, { type: MERGE });

  expect(body).toMatchObject({ kind: 'Scale', spec: { replicas: 4 }, status: { selector: 'app=signed' } });
  expect((await ask('GET', path)).body.metadata.managedFields).toContainEqual(
    expect.objectContaining({ manager: 'ada', operation: 'Update', subresource: 'scale' }),
  );
});

test('a scale of an older version is a conflict', async () => {
  const path = await made('scaled');
  const scale = (await ask('GET', `${path}/scale`)).body;
  await ask('PATCH', path, { metadata: { labels: { moved: 'on' } } }, { type: MERGE });

  expect((await ask('PUT', `${path}/scale`, { ...scale, spec: { replicas: 9 } })).code).toBe(409);
});

test('a delete that means another incarnation is refused', async () => {
  const path = await made('reborn');

  const { code } = await ask('DELETE', path, { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } });

  expect(code).toBe(409);
  expect((await ask('GET', path)).code).toBe(200);
});

test('an object with a finalizer waits until it is let go', async () => {
  await ask('POST', CONFIGMAPS, { metadata: { name: 'held', finalizers: ['shipmate.dev/hold'] } });

  const held = (await ask('DELETE', `${CONFIGMAPS}/held`)).body;
  const stillThere = (await ask('GET', `${CONFIGMAPS}/held`)).code;
  await ask('PATCH', `${CONFIGMAPS}/held`, { metadata: { finalizers: null } }, { type: MERGE });

  expect(held.metadata.deletionTimestamp).toBeDefined();
  expect(stillThere).toBe(200);
  expect((await ask('GET', `${CONFIGMAPS}/held`)).code).toBe(404);
});

test('a custom kind is served as soon as it is defined, but takes no strategic patch', async () => {
  const definition = {
    metadata: { name: 'ships.fleet.dev' },
    spec: {
      group: 'fleet.dev',
      scope: 'Namespaced',
      names: { plural: 'ships', kind: 'Ship' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { scale: { specReplicasPath: '.spec.crew', statusReplicasPath: '.status.crew' } },
        },
      ],
    },
  };
  await ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  const ships = '/apis/fleet.dev/v1/namespaces/default/ships';
  await ask('POST', ships, { metadata: { name: 'gaul' }, spec: { crew: 2 } });

  expect((await ask('PATCH', `${ships}/gaul`, {}, { type: STRATEGIC })).code).toBe(415);
  expect((await ask('GET', `${ships}/gaul/scale`)).body.spec).toEqual({ replicas: 2 });
  expect((await ask('GET', ships)).body.items[0].kind).toBe('Ship');
});
