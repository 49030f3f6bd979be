import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConflictError, NotFoundError, PermissionError, UsageError } from '../../../src/errors.ts';
import { scaleWords } from '../../../src/sdk/kubernetes-scale.ts';
import { partOf, startTyping, type Typed, workload } from './typed.ts';

let ada: Typed;
beforeAll(async () => {
  const ref = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name });
  ada = await startTyping({
    seed: [
      workload('Deployment', 'web', 2),
      workload('Deployment', 'held', 2, { metadata: { annotations: { 'shipmate/protected': 'true' } } }),
      workload('Deployment', 'crowd', 4),
      workload('StatefulSet', 'db', 1),
      workload('Deployment', 'twin', 1),
      workload('StatefulSet', 'twin', 1),
      workload('DaemonSet', 'agent', 1),
      workload('Deployment', 'dns', 2, { metadata: { namespace: 'kube-system' } }),
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'crowd', namespace: 'shop' },
        spec: { minReplicas: 2, maxReplicas: 10, scaleTargetRef: ref('crowd') },
      },
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'crowd', namespace: 'shop' },
        spec: { minAvailable: 3, selector: { matchLabels: { app: 'crowd' } } },
      },
    ] as never,
  });
});
afterAll(() => ada?.stop());

test('the plan says what, from how many to how many, and how to take it back', async () => {
  const { plan } = await ada.plans('/k8s scale deploy/web 3 -n shop');

  expect(plan).toMatchObject({
    cluster: 'demo',
    namespace: 'shop',
    targets: ['deployment.apps/web'],
    summary: 'Scale deployment.apps/web from 2 to 3 replicas',
    confirm: 'Scale web to 3',
    changes: [{ label: 'replicas', before: '2', after: '3' }],
    warnings: [],
    risk: 'low',
    undo: '/k8s scale deploy/web 2 -n shop --cluster demo',
  });
  expect((await ada.object('deploy', 'web')).spec?.replicas).toBe(2);
});

test('a scaling is done and followed until all are ready', async () => {
  const { plan, command } = await ada.plans('/k8s scale deploy/web --replicas=5');
  expect(await command.verify(plan, ada.context)).toEqual({ applied: false });

  const effect = await command.act(plan, ada.context);
  const seen: number[] = [];
  const outcome = await command.follow?.(
    plan,
    effect,
    ada.follow(({ done, total }) => seen.push(done / total)),
  );

  expect(effect.said).toBe('deployment.apps/web scaled');
  expect(outcome).toMatchObject({ status: 'succeeded', title: 'deployment "web" successfully rolled out (5/5 ready)' });
  expect((await ada.object('deploy', 'web')).status).toMatchObject({ replicas: 5, availableReplicas: 5 });
  expect(seen.length).toBeGreaterThan(0);
  expect(await command.verify(plan, ada.context)).toEqual({ applied: true, effect });
});

test('acting a second time on the same plan changes nothing', async () => {
  const { plan, command } = await ada.plans('/k8s scale statefulset db 2');
  await command.act(plan, ada.context);
  const { generation } = (await ada.object('sts', 'db')).metadata;

  await expect(command.act(plan, ada.context)).rejects.toThrow(ConflictError);

  expect((await ada.object('sts', 'db')).metadata.generation).toBe(generation);
});

test('who will undo it, and what it means, is said before', async () => {
  const { plan } = await ada.plans('/k8s scale deploy/crowd 1');

  expect(plan.warnings).toEqual([
    'HPA crowd will override this (min 2, max 10).',
    'One replica remains: any restart of it is an outage.',
    'PodDisruptionBudget crowd wants 3 available; scaling is not held back by it.',
  ]);
  expect(plan.risk).toBe('high');
});

test.each([
  ['/k8s scale deploy/crowd 5', 'low'],
  ['/k8s scale deploy/crowd 8', 'high'],
  ['/k8s scale deploy/crowd 2', 'high'],
  ['/k8s scale deploy/crowd 0', 'high'],
  ['/k8s scale deploy/dns 3 -n kube-system', 'high'],
  ['/k8s scale deploy/dns 0 -n kube-system', 'destructive'],
])('%s is of risk %s', async (line, risk) => {
  expect((await ada.plans(line)).plan.risk).toBe(risk);
});

test('a name alone is enough where it means one workload', async () => {
  expect((await ada.plans('/k8s scale crowd 5')).plan.targets).toEqual(['deployment.apps/crowd']);
  await expect(ada.plans('/k8s scale twin 5')).rejects.toThrow('"twin" is a deployment and a statefulset.');
  await expect(ada.plans('/k8s scale nobody 5')).rejects.toThrow(
    'Error from server (NotFound): deployments.apps "nobody" not found',
  );
});

test('the number that is already there is nothing to do', async () => {
  const message = await ada.hasNothingToDo('/k8s scale deploy/crowd 4');

  expect(message).toMatchObject({
    status: 'no-change',
    title: 'deployment.apps/crowd already has 4 replicas in shop · demo',
  });
});

test.each([
  ['/k8s scale ds/agent 3', UsageError, 'daemonsets.apps "agent" is not scalable'],
  ['/k8s scale deploy/nope 3', NotFoundError, 'deployments.apps "nope" not found'],
  ['/k8s scale deploy/held 3', PermissionError, 'deployment.apps/held is protected'],
  ['/k8s scale deploy/crowd 5 --current-replicas=3', UsageError, 'Expected replicas to be 3, was 4'],
  ['/k8s scale deploy/crowd', UsageError, '--replicas=COUNT'],
  ['/k8s scale deploy/crowd 5 --replicas=6', UsageError, 'How many: 5 or --replicas=6?'],
  ['/k8s scale deploy crowd api 5', UsageError, 'One workload at a time.'],
  ['/k8s scale deploymnt/crowd 5', NotFoundError, 'the server doesn\'t have a resource type "deploymnt"'],
  ['/k8s scale all/crowd 5', UsageError, '"all" means'],
])('%s is refused', async (line, family, message) => {
  const refused = ada.plans(line);

  await expect(refused).rejects.toThrow(family);
  await expect(refused).rejects.toThrow(message);
});

test.each([
  [['web', '3'], undefined, { type: undefined, name: 'web', replicas: 3 }],
  [['deploy/web', '0'], undefined, { type: 'deploy', name: 'web', replicas: 0 }],
  [['deploy', 'web', '3'], undefined, { type: 'deploy', name: 'web', replicas: 3 }],
  [['deploy', 'web'], 3, { type: 'deploy', name: 'web', replicas: 3 }],
  [['deploy', '5'], 3, { type: 'deploy', name: '5', replicas: 3 }],
])('%j with --replicas=%j means %j', (words, flag, expected) => {
  expect(scaleWords(words, flag)).toEqual(expected);
});

test.each([
  [[], undefined],
  [['3'], undefined],
  [['deploy/web', '-1'], undefined],
  [['deploy/web', '100001'], undefined],
])('%j with --replicas=%j is refused', (words, flag) => {
  expect(() => scaleWords(words, flag)).toThrow(UsageError);
});

test('a plan whose workload changed is void, and says by whom', async () => {
  const { plan, command } = await ada.plans('/k8s scale deploy/crowd 6');
  const other = await ada.plans('/k8s scale deploy/crowd 5');
  await other.command.act(other.plan, ada.context);

  await expect(command.act(plan, ada.context)).rejects.toThrow(
    'Expected replicas to be 4, was 5: deployment.apps/crowd changed since the plan was made, set by shipmate',
  );
  expect(await command.verify(plan, ada.context)).toMatchObject({ applied: 'unknown' });
});

test('a scaling that cannot get ready ends as failed, with the pods that hold it back', async () => {
  const { plan, command } = await ada.plans('/k8s scale deploy/web 6 --timeout 3s');
  ada.practice.plant([]);
  const [nodes] = await ada.cluster.resolve('nodes');
  const { items } = await ada.cluster.request<{ items: { metadata: { name: string } }[] }>({
    resource: nodes as never,
  });
  for (const { metadata } of items)
    await ada.cluster.request({
      method: 'PATCH',
      resource: nodes as never,
      name: metadata.name,
      contentType: 'application/merge-patch+json',
      body: { spec: { unschedulable: true } },
    });

  const effect = await command.act(plan, ada.context);
  const outcome = await command.follow?.(plan, effect, ada.follow());

  expect(outcome?.status).toBe('failed');
  expect(outcome?.title).toContain('timed out waiting for deployment.apps/web');
  expect(partOf(outcome?.message ?? {}, 'list').items[0]).toContain('Unschedulable');
});
