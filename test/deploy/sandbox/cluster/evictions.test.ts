import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../../../deploy/sandbox/cluster/object.ts';
import { type PracticeCluster, startPracticeCluster } from '../../../support/practice-cluster.ts';
import { type Ask, asker, DEPLOYMENTS, deployment, PODS } from './ask.ts';

let cluster: PracticeCluster;
let ask: Ask;

beforeAll(async () => {
  cluster = await startPracticeCluster({ speed: 20 });
  ask = asker(cluster);
});
afterAll(() => cluster.stop());

const BUDGETS = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
const podsOf = (app: string): Json[] =>
  cluster.store.list('pods', 'default').filter((pod) => pod.metadata.labels?.app === app);

async function guarded(app: string, replicas: number, minAvailable: number | string): Promise<void> {
  await ask('POST', DEPLOYMENTS, deployment(app, replicas));
  await ask('POST', BUDGETS, { metadata: { name: app }, spec: { minAvailable, selector: { matchLabels: { app } } } });
  await expect.poll(async () => (await ask('GET', `${BUDGETS}/${app}`)).body.status.currentHealthy).toBe(replicas);
}

function evict(pod: Json, options: Json = {}): ReturnType<Ask> {
  const { name, namespace } = pod.metadata;
  return ask('POST', `${PODS}/${name}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    ...options,
  });
}

test('a budget lets as many go as it can spare, then says what it needs', async () => {
  await guarded('spare', 3, 2);
  const [first, second] = podsOf('spare');

  const allowed = await evict(first);
  const refused = await evict(second);

  expect(allowed.code).toBe(201);
  expect(refused.code).toBe(429);
  expect(refused.body.message).toBe("Cannot evict pod as it would violate the pod's disruption budget.");
  expect(refused.body.details.causes).toEqual([
    { reason: 'DisruptionBudget', message: 'The disruption budget spare needs 2 healthy pods and has 2 currently' },
  ]);
});

test('when the replacement is ready the next one may go', async () => {
  await guarded('again', 2, '50%');
  await evict(podsOf('again')[0]);

  await expect.poll(async () => (await evict(podsOf('again').at(-1))).code).toBe(201);
});

test('two budgets over one pod are an error of the server', async () => {
  await guarded('double', 1, 0);
  await ask('POST', BUDGETS, {
    metadata: { name: 'other' },
    spec: { minAvailable: 0, selector: { matchLabels: { app: 'double' } } },
  });

  const { code, body } = await evict(podsOf('double')[0]);

  expect(code).toBe(500);
  expect(body.message).toContain('more than one PodDisruptionBudget');
});

test('a dry run asks the budget and evicts nobody', async () => {
  await guarded('dry', 1, 1);

  expect((await evict(podsOf('dry')[0], { deleteOptions: { dryRun: ['All'] } })).code).toBe(429);
  expect(podsOf('dry')[0].metadata.deletionTimestamp).toBeUndefined();
});
