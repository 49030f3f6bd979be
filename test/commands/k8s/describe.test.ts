import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Message } from '../../../src/chat/message.ts';
import { NotFoundError, UsageError } from '../../../src/errors.ts';
import { partOf, startTyping, type Typed, workload } from './typed.ts';

let ada: Typed;
beforeAll(async () => {
  const crashing = {
    template: {
      metadata: { labels: { app: 'crash' }, annotations: { 'practice.shipmate/fault': 'crash-loop' } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'main',
            image: 'registry.example/main:1',
            env: [{ name: 'DB_PASSWORD', value: 'correct horse battery' }],
            resources: { requests: { memory: '64Mi' }, limits: { memory: '128Mi' } },
          },
        ],
      },
    },
  };
  ada = await startTyping({
    seed: [
      workload('Deployment', 'web', 2),
      workload('Deployment', 'crash', 1, { spec: crashing }),
      workload('StatefulSet', 'db', 1),
      workload('DaemonSet', 'agent', 1, { spec: { replicas: undefined } }),
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'disk', namespace: 'shop' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace: 'shop', labels: { app: 'web' } },
        data: { mode: 'very quiet' },
      },
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'import', namespace: 'shop' },
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x:1' }] } } },
      },
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'nightly', namespace: 'shop' },
        spec: {
          schedule: '0 3 * * *',
          jobTemplate: {
            spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'm', image: 'x:1' }] } } },
          },
        },
      },
    ] as never,
  });
  await vi.waitFor(async () => {
    expect((await ada.object('deploy', 'web')).status?.readyReplicas).toBe(2);
    expect(await crashingPod()).toBeDefined();
  }, 20_000);
});
afterAll(() => ada?.stop());

async function crashingPod(): Promise<string | undefined> {
  const { items } = await ada.cluster.request<{ items: { metadata: { name: string }; status?: never }[] }>({
    resource: { group: '', version: 'v1', plural: 'pods', namespaced: true },
    namespace: 'shop',
    query: { labelSelector: 'app=crash' },
  });
  return items.find(({ status }) => JSON.stringify(status ?? {}).includes('CrashLoopBackOff'))?.metadata.name;
}

/** The lines under a heading. */
function under(message: Message, heading: string): readonly string[] {
  const parts = message.parts ?? [];
  const at = parts.findIndex(
    (part) => part.kind === 'text' && JSON.stringify(part.spans) === JSON.stringify([{ bold: heading }]),
  );
  const list = parts[at + 1];
  return at >= 0 && list?.kind === 'list' ? list.items : [];
}

function fieldsOf(message: Message): Record<string, unknown> {
  return Object.fromEntries(partOf(message, 'fields').fields.map(({ label, value }) => [label, value]));
}

test('a Deployment: its counters, its pods, its conditions, its events', async () => {
  const message = await ada.reads('/k8s describe deploy/web -n shop');

  expect(message.title).toBe('deployment.apps/web · shop · demo');
  expect(fieldsOf(message)).toMatchObject({
    Replicas: '2 wished, 2 updated, 2 ready, 2 available',
    Revision: '1',
    Image: 'registry.example/main:1',
  });
  expect(under(message, 'Pods')).toEqual(['2 pods, none in trouble']);
  expect(under(message, 'Conditions').every((line) => !line.startsWith('!'))).toBe(true);
  expect(under(message, 'Events').join('\n')).toContain('ScalingReplicaSet: Scaled up replica set web-');
});

test('a pod in a crash loop: the container in trouble first, how it ended and what that means', {
  timeout: 30_000,
}, async () => {
  const message = await vi.waitFor(async () => {
    const found = await ada.reads(`/k8s describe pod ${(await crashingPod()) ?? ''}`);
    expect(under(found, 'Containers')[0]).toContain('! main: CrashLoopBackOff');
    return found;
  }, 20_000);

  expect(fieldsOf(message)).toMatchObject({
    Ready: '0/1',
    'Controlled by': expect.stringMatching(/^ReplicaSet\/crash-/),
  });
  const [line = ''] = under(message, 'Containers');
  expect(line).toMatch(/^! main: CrashLoopBackOff \(.*before that ended \S+ ago with exit code \d+/);
  expect(line).toContain('requests memory 64Mi · limits memory 128Mi');
  expect(under(message, 'Conditions')[0]).toMatch(/^! \w+=False/);
  expect(under(message, 'Events').join('\n')).toMatch(/! .*BackOff/);
  expect(JSON.stringify(message)).not.toContain('battery');
});

test('a workload names its pods in trouble', { timeout: 30_000 }, async () => {
  // It runs for a moment between two crashes.
  await vi.waitFor(async () => {
    const [line] = under(await ada.reads('/k8s describe deploy/crash'), 'Pods');
    expect(line).toMatch(/^! crash-\S+: CrashLoopBackOff/);
  }, 20_000);
});

test.each([
  ['sts/db', { Replicas: '1 wished, 1 updated, 1 ready', Update: 'none under way' }],
  ['ds/agent', { Nodes: expect.stringMatching(/^\d wished/) }],
  ['job/import', { Pods: expect.stringContaining('succeeded of 1') }],
  ['cronjob/nightly', { Schedule: '0 3 * * *', Suspended: 'no', 'Running now': 'nothing' }],
  ['pvc/disk', { Access: 'ReadWriteOnce' }],
])('%s is told in its own words', async (what, expected) => {
  await vi.waitFor(
    async () => expect(fieldsOf(await ada.reads(`/k8s describe ${what}`))).toMatchObject(expected),
    10_000,
  );
});

test('a node: how it is, how full, what is wrong', async () => {
  const [resource] = await ada.cluster.resolve('nodes');
  const { items } = await ada.cluster.request<{ items: { metadata: { name: string } }[] }>({
    resource: resource as never,
  });
  const message = await ada.reads(`/k8s describe node ${items[0]?.metadata.name}`);

  expect(message.title).toBe(`node/${items[0]?.metadata.name} · demo`);
  expect(fieldsOf(message)).toMatchObject({ Status: 'Ready', Pods: expect.stringMatching(/^\d+ of \d+$/) });
  expect(under(message, 'Conditions').join()).toContain('Ready=True');
});

test('any other kind: where it comes from, never what is in it', async () => {
  const message = await ada.reads('/k8s describe cm/settings');

  expect(fieldsOf(message)).toMatchObject({ Keys: 'mode' });
  expect(under(message, 'Labels')).toEqual(['app=web']);
  expect(under(message, 'Events')).toEqual(['none within the last hour']);
  expect(JSON.stringify(message)).not.toContain('very quiet');
});

test.each([
  ['/k8s describe', UsageError, 'You must specify the type of resource to describe.'],
  ['/k8s describe pods', UsageError, 'resource(s) were provided, but no name was specified'],
  ['/k8s describe deploy/nope', NotFoundError, 'deployments.apps "nope" not found'],
])('%s is refused', async (line, family, message) => {
  const refused = ada.reads(line);

  await expect(refused).rejects.toThrow(family);
  await expect(refused).rejects.toThrow(message);
});
