import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConflictError, NotFoundError, UsageError } from '../../../src/errors.ts';
import { partOf, startTyping, type Typed, workload } from './typed.ts';

let ada: Typed;
beforeAll(async () => {
  ada = await startTyping({
    seed: [
      workload('Deployment', 'web', 1),
      workload('Deployment', 'busy', 1),
      workload('Deployment', 'held', 1, { metadata: { annotations: { 'shipmate/protected': 'true' } } }),
      workload('StatefulSet', 'db', 1),
    ] as never,
  });
});
afterAll(() => ada?.stop());

async function nodeNames(): Promise<string[]> {
  const [resource] = await ada.cluster.resolve('nodes');
  const { items } = await ada.cluster.request<{ items: { metadata: { name: string } }[] }>({
    resource: resource as never,
  });
  return items.map(({ metadata }) => metadata.name);
}

test('a Deployment is paused and resumed, once each', async () => {
  const { plan, command } = await ada.plans('/k8s rollout pause deploy/web -n shop');
  expect(plan).toMatchObject({
    targets: ['deployment.apps/web'],
    summary: 'Pause the rollout of deployment.apps/web',
    confirm: 'Pause web',
    changes: [{ label: 'paused', before: 'false', after: 'true' }],
    risk: 'low',
    undo: '/k8s rollout resume deployment/web -n shop --cluster demo',
  });
  expect(await command.verify(plan, ada.context)).toEqual({ applied: false });
  expect((await ada.object('deploy', 'web')).spec?.paused).toBeUndefined();

  const effect = await command.act(plan, ada.context);

  expect(effect.said).toBe('deployment.apps/web paused');
  expect((await ada.object('deploy', 'web')).spec?.paused).toBe(true);
  expect(await command.verify(plan, ada.context)).toEqual({ applied: true, effect });
  await expect(command.act(plan, ada.context)).rejects.toThrow(ConflictError);
  expect((await ada.hasNothingToDo('/k8s rollout pause deploy/web')).title).toBe(
    'deployment.apps/web is already paused · shop · demo',
  );

  const back = await ada.plans('/k8s rollout resume deploy/web');
  expect((await back.command.act(back.plan, ada.context)).said).toBe('deployment.apps/web resumed');
  expect((await ada.object('deploy', 'web')).spec?.paused).toBeUndefined();
  expect((await ada.hasNothingToDo('/k8s rollout resume deploy/web')).title).toBe(
    'deployment.apps/web is not paused · shop · demo',
  );
});

test('a pause planned before somebody else’s change is void', async () => {
  const { plan, command } = await ada.plans('/k8s rollout pause deploy/busy');
  const scaling = await ada.plans('/k8s scale deploy/busy 2');
  await scaling.command.act(scaling.plan, ada.context);

  await expect(command.act(plan, ada.context)).rejects.toThrow('deployment.apps/busy changed since the plan was made');
  expect(await command.verify(plan, ada.context)).toEqual({ applied: false });
});

test('a node is cordoned and uncordoned; the last one that takes pods is said to be', async () => {
  const [first = '', ...others] = await nodeNames();
  for (const name of others) {
    const { plan, command } = await ada.plans(`/k8s cordon ${name}`);
    expect(plan).toMatchObject({
      targets: [`node/${name}`],
      risk: 'low',
      undo: `/k8s uncordon ${name} --cluster demo`,
    });
    expect(plan.warnings).toEqual(['Pods that run there stay; only new ones go elsewhere.']);
    expect((await command.act(plan, ada.context)).said).toBe(`node/${name} cordoned`);
  }

  const last = await ada.plans(`/k8s cordon node/${first}`);
  expect(last.plan.risk).toBe('high');
  expect(last.plan.warnings[0]).toBe('No other node takes new pods: nothing can be scheduled any more.');
  const [second = ''] = others;
  expect((await ada.hasNothingToDo(`/k8s cordon ${second}`)).title).toBe(`node/${second} already cordoned · demo`);

  const back = await ada.plans(`/k8s uncordon ${second}`);
  const effect = await back.command.act(back.plan, ada.context);
  expect(effect.said).toBe(`node/${second} uncordoned`);
  expect((await ada.object('nodes', second)).spec?.unschedulable).toBeUndefined();
  expect(await back.command.verify(back.plan, ada.context)).toEqual({ applied: true, effect });
});

test.each([
  ['/k8s rollout pause sts/db', UsageError, 'error: statefulsets.apps "db" pausing is not supported'],
  ['/k8s rollout resume sts/db', UsageError, 'error: statefulsets.apps "db" resuming is not supported'],
  ['/k8s rollout pause deploy/held', Error, 'deployment.apps/held is protected'],
  ['/k8s rollout pause', UsageError, 'What should be paused?'],
  ['/k8s cordon nowhere', NotFoundError, 'Error from server (NotFound): nodes "nowhere" not found'],
])('%s is refused', async (line, family, message) => {
  const refused = ada.plans(line);

  await expect(refused).rejects.toThrow(family);
  await expect(refused).rejects.toThrow(message);
});

test('the history tells revisions, images and reasons, and what one of them changed', async () => {
  const resource = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true };
  await ada.cluster.request({
    method: 'PATCH',
    resource,
    namespace: 'shop',
    name: 'web',
    contentType: 'application/strategic-merge-patch+json',
    body: {
      metadata: { annotations: { 'kubernetes.io/change-cause': 'release 2' } },
      spec: { template: { spec: { containers: [{ name: 'main', image: 'registry.example/main:2' }] } } },
    },
  });
  await expect
    .poll(async () => (await ada.object('deploy', 'web')).metadata.annotations?.['deployment.kubernetes.io/revision'])
    .toBe('2');

  const all = await ada.reads('/k8s rollout history deploy/web -n shop');
  expect(all.title).toBe('deployment.apps/web · shop · demo');
  expect(partOf(all, 'table').rows.map((row) => row.slice(0, 3))).toEqual([
    ['1', '<none>', 'registry.example/main:1'],
    ['2 (now)', 'release 2', 'registry.example/main:2'],
  ]);
  const two = await ada.reads('/k8s rollout history deploy/web --revision=2');
  expect(partOf(two, 'diff').entries).toEqual([
    { label: 'spec.containers[main].image', before: 'registry.example/main:1', after: 'registry.example/main:2' },
  ]);
  await expect(ada.reads('/k8s rollout history deploy/web --revision=9')).rejects.toThrow(
    'error: unable to find the specified revision',
  );
});
