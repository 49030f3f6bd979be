import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConflictError, NotFoundError, UsageError } from '../../../src/errors.ts';
import { partOf, startTyping, type Typed, workload } from './typed.ts';

let ada: Typed;
beforeAll(async () => {
  const stuck = {
    template: {
      metadata: { labels: { app: 'stuck' } },
      spec: { nodeSelector: { gpu: 'yes' }, containers: [{ name: 'main', image: 'registry.example/gpu:1' }] },
    },
  };
  ada = await startTyping({
    seed: [
      workload('Deployment', 'web', 2),
      workload('Deployment', 'busy', 1),
      workload('Deployment', 'resting', 1, { spec: { paused: true } }),
      workload('Deployment', 'stuck', 1, { spec: stuck }),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } },
    ] as never,
  });
});
afterAll(() => ada?.stop());

test('a finished rollout is told in kubectl’s words', async () => {
  expect(await ada.reads('/k8s rollout status deploy/web --timeout 20s')).toMatchObject({
    status: 'succeeded',
    title: 'deployment "web" successfully rolled out',
  });
});

test('a rollout that waits is told as it stands, with what holds it back', async () => {
  const message = await ada.reads('/k8s rollout status deployment stuck --timeout=2s');

  expect(message.status).toBe('running');
  expect(message.title).toBe(
    'Waiting for deployment "stuck" rollout to finish: 0 of 1 updated replicas are available...',
  );
  expect(partOf(message, 'progress')).toMatchObject({ done: 0, total: 1 });
  expect(partOf(message, 'list').items[0]).toContain('Unschedulable');
});

test('with --watch=false one look is enough', async () => {
  expect((await ada.reads('/k8s rollout status deploy/stuck --watch=false')).status).toBe('running');
});

test('a restart is planned, done and followed to the end', async () => {
  const { plan, command } = await ada.plans('/k8s rollout restart deploy/web');
  expect(plan).toMatchObject({
    targets: ['deployment.apps/web'],
    summary: 'Restart deployment.apps/web (2 pods)',
    confirm: 'Restart web',
    risk: 'low',
    warnings: [],
  });
  expect(await command.verify(plan, ada.context)).toEqual({ applied: false });

  const effect = await command.act(plan, ada.context);
  const outcome = await command.follow?.(plan, effect, ada.follow());

  expect(effect.said).toBe('deployment.apps/web restarted');
  expect(outcome).toMatchObject({ status: 'succeeded', title: 'deployment "web" successfully rolled out' });
  expect(await command.verify(plan, ada.context)).toMatchObject({ applied: true });
});

test('a restart planned before somebody else’s change is void', async () => {
  const { plan, command } = await ada.plans('/k8s rollout restart deploy/busy');
  const scaling = await ada.plans('/k8s scale deploy/busy 3');
  await scaling.command.act(scaling.plan, ada.context);

  await expect(command.act(plan, ada.context)).rejects.toThrow(ConflictError);
  expect(await command.verify(plan, ada.context)).toMatchObject({ applied: 'unknown' });
});

test.each([
  ['/k8s rollout restart deploy/resting', UsageError, "can't restart paused deployment (run rollout resume first)"],
  ['/k8s rollout restart cm/settings', UsageError, 'error: configmaps "settings" restarting is not supported'],
  ['/k8s rollout restart deploy', UsageError, 'resource(s) were provided, but no name was specified'],
  ['/k8s rollout restart', UsageError, 'What should be restarted?'],
  ['/k8s rollout restart deploy/nope', NotFoundError, 'deployments.apps "nope" not found'],
])('%s is refused', async (line, family, message) => {
  const refused = ada.plans(line);

  await expect(refused).rejects.toThrow(family);
  await expect(refused).rejects.toThrow(message);
});

test('a kind without rollouts says so', async () => {
  expect(await ada.reads('/k8s rollout status cm/settings')).toMatchObject({
    status: 'failed',
    title: 'error: no status viewer has been implemented for ConfigMap',
  });
});
