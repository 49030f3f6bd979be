import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../../../deploy/sandbox/cluster/object.ts';
import { type PracticeCluster, startPracticeCluster } from '../../../support/practice-cluster.ts';
import { type Ask, asker, DEPLOYMENTS, deployment, MERGE, PODS } from './ask.ts';

let cluster: PracticeCluster;
let ask: Ask;

beforeAll(async () => {
  cluster = await startPracticeCluster({ speed: 20 });
  ask = asker(cluster);
});
afterAll(() => cluster.stop());

const statusOf = async (path: string): Promise<Json> => (await ask('GET', path)).body.status ?? {};
const condition = (status: Json, type: string): Json => status.conditions?.find((one: Json) => one.type === type);
const podsOf = (app: string): Json[] =>
  cluster.store.list('pods', 'default').filter((pod) => pod.metadata.labels?.app === app);
const settled = (path: string, replicas: number): Promise<unknown> =>
  expect
    .poll(() => statusOf(path))
    .toMatchObject({ replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas });

test('a Deployment makes a ReplicaSet, which makes pods, which become ready', async () => {
  await ask('POST', DEPLOYMENTS, deployment('web', 3));

  await settled(`${DEPLOYMENTS}/web`, 3);

  const status = await statusOf(`${DEPLOYMENTS}/web`);
  expect(condition(status, 'Available').reason).toBe('MinimumReplicasAvailable');
  expect(condition(status, 'Progressing').reason).toBe('NewReplicaSetAvailable');
  expect(new Set(podsOf('web').map((pod) => pod.spec.nodeName)).size).toBe(3);
});

test('a rolling update never goes below what must be available, and the old revision can be restored under a new number', async () => {
  const path = `${DEPLOYMENTS}/rolled`;
  await ask('POST', DEPLOYMENTS, deployment('rolled', 4, { image: 'a:1' }));
  await settled(path, 4);
  let lowest = 4;
  const stop = cluster.store.listen('deployments.apps', ({ object }) => {
    if (object.metadata.name === 'rolled') lowest = Math.min(lowest, object.status?.availableReplicas ?? 0);
  });

  const image = (text: string): Json => ({
    spec: { template: { spec: { containers: [{ name: 'web', image: text }] } } },
  });
  await ask('PATCH', path, image('a:2'), { type: MERGE });
  await expect.poll(() => podsOf('rolled').map((pod) => pod.spec.containers[0].image)).toEqual(Array(4).fill('a:2'));
  await settled(path, 4);
  stop();
  await ask('PATCH', path, image('a:1'), { type: MERGE });
  await settled(path, 4);

  expect(lowest).toBeGreaterThanOrEqual(3);
  const sets = cluster.store.list('replicasets.apps', 'default').filter((set) => set.metadata.labels?.app === 'rolled');
  const revisions = sets.map((set) => set.metadata.annotations?.['deployment.kubernetes.io/revision']);
  expect(revisions.sort()).toEqual(['2', '3']);
});

test('a rollout that gets nowhere in its time says so', async () => {
  await ask(
    'POST',
    DEPLOYMENTS,
    deployment('stuck', 1, { image: 'shop:does-not-exist', spec: { progressDeadlineSeconds: 10 } }),
  );

  await expect
    .poll(async () => condition(await statusOf(`${DEPLOYMENTS}/stuck`), 'Progressing'))
    .toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: expect.stringMatching(/^ReplicaSet "stuck-\w+" has timed out progressing\.$/),
    });
});

test('a paused Deployment takes a new template without rolling it out', async () => {
  const path = `${DEPLOYMENTS}/paused`;
  await ask('POST', DEPLOYMENTS, deployment('paused', 1));
  await settled(path, 1);
  await ask('PATCH', path, { spec: { paused: true } }, { type: MERGE });
  await ask('PATCH', path, { spec: { template: { metadata: { annotations: { a: 'b' } } } } }, { type: MERGE });

  await expect.poll(async () => condition(await statusOf(path), 'Progressing').reason).toBe('DeploymentPaused');
  expect(podsOf('paused')).toHaveLength(1);
  await ask('PATCH', path, { spec: { paused: false } }, { type: MERGE });

  await expect.poll(() => podsOf('paused').map((pod) => pod.metadata.annotations)).toEqual([{ a: 'b' }]);
});

test('deleting a Deployment takes everything below it along; in the foreground it goes last', async () => {
  const path = `${DEPLOYMENTS}/gone`;
  await ask('POST', DEPLOYMENTS, deployment('gone', 2));
  await settled(path, 2);

  const { body } = await ask('DELETE', path, { propagationPolicy: 'Foreground' });

  expect(body.metadata.finalizers).toEqual(['foregroundDeletion']);
  await expect.poll(async () => (await ask('GET', path)).code).toBe(404);
  await expect.poll(() => podsOf('gone')).toEqual([]);
});

test('orphans stay', async () => {
  await ask('POST', DEPLOYMENTS, deployment('parent', 1));
  await settled(`${DEPLOYMENTS}/parent`, 1);
  await ask('DELETE', `${DEPLOYMENTS}/parent`, { propagationPolicy: 'Orphan' });

  await expect.poll(async () => (await ask('GET', `${DEPLOYMENTS}/parent`)).code).toBe(404);

  expect(podsOf('parent')).toHaveLength(1);
});

test('a StatefulSet starts its pods in order and replaces them from the top', async () => {
  const sets = '/apis/apps/v1/namespaces/default/statefulsets';
  const born: string[] = [];
  const stop = cluster.store.listen('pods', ({ type, object }) => {
    if (type === 'ADDED' && object.metadata.labels?.app === 'db') born.push(object.metadata.name);
  });
  const { metadata: _, ...db } = deployment('db', 3);
  await ask('POST', sets, {
    ...db,
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: { ...db.spec, serviceName: 'db' },
  });
  await expect.poll(() => statusOf(`${sets}/db`)).toMatchObject({ readyReplicas: 3, updatedReplicas: 3 });

  await ask(
    'PATCH',
    `${sets}/db`,
    { spec: { template: { metadata: { annotations: { again: '1' } } } } },
    { type: MERGE },
  );
  await expect.poll(() => born).toEqual(['db-0', 'db-1', 'db-2', 'db-2', 'db-1', 'db-0']);
  stop();

  await expect
    .poll(async () => {
      const status = await statusOf(`${sets}/db`);
      return status.readyReplicas === 3 && status.currentRevision === status.updateRevision;
    })
    .toBe(true);
});

test('a DaemonSet has a pod on every node, also on a cordoned one', async () => {
  await ask('PATCH', '/api/v1/nodes/node-2', { spec: { unschedulable: true } }, { type: MERGE });
  const { replicas: _, ...spec } = deployment('agent', 1).spec;
  await ask('POST', '/apis/apps/v1/namespaces/default/daemonsets', {
    kind: 'DaemonSet',
    apiVersion: 'apps/v1',
    metadata: { name: 'agent' },
    spec,
  });

  await expect
    .poll(() =>
      podsOf('agent')
        .map((pod) => pod.spec.nodeName)
        .sort(),
    )
    .toEqual(['node-1', 'node-2', 'node-3']);
  await ask('PATCH', '/api/v1/nodes/node-2', { spec: { unschedulable: null } }, { type: MERGE });
});

test('a Job ends when enough pods have succeeded, or when too many have failed', async () => {
  const jobs = '/apis/batch/v1/namespaces/default/jobs';
  const job = (name: string, more: Json): Json => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      ...more.spec,
      template: {
        metadata: more.metadata ?? {},
        spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1' }] },
      },
    },
  });
  await ask('POST', jobs, job('good', { spec: { completions: 2, parallelism: 2 } }));
  await ask(
    'POST',
    jobs,
    job('bad', { spec: { backoffLimit: 0 }, metadata: { annotations: { 'practice.shipmate/fault': 'exit=3' } } }),
  );

  await expect.poll(async () => condition(await statusOf(`${jobs}/good`), 'Complete')?.status).toBe('True');
  await expect
    .poll(async () => condition(await statusOf(`${jobs}/bad`), 'Failed')?.reason)
    .toBe('BackoffLimitExceeded');
});

test('a namespace that is deleted empties itself first and takes nothing new', async () => {
  await ask('POST', '/api/v1/namespaces', { metadata: { name: 'brief' } });
  await ask('POST', PODS.replace('default', 'brief'), {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i:1' }] },
  });
  await ask('DELETE', '/api/v1/namespaces/brief');

  const late = await ask('POST', '/api/v1/namespaces/brief/configmaps', { metadata: { name: 'late' } });

  expect(late.code).toBe(403);
  expect(late.body.details.causes[0].reason).toBe('NamespaceTerminating');
  await expect.poll(async () => (await ask('GET', '/api/v1/namespaces/brief')).code).toBe(404);
});
