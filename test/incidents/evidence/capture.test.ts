import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { UnavailableError } from '../../../src/errors.ts';
import { sizeOf } from '../../../src/incidents/evidence/bounded.ts';
import { captureEvidence } from '../../../src/incidents/evidence/capture.ts';
import { EVIDENCE_BYTES } from '../../../src/incidents/evidence/evidence.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import type { EvidenceCode } from '../../../src/incidents/rule.ts';
import type { ObjectRef, Sight } from '../../../src/incidents/sight.ts';
import type { Call, Cluster, KubeObject } from '../../../src/kubernetes/cluster.ts';
import { systemClock } from '../../../src/time.ts';
import { startTyping, type Typed, workload } from '../../commands/k8s/typed.ts';
import { incident, signal } from '../card/incidents.ts';

const ALL: readonly EvidenceCode[] = ['L', 'E', 'X', 'I', 'N', 'R', 'C', 'D'];
const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };

let world: Typed;
let pod: KubeObject;
let deployment: KubeObject;
beforeAll(async () => {
  world = await startTyping({ seed: [workload('Deployment', 'web', 1)] as never });
  await vi.waitFor(async () => expect((await world.object('deploy', 'web')).status?.readyReplicas).toBe(1), 10_000);
  await world.cluster.request({
    method: 'PATCH',
    resource: { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true },
    namespace: 'shop',
    name: 'web',
    query: { fieldManager: 'kubectl-edit' },
    contentType: 'application/strategic-merge-patch+json',
    body: {
      metadata: { annotations: { 'kubernetes.io/change-cause': 'release 2' } },
      spec: {
        template: {
          metadata: { annotations: { 'practice.shipmate/fault': 'crash-loop' } },
          spec: {
            containers: [
              {
                name: 'main',
                image: 'registry.example/main:2',
                env: [{ name: 'LEVEL', value: 'very-verbose' }],
                resources: { requests: { memory: '64Mi' }, limits: { memory: '128Mi' } },
              },
            ],
          },
        },
      },
    },
  });
  await vi.waitFor(async () => {
    const { items } = await world.cluster.request<{ items: KubeObject[] }>({ resource: PODS, namespace: 'shop' });
    const found = items.find(({ status }) => JSON.stringify(status ?? {}).includes('CrashLoopBackOff'));
    expect(found).toBeDefined();
    pod = found as KubeObject;
  }, 20_000);
  deployment = await world.object('deploy', 'web');
});
afterAll(() => world?.stop());

function refOf(object: KubeObject, apiVersion: string, kind: string): ObjectRef {
  const { name = '', namespace = '', uid = '' } = object.metadata;
  return { apiVersion, kind, namespace, name, uid };
}

function crashing(more: Partial<Incident> = {}, codes = ALL): Incident {
  const about = refOf(pod, 'v1', 'Pod');
  return incident({
    root: refOf(deployment, 'apps/v1', 'Deployment'),
    signals: [signal({ object: about, about, container: 'main', evidence: codes, causeClass: 'crash' })],
    ...more,
  });
}

function capture(found: Incident, cluster: Cluster = world.cluster, sight?: Sight) {
  return captureEvidence({ cluster, incident: found, sight, clock: systemClock, signal: new AbortController().signal });
}

/** The cluster, but calls that match fail. */
function failing(matches: (call: Call) => boolean, error: Error): Cluster {
  return {
    ...{ name: world.cluster.name, defaultNamespace: 'shop', isProduction: false },
    request: <T>(call: Call): Promise<T> => (matches(call) ? Promise.reject(error) : world.cluster.request<T>(call)),
    watch: (call) => world.cluster.watch(call),
    resolve: (word) => world.cluster.resolve(word),
    version: () => world.cluster.version(),
  };
}

test('of a crash: the log of the run that ended, how it ended, what changed, where it runs', async () => {
  const evidence = await capture(crashing());

  expect(evidence).toMatchObject({ incident: 'k3f9q2x', cluster: 'demo', container: 'main', missing: [] });
  expect(evidence.pod?.name).toBe(pod.metadata.name);
  const ended = evidence.logs.find(({ isPrevious }) => isPrevious);
  expect(ended?.lines.join('\n')).toContain('level=fatal');
  expect(evidence.exits[0]).toMatchObject({
    container: 'main',
    exitCode: expect.any(Number),
    restarts: expect.any(Number),
  });
  expect(evidence.exits[0]?.meaning).not.toBe('');
  expect(evidence.images).toEqual([
    { container: 'main', now: 'registry.example/main:2', before: 'registry.example/main:1' },
  ]);
  expect(evidence.template).toMatchObject({ from: 1, to: 2, more: 0 });
  expect(evidence.template?.fields).toContainEqual({
    path: 'spec.containers[main].image',
    before: 'registry.example/main:1',
    after: 'registry.example/main:2',
  });
  expect(evidence.node).toMatchObject({ name: pod.spec?.nodeName, isCordoned: false, troubles: [] });
  expect(evidence.resources).toEqual([
    { container: 'main', requests: { memory: '64Mi' }, limits: { memory: '128Mi' } },
  ]);
  expect(evidence.change).toMatchObject({ by: 'kubectl-edit', cause: 'release 2', revision: 2 });
  expect(evidence.change?.fields).toContain('spec.template');
  expect(evidence.events.map(({ reason }) => reason)).toContain('BackOff');
});

test('no value of an environment variable is in it, only that one was set', async () => {
  const evidence = await capture(crashing());

  expect(JSON.stringify(evidence)).not.toContain('very-verbose');
  expect(evidence.template?.fields).toContainEqual({
    path: 'spec.containers[main].env[LEVEL]',
    before: 'not set',
    after: 'set',
  });
});

test('a rollout’s own signal names no pod: the first one in trouble is looked at', async () => {
  const root = refOf(deployment, 'apps/v1', 'Deployment');
  const evidence = await capture(
    crashing({ signals: [signal({ object: root, about: root, container: undefined, evidence: ALL })] }),
  );

  expect(evidence.pod?.name).toBe(pod.metadata.name);
  expect(evidence.container).toBe('main');
  expect(evidence.logs.length).toBeGreaterThan(0);
});

test('only what the rules ask for is gathered', async () => {
  const evidence = await capture(crashing({}, ['X']));

  expect(evidence.codes).toEqual(['X']);
  expect(evidence.exits.length).toBeGreaterThan(0);
  expect(evidence).toMatchObject({ logs: [], events: [], images: [], resources: [] });
  expect(evidence.node).toBeUndefined();
  expect(evidence.template).toBeUndefined();
});

test('events that are seen already are not asked for', async () => {
  const noEvents = failing(({ resource }) => resource.plural === 'events', new Error('asked for'));
  const seen = {
    about: pod.metadata.uid ?? '',
    ...{ type: 'Warning', reason: 'Unhealthy', message: 'Liveness probe failed', count: 3 },
    ...{ firstTimestamp: 1, lastTimestamp: 2 },
  };
  const sight = { events: (uid: string) => (uid === seen.about ? [seen] : []) } as unknown as Sight;

  const evidence = await capture(crashing(), noEvents, sight);

  expect(evidence.events).toEqual([
    { object: `Pod/${pod.metadata.name}`, reason: 'Unhealthy', message: 'Liveness probe failed', count: 3, at: 2 },
  ]);
  expect(evidence.missing).toEqual([]);
});

test('a part that cannot be had is named with why, and the others are there', async () => {
  const noLogs = failing(
    ({ subresource }) => subresource === 'log',
    new UnavailableError('The kubelet does not answer.'),
  );
  const evidence = await capture(crashing(), noLogs);

  expect(evidence.logs).toEqual([]);
  expect(evidence.missing).toContainEqual({
    what: `previous log of ${pod.metadata.name}/main`,
    why: 'The kubelet does not answer.',
  });
  expect(evidence.exits.length).toBeGreaterThan(0);
});

test('an object that was deleted and made again is not taken for the one that failed', async () => {
  const gone = refOf(pod, 'v1', 'Pod');
  const about = { ...gone, uid: 'an-earlier-one' };
  const evidence = await capture(crashing({ signals: [signal({ object: about, about, evidence: ['X'] })] }));

  expect(evidence.missing).toContainEqual({
    what: `pod ${gone.name}`,
    why: 'It was deleted and created again meanwhile.',
  });
});

test('a cluster that is away leaves evidence that says so', async () => {
  const away = failing(() => true, new UnavailableError('Unable to connect to the server of cluster demo.'));
  const evidence = await capture(crashing(), away);

  expect(evidence.logs).toEqual([]);
  expect(evidence.missing.length).toBeGreaterThan(0);
  expect(evidence.missing[0]?.why).toBe('Unable to connect to the server of cluster demo.');
});

test('a log full of secrets and far too long fits, with its newest lines and nothing secret', async () => {
  const line = (n: number) => `n=${n} password=correct-horse-battery-${n} ${'"quoted" '.repeat(60)}`;
  const text = Array.from({ length: 4_000 }, (_line, n) => line(n)).join('\n');
  const chatty: Cluster = {
    ...failing(() => false, new Error('never')),
    request: <T>(call: Call): Promise<T> =>
      call.subresource === 'log' ? Promise.resolve(`${text}\n` as T) : world.cluster.request<T>(call),
  };
  const evidence = await capture(crashing(), chatty);

  expect(sizeOf(evidence)).toBeLessThanOrEqual(EVIDENCE_BYTES);
  expect(JSON.stringify(evidence)).not.toContain('battery');
  expect(evidence.logs[0]?.isCut).toBe(true);
  expect(evidence.logs[0]?.lines.at(-1)).toContain('n=3999');
});
