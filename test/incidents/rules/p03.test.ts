import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p03-image.ts';
import { condition, deployment, job, pod, replicaSet, waiting } from '../../support/kube-objects.ts';
import { T0, timeline } from '../../support/timeline.ts';

const IMAGE = 'registry.example.com/shop/web:9';
const stuck = (reason: string, message = '', name = 'web-1', options = {}) =>
  pod(name, { phase: 'Pending', containers: [{ image: IMAGE, state: waiting(reason, message) }], ...options });
const NOT_FOUND = `failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": ${IMAGE}: not found`;

test('a pull that may yet succeed is given two minutes', () => {
  const world = timeline([rule]);
  world.put(stuck('ErrImagePull', 'rpc error: dial tcp 10.0.0.1:443: i/o timeout'), 0);

  expect(world.at(119)).toEqual([]);
  expect(world.at(120)).toMatchObject([
    {
      rule: 'P03',
      severity: 'warning',
      causeClass: 'image',
      cause: `image "${IMAGE}" cannot be pulled: registry cannot be reached: timeout (registry.example.com)`,
      shares: { registry: 'registry.example.com', node: 'node-1' },
    },
  ]);
});

test('an image that does not exist is told after fifteen seconds, over the turns of its reason', () => {
  const world = timeline([rule]);
  world.put(stuck('ErrImagePull', NOT_FOUND), 0);
  world.event(
    {
      about: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
      type: 'Warning',
      reason: 'Failed',
      message: `Failed to pull image "${IMAGE}": ${NOT_FOUND}`,
    },
    1,
  );
  world.put(stuck('ImagePullBackOff', `Back-off pulling image "${IMAGE}"`), 10);

  expect(world.at(14)).toEqual([]);
  expect(world.at(15)).toMatchObject([
    {
      cause: `image "${IMAGE}" cannot be pulled: not found (registry.example.com)`,
      shares: { registry: 'registry.example.com' },
    },
  ]);
});

test.each([
  ['InvalidImageName', '', 'the name is not valid'],
  ['ErrImageNeverPull', '', 'imagePullPolicy is Never'],
  ['ErrImagePull', 'pull access denied, unauthorized: authentication required', 'no access'],
])('%s is certain', (reason, message, said) => {
  const world = timeline([rule]);
  world.put(stuck(reason, message), 0);

  expect(world.at(14)).toEqual([]);
  expect(world.at(15)[0]?.cause).toContain(said);
});

test('it is over two minutes after the container runs', () => {
  const world = timeline([rule]);
  world.put(stuck('ErrImagePull', NOT_FOUND), 0);
  world.at(20);
  world.put(pod('web-1', { createdAt: 0 }), 60);

  expect(world.at(179)).toMatchObject([{ clearSince: expect.any(Number) }]);
  expect(world.at(180)).toEqual([]);
});

test('during a rollout it is high', () => {
  const rolling = [condition('Progressing', true, 0, 'ReplicaSetUpdated')];
  const web = deployment('web', { replicas: 3, updated: 1, conditions: rolling });
  const set = replicaSet('web-9', { owner: web });
  const world = timeline([rule]);
  world.put(web, 0);
  world.put(set, 0);
  world.put(stuck('ErrImagePull', NOT_FOUND, 'web-9-a', { owner: set }), 0);

  expect(world.at(15)).toMatchObject([{ severity: 'high' }]);
});

test('a slow pull, a gated pod, a pod of a Job and a pod that is deleted are silent', () => {
  const batch = job('batch');
  const world = timeline([rule]);
  world.put(batch, 0);
  world.put(stuck('ContainerCreating', '', 'slow'), 0);
  world.put(stuck('ErrImagePull', NOT_FOUND, 'batch-1', { owner: batch }), 0);
  world.put(stuck('ErrImagePull', NOT_FOUND, 'gone', { deletedAt: 30 }), 0);
  world.put(stuck('ErrImagePull', NOT_FOUND, 'gated', { node: '', spec: { schedulingGates: [{ name: 'wait' }] } }), 0);

  expect(world.at(3_000)).toEqual([]);
});

test('an init container’s image belongs to another rule', () => {
  const world = timeline([rule]);
  world.put(
    pod('web-1', {
      phase: 'Pending',
      initContainers: [{ name: 'prepare', state: waiting('ErrImagePull', NOT_FOUND) }],
      containers: [{ state: waiting('PodInitializing') }],
    }),
    0,
  );

  expect(world.at(600)).toEqual([]);
});

test('what failed while nobody looked has its true beginning, where the events still tell it', () => {
  const world = timeline([rule]);
  world.put(stuck('ContainerCreating'), 0);
  world.event(
    {
      about: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
      type: 'Warning',
      reason: 'Failed',
      message: `Failed to pull image "${IMAGE}": ${NOT_FOUND}`,
      count: 9,
      firstAt: -600,
    },
    0,
  );
  world.put(stuck('ImagePullBackOff', `Back-off pulling image "${IMAGE}"`), 1);

  expect(world.at(1)).toMatchObject([{ since: T0 - 600_000 }]);
});

test('a restart of the bot does not start the hold anew', () => {
  const world = timeline([rule]);
  world.put(stuck('ErrImagePull', 'i/o timeout'), 0);
  world.restart(100);

  expect(world.at(119)).toEqual([]);
  expect(world.at(120)).toHaveLength(1);
});
