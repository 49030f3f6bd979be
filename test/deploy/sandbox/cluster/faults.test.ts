import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../../../deploy/sandbox/cluster/object.ts';
import { type PracticeCluster, startPracticeCluster } from '../../../support/practice-cluster.ts';
import { type Ask, asker, DEPLOYMENTS, deployment, MERGE, PODS, TABLE } from './ask.ts';

let cluster: PracticeCluster;
let ask: Ask;

beforeAll(async () => {
  cluster = await startPracticeCluster({ speed: 20 });
  ask = asker(cluster);
});
afterAll(() => cluster.stop());

const podOf = (app: string): Json =>
  cluster.store.list('pods', 'default').find((pod) => pod.metadata.labels?.app === app);
const stateOf = (app: string): Json => podOf(app)?.status?.containerStatuses?.[0];

async function shown(app: string): Promise<string> {
  const { body } = await ask('GET', `${PODS}?labelSelector=app%3D${app}`, undefined, { accept: TABLE });
  return body.rows[0]?.cells[2];
}

async function eventsAbout(app: string): Promise<string[]> {
  const { body } = await ask(
    'GET',
    `/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3D${podOf(app).metadata.name}`,
  );
  return body.items.map((event: Json) => `${event.type} ${event.reason}`);
}

test('a crash loop shows its last end, counts its restarts and backs off', async () => {
  await ask('POST', DEPLOYMENTS, deployment('crash', 1, { fault: 'crash-loop' }));

  await expect.poll(() => shown('crash')).toBe('CrashLoopBackOff');

  const { state, lastState, restartCount, ready } = stateOf('crash');
  expect(state.waiting.message).toMatch(/^back-off 10s restarting failed container=web pod=crash-/);
  expect(lastState.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
  expect({ restartCount, ready }).toEqual({ restartCount: 1, ready: false });
  expect(await eventsAbout('crash')).toContain('Warning BackOff');
  await expect.poll(() => stateOf('crash').restartCount).toBeGreaterThan(1);
});

test('the log of the run before the crash can be read, of a first run not', async () => {
  await ask('POST', DEPLOYMENTS, deployment('logged', 1, { fault: 'crash-loop' }));
  await expect.poll(() => stateOf('logged')?.state.running).toBeDefined();
  const path = `${PODS}/${podOf('logged').metadata.name}/log?previous=true`;
  const early = await ask('GET', path);
  await expect.poll(() => shown('logged')).toBe('CrashLoopBackOff');

  const late = await ask('GET', path);

  expect(early.body.message).toBe(
    `previous terminated container "web" in pod "${podOf('logged').metadata.name}" not found`,
  );
  expect(late.body).toContain('level=fatal');
});

test('a container that is killed for its memory ends with 137', async () => {
  await ask('POST', DEPLOYMENTS, deployment('hungry', 1, { fault: 'oom' }));

  await expect
    .poll(() => stateOf('hungry')?.lastState.terminated)
    .toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
});

test('an image that no registry has is refused, and a mended one starts in a new pod', async () => {
  const path = `${DEPLOYMENTS}/image`;
  await ask('POST', DEPLOYMENTS, deployment('image', 1, { image: 'shop/web:does-not-exist' }));
  await expect.poll(() => shown('image')).toBe('ImagePullBackOff');
  const log = await ask('GET', `${PODS}/${podOf('image').metadata.name}/log`);

  await ask(
    'PATCH',
    path,
    { spec: { template: { spec: { containers: [{ name: 'web', image: 'shop/web:1' }] } } } },
    { type: MERGE },
  );

  expect(log.body.message).toMatch(
    /^container "web" in pod "image-\S+" is waiting to start: trying and failing to pull image$/,
  );
  await expect.poll(async () => (await ask('GET', path)).body.status.readyReplicas).toBe(1);
});

test('a pod that fits nowhere says why in the scheduler’s words', async () => {
  const containers = [{ name: 'web', image: 'big:1', resources: { requests: { cpu: '1k' } } }];
  await ask(
    'POST',
    DEPLOYMENTS,
    deployment('big', 1, { spec: { template: { metadata: { labels: { app: 'big' } }, spec: { containers } } } }),
  );

  await expect
    .poll(() => podOf('big')?.status.conditions?.[0])
    .toMatchObject({
      type: 'PodScheduled',
      reason: 'Unschedulable',
      message:
        '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
    });
  expect(await eventsAbout('big')).toContain('Warning FailedScheduling');
});

test('a slow start is running but not ready for a while', async () => {
  await ask('POST', DEPLOYMENTS, deployment('slow', 1, { fault: 'slow-start=6s' }));

  await expect.poll(() => stateOf('slow')).toMatchObject({ ready: false, state: { running: expect.anything() } });
  await expect.poll(() => stateOf('slow').ready).toBe(true);
});

test('a node that goes silent is NotReady with its pods, and they come back with it', async () => {
  const annotate = (value: string | null): Promise<unknown> =>
    ask(
      'PATCH',
      '/api/v1/nodes/node-1',
      { metadata: { annotations: { 'practice.shipmate/fault': value } } },
      { type: MERGE },
    );
  const selector = { 'kubernetes.io/hostname': 'node-1' };
  const containers = [{ name: 'web', image: 'nginx:1' }];
  const template = { metadata: { labels: { app: 'bound' } }, spec: { containers, nodeSelector: selector } };
  await ask('POST', DEPLOYMENTS, deployment('bound', 1, { spec: { template } }));
  await expect.poll(() => stateOf('bound')?.ready).toBe(true);
  const ready = (): string => podOf('bound').status.conditions.find((one: Json) => one.type === 'Ready').status;

  await annotate('not-ready');
  await expect.poll(ready).toBe('False');
  const { body } = await ask('GET', '/api/v1/nodes/node-1', undefined, { accept: TABLE });
  await annotate(null);

  expect(body.rows[0].cells[1]).toBe('NotReady');
  await expect.poll(ready).toBe('True');
});
