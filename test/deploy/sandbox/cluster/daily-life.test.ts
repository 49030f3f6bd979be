import { afterEach, expect, test } from 'vitest';
import type { Json } from '../../../../deploy/sandbox/cluster/object.ts';
import { type PracticeCluster, startPracticeCluster } from '../../../support/practice-cluster.ts';
import { asker, DEPLOYMENTS, deployment, MERGE } from './ask.ts';

let cluster: PracticeCluster;
afterEach(() => cluster.stop());

const podsOf = (app: string): Json[] =>
  cluster.store.list('pods', 'default').filter((pod) => pod.metadata.labels?.app === app);
const isReady = (pod: Json): boolean =>
  pod.status?.conditions?.some(({ type, status }: Json) => type === 'Ready' && status === 'True') ?? false;
const readyPods = (app: string): Json[] => podsOf(app).filter(isReady);

test('a Deployment that recreates goes on as soon as the last old pod is gone', async () => {
  cluster = await startPracticeCluster({ speed: 20 });
  const ask = asker(cluster);
  const web = deployment('web', 2, { image: 'a:1' });
  web.spec.strategy = { type: 'Recreate' };
  await ask('POST', DEPLOYMENTS, web);
  await expect.poll(() => readyPods('web')).toHaveLength(2);

  const spec = { template: { spec: { containers: [{ name: 'web', image: 'a:2' }] } } };
  await ask('PATCH', `${DEPLOYMENTS}/web`, { spec }, { type: MERGE });

  await expect.poll(() => readyPods('web').map((pod) => pod.spec.containers[0].image)).toEqual(['a:2', 'a:2']);
});

test('pods of a node that is no more are collected, and say why they go', async () => {
  cluster = await startPracticeCluster({ speed: 200 });
  const ask = asker(cluster);
  await ask('POST', DEPLOYMENTS, deployment('web', 3));
  await expect.poll(() => readyPods('web')).toHaveLength(3);
  const reasons = new Set<string>();
  cluster.store.listen('pods', ({ object }) => {
    const found = object.status?.conditions?.find(({ type }: Json) => type === 'DisruptionTarget');
    if (found) reasons.add(found.reason);
  });

  await ask('DELETE', '/api/v1/nodes/node-1');

  await expect.poll(() => readyPods('web').filter((pod) => pod.spec.nodeName !== 'node-1')).toHaveLength(3);
  expect([...reasons]).toEqual(['DeletionByPodGC']);
});

test('time that runs fast shows in timestamps: a CronJob runs each minute of it', async () => {
  cluster = await startPracticeCluster({ speed: 120, isTimeFast: true });
  const ask = asker(cluster);
  const bornAt = cluster.clock();
  const containers = [{ name: 'main', image: 'a:1' }];
  const jobTemplate = { spec: { template: { spec: { restartPolicy: 'Never', containers } } } };
  await ask('POST', '/apis/batch/v1/namespaces/default/cronjobs', {
    ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'tick' } },
    spec: { schedule: '* * * * *', jobTemplate },
  });

  const statusOf = (): Json => cluster.store.get('cronjobs.batch', 'default', 'tick')?.status ?? {};
  await expect.poll(() => Date.parse(statusOf().lastSuccessfulTime) - bornAt).toBeGreaterThan(120_000);
  expect(cluster.store.list('jobs.batch', 'default').length).toBeLessThanOrEqual(4);
});
