import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConflictError, NotFoundError, PermissionError, UsageError } from '../../../src/errors.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import type { UndoData } from '../../../src/sdk/kubernetes-undo.ts';
import { startTyping, type Typed, workload } from './typed.ts';

let ada: Typed;
beforeAll(async () => {
  ada = await startTyping({
    seed: [
      workload('Deployment', 'web', 2),
      workload('Deployment', 'busy', 1),
      workload('Deployment', 'crash', 1),
      workload('Deployment', 'fresh', 1),
      workload('Deployment', 'resting', 1),
      workload('Deployment', 'notes', 1),
      workload('Deployment', 'synced', 1, {
        metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/synced' } },
      }),
      workload('Deployment', 'held', 1, { metadata: { annotations: { 'shipmate/protected': 'true' } } }),
      workload('StatefulSet', 'db', 1),
      workload('DaemonSet', 'agent', 1, { spec: { replicas: undefined } }),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } },
    ] as never,
  });
});
afterAll(() => ada?.stop());

const RESOURCES: Readonly<Record<string, string>> = { deploy: 'deployments', sts: 'statefulsets', ds: 'daemonsets' };

/** Past the bot, as kubectl would. */
async function patch(type: string, name: string, body: object): Promise<KubeObject> {
  return ada.cluster.request({
    method: 'PATCH',
    resource: { group: 'apps', version: 'v1', plural: RESOURCES[type] as string, namespaced: true },
    namespace: 'shop',
    name,
    query: { fieldManager: 'kubectl-edit' },
    contentType: 'application/strategic-merge-patch+json',
    body,
  });
}

function containerIs(container: object): object {
  return { spec: { template: { spec: { containers: [{ name: 'main', ...container }] } } } };
}

/** Releases an image and waits until the controller has made a revision of it. */
async function release(type: string, name: string, image: string, more: object = {}): Promise<void> {
  const { metadata } = await patch(type, name, containerIs({ image, ...more }));
  await expect
    .poll(async () => (await ada.object(type, name)).status?.observedGeneration)
    .toBeGreaterThanOrEqual(metadata.generation as number);
}

async function imageOf(type: string, name: string): Promise<string> {
  return (await ada.object(type, name)).spec?.template.spec.containers[0].image;
}

test('a rollback shows what goes back, is done as kubectl does it, and is followed', async () => {
  await release('deploy', 'web', 'registry.example/main:2', {
    env: [
      { name: 'DB_PASSWORD', value: 'correct horse battery' },
      { name: 'LEVEL', value: 'debug' },
    ],
  });

  const { plan, command } = await ada.plans('/k8s rollout undo deploy/web -n shop');

  expect(plan).toMatchObject({
    targets: ['deployment.apps/web'],
    summary: 'Roll deployment.apps/web back to revision 1',
    confirm: 'Roll back web',
    risk: 'high',
    warnings: [],
    undo: '/k8s rollout undo deployment/web --to-revision=2 -n shop --cluster demo',
  });
  expect(plan.changes).toEqual([
    { label: 'revision', before: '2', after: 'that of 1' },
    { label: 'containers[main].image', before: 'registry.example/main:2', after: 'registry.example/main:1' },
    { label: 'containers[main].env[DB_PASSWORD]', before: '<hidden, 21 bytes>', after: 'not set' },
    { label: 'containers[main].env[LEVEL]', before: 'debug', after: 'not set' },
  ]);
  expect(command.facts?.(plan)).toEqual({ images: ['registry.example/main:1'] });
  expect(JSON.stringify(plan)).not.toContain('battery');
  expect(await command.verify(plan, ada.context)).toEqual({ applied: false });

  const effect = await command.act(plan, ada.context);
  const outcome = await command.follow?.(plan, effect, ada.follow());

  expect(effect.said).toBe('deployment.apps/web rolled back');
  expect(outcome).toMatchObject({ status: 'succeeded', title: 'deployment "web" successfully rolled out' });
  const web = await ada.object('deploy', 'web');
  expect(web.spec?.template.spec.containers[0]).toMatchObject({ image: 'registry.example/main:1' });
  expect(web.spec?.template.spec.containers[0].env).toBeUndefined();
  expect(web.spec?.template.metadata.labels).toEqual({ app: 'web' });
});

test('after a crash between the act and its note, the rollback is found and not done again', async () => {
  await release('deploy', 'crash', 'registry.example/main:2');
  const { plan, command } = await ada.plans('/k8s rollout undo deploy/crash');
  const effect = await command.act(plan, ada.context);
  const { generation } = (await ada.object('deploy', 'crash')).metadata;

  expect(await command.verify(plan, ada.context)).toEqual({ applied: true, effect });
  await expect(command.act(plan, ada.context)).rejects.toThrow(ConflictError);

  expect((await ada.object('deploy', 'crash')).metadata.generation).toBe(generation);
});

test('a rollback planned before somebody else’s change is void, and what is there is told', async () => {
  await release('deploy', 'busy', 'registry.example/main:2');
  const { plan, command } = await ada.plans('/k8s rollout undo deploy/busy');
  await release('deploy', 'busy', 'registry.example/main:3');

  await expect(command.act(plan, ada.context)).rejects.toThrow(
    'deployment.apps/busy changed since the plan was made: generation 3, planned 2, last changed by',
  );
  expect(await command.verify(plan, ada.context)).toMatchObject({ applied: 'unknown' });
  expect(await imageOf('deploy', 'busy')).toBe('registry.example/main:3');
});

test('a later change of the template makes the rollback superseded, not done', async () => {
  const { plan, command } = await ada.plans('/k8s rollout undo deploy/busy --to-revision=1');
  const effect = await command.act(plan, ada.context);
  await release('deploy', 'busy', 'registry.example/main:9');

  expect(await command.follow?.(plan, effect, ada.follow())).toMatchObject({ status: 'unknown' });
});

test('the template that is there already is nothing to do, with kubectl’s sentence', async () => {
  expect(await ada.hasNothingToDo('/k8s rollout undo deploy/fresh --to-revision=1')).toMatchObject({
    status: 'no-change',
    title: 'deployment.apps/fresh skipped rollback (current template already matches revision 1)',
  });
});

test.each([
  ['sts', 'db', 'statefulset.apps/db'],
  ['ds', 'agent', 'daemonset.apps/agent'],
])('%s/%s goes back by its ControllerRevision', async (type, name, whole) => {
  await expect.poll(async () => (await ada.object(type, name)).status?.observedGeneration).toBe(1);
  await release(type, name, 'registry.example/main:2');

  const { plan, command } = await ada.plans(`/k8s rollout undo ${type}/${name}`);
  const effect = await command.act(plan, ada.context);

  expect(plan.summary).toBe(`Roll ${whole} back to revision 1`);
  expect(effect.said).toBe(`${whole} rolled back`);
  expect(await imageOf(type, name)).toBe('registry.example/main:1');
  expect(await command.verify(plan, ada.context)).toMatchObject({ applied: true });
  expect(await command.follow?.(plan, effect, ada.follow())).toMatchObject({ status: 'succeeded' });
});

test('who will bring the other template back is said before', async () => {
  await release('deploy', 'synced', 'registry.example/main:2');

  expect((await ada.plans('/k8s rollout undo deploy/synced')).plan.warnings).toEqual([
    'Argo CD application shop manages this: its next sync may bring the other template back.',
  ]);
});

test('annotations of the Deployment that kubectl would take away are shown', async () => {
  await release('deploy', 'notes', 'registry.example/main:2');
  await patch('deploy', 'notes', { metadata: { annotations: { team: 'harbour' } } });

  const { plan } = await ada.plans('/k8s rollout undo deploy/notes');

  // Once the controller has copied it to the newest ReplicaSet, the older one still does not have it.
  expect(plan.changes).toContainEqual({ label: 'annotation team', before: 'harbour', after: 'not set' });
});

test('a revision that changed after the plan is not brought back', async () => {
  await release('deploy', 'notes', 'registry.example/main:3');
  const { plan, command } = await ada.plans('/k8s rollout undo deploy/notes');
  const data = { ...(plan.data as UndoData), content: 'another' };

  await expect(command.act({ ...plan, data }, ada.context)).rejects.toThrow(
    'is no longer as it was when the plan was made.',
  );
});

test.each([
  ['/k8s rollout undo deploy/fresh', NotFoundError, 'error: no rollout history found for deployment "fresh"'],
  ['/k8s rollout undo deploy/fresh --to-revision=7', NotFoundError, 'unable to find specified revision 7 in history'],
  ['/k8s rollout undo deploy/held', PermissionError, 'deployment.apps/held is protected'],
  ['/k8s rollout undo cm/settings', UsageError, 'error: no rollbacker has been implemented for "ConfigMap"'],
  ['/k8s rollout undo deploy', UsageError, 'resource(s) were provided, but no name was specified'],
  ['/k8s rollout undo', UsageError, 'What should be rolled back?'],
  ['/k8s rollout undo deploy/nope', NotFoundError, 'deployments.apps "nope" not found'],
])('%s is refused', async (line, family, message) => {
  const refused = ada.plans(line);

  await expect(refused).rejects.toThrow(family);
  await expect(refused).rejects.toThrow(message);
});

test('a paused Deployment is refused in kubectl’s words', async () => {
  await release('deploy', 'resting', 'registry.example/main:2');
  await patch('deploy', 'resting', { spec: { paused: true } });

  await expect(ada.plans('/k8s rollout undo deploy/resting')).rejects.toThrow(
    "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
  );
});
