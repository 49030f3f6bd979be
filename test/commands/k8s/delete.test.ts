import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ConflictError, NotFoundError, UsageError } from '../../../src/errors.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { startTyping, type Typed, workload } from './typed.ts';

const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };
let ada: Typed;
beforeAll(async () => {
  const pod = (name: string, more: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', ...more },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'registry.example/main:1' }] },
  });
  ada = await startTyping({
    seed: [
      workload('Deployment', 'web', 2),
      workload('StatefulSet', 'db', 1),
      pod('alone'),
      pod('held', { finalizers: ['example.com/wait'] }),
      pod('away'),
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'db', namespace: 'shop' },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'db' } } },
      },
    ] as never,
  });
  await vi.waitFor(async () => {
    expect((await ada.object('deploy', 'web')).status?.readyReplicas).toBe(2);
    expect((await ada.object('sts', 'db')).status?.readyReplicas).toBe(1);
  }, 10_000);
});
afterAll(() => ada?.stop());

async function podOf(app: string): Promise<KubeObject> {
  const { items } = await ada.cluster.request<{ items: KubeObject[] }>({
    resource: PODS,
    namespace: 'shop',
    query: { labelSelector: `app=${app}` },
  });
  return items[0] as KubeObject;
}

test('a pod of a controller is deleted, exactly the one that was seen, and followed until it is gone', async () => {
  const { name, uid } = (await podOf('web')).metadata;
  const { plan, command } = await ada.plans(`/k8s delete pod ${name} -n shop`);
  expect(plan).toMatchObject({
    targets: [`pod/${name}`],
    summary: expect.stringMatching(new RegExp(`^Delete pod/${name} of ReplicaSet web-`)),
    confirm: `Delete ${name}`,
    warnings: [],
    risk: 'low',
  });
  expect(await command.verify(plan, ada.context)).toEqual({ applied: false });
  expect((await ada.object('pods', name as string)).metadata.uid).toBe(uid);

  const effect = await command.act(plan, ada.context);
  const outcome = await command.follow?.(plan, effect, ada.follow());

  expect(outcome).toEqual({ status: 'succeeded', title: `pod "${name}" deleted from shop namespace` });
  await expect(ada.object('pods', name as string)).rejects.toThrow(NotFoundError);
  expect(await command.verify(plan, ada.context)).toEqual({ applied: true, effect });
  await expect(command.act(plan, ada.context)).rejects.toThrow(`pod "${name}" is gone already.`);
});

test('another pod of the same name is left alone', async () => {
  const { plan, command } = await ada.plans('/k8s delete pod/db-0');
  const other = await ada.plans('/k8s delete pod/db-0');
  await other.command.act(other.plan, ada.context);
  await vi.waitFor(async () => {
    const { metadata } = await ada.object('pods', 'db-0');
    expect(metadata.uid).not.toBe((plan.data as { ref: { uid: string } }).ref.uid);
  }, 10_000);
  const { uid } = (await ada.object('pods', 'db-0')).metadata;

  await expect(command.act(plan, ada.context)).rejects.toThrow(ConflictError);

  expect((await ada.object('pods', 'db-0')).metadata.uid).toBe(uid);
  expect(await command.verify(plan, ada.context)).toMatchObject({ applied: true });
});

test('what a deletion means is said before', async () => {
  await vi.waitFor(async () => expect((await ada.object('sts', 'db')).status?.readyReplicas).toBe(1), 10_000);
  const bare = await ada.plans('/k8s delete pod alone');
  const tight = await ada.plans('/k8s delete pod db-0');

  expect(bare.plan).toMatchObject({ risk: 'high', warnings: ['No controller owns it: nothing brings it back.'] });
  expect(tight.plan.warnings).toEqual(['PodDisruptionBudget db allows no disruption now; deleting does not ask it.']);
});

test('a pod that its finalizers hold is followed with what it waits for', async () => {
  const { plan, command } = await ada.plans('/k8s delete pod held');
  const effect = await command.act(plan, ada.context);
  const waits: string[] = [];
  const following = command.follow?.(
    plan,
    effect,
    ada.follow(({ waiting }) => void waits.push(waiting)),
  );
  await vi.waitFor(() => expect(waits[0]).toContain('held by its finalizers: example.com/wait'));
  await ada.cluster.request({
    method: 'PATCH',
    resource: PODS,
    namespace: 'shop',
    name: 'held',
    contentType: 'application/merge-patch+json',
    body: { metadata: { finalizers: null } },
  });

  expect(await following).toMatchObject({ status: 'succeeded' });
});

test.each([
  ['/k8s delete', UsageError, 'What should be deleted?'],
  ['/k8s delete pods', UsageError, 'resource(s) were provided, but no name was specified'],
  ['/k8s delete deploy/web', UsageError, 'error: "deploy" cannot be deleted from Slack; only pods can.'],
  ['/k8s delete ns/shop', UsageError, 'error: "ns" cannot be deleted from Slack; only pods can.'],
  ['/k8s delete pod nope', NotFoundError, 'Error from server (NotFound): pods "nope" not found'],
  ['/k8s delete pod alone --force', UsageError, '--force'],
  ['/k8s delete pod a b', UsageError, 'One workload at a time.'],
])('%s is refused', async (line, family, message) => {
  const refused = ada.plans(line);

  await expect(refused).rejects.toThrow(family);
  await expect(refused).rejects.toThrow(message);
});
