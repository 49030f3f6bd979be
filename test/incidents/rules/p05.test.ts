import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p05-sandbox-volume.ts';
import { condition, pod, pvc, waiting } from '../../support/kube-objects.ts';
import { timeline, type World } from '../../support/timeline.ts';

const creating = (options = {}) =>
  pod('web-1', { phase: 'Pending', createdAt: 0, containers: [{ state: waiting('ContainerCreating') }], ...options });
const warn = (world: World, reason: string, message: string, at: number) =>
  world.event({ about: { kind: 'Pod', namespace: 'shop', name: 'web-1' }, type: 'Warning', reason, message }, at);

test('a pod without a sandbox is told five minutes after it got its node', () => {
  const world = timeline([rule]);
  world.put(creating(), 0);
  warn(
    world,
    'FailedCreatePodSandBox',
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0ab1": plugin type="calico" failed (add): no IPs left',
    10,
  );

  expect(world.at(299)).toEqual([]);
  expect(world.at(300)).toMatchObject([
    {
      rule: 'P05',
      severity: 'warning',
      causeClass: 'node',
      shares: { node: 'node-1' },
      cause: expect.stringContaining('no IPs left'),
    },
  ]);
});

test('with claims it is given ten minutes, and shares its storage class', () => {
  const world = timeline([rule]);
  world.put(pvc('data', { spec: { storageClassName: 'fast' } }), 0);
  world.put(creating({ claims: ['data'] }), 0);
  warn(
    world,
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = Internal desc = disk is gone',
    500,
  );

  expect(world.at(599)).toEqual([]);
  expect(world.at(600)).toMatchObject([
    {
      causeClass: 'volume',
      cause: 'volume "pvc-1" cannot be attached: disk is gone',
      shares: { storageClass: 'fast', node: 'node-1' },
    },
  ]);
});

test('a missing Secret behind a volume is named', () => {
  const world = timeline([rule]);
  world.put(creating(), 0);
  warn(world, 'FailedMount', 'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found', 200);

  expect(world.at(300)).toMatchObject([
    { causeClass: 'config', cause: 'volume cannot be mounted: Secret "web-tls" is missing' },
  ]);
});

test('it is over two minutes after the sandbox stands', () => {
  const world = timeline([rule]);
  world.put(creating(), 0);
  world.at(300);
  world.put(creating({ conditions: [condition('PodReadyToStartContainers', true, 310)] }), 310);

  expect(world.at(429)).toHaveLength(1);
  expect(world.at(430)).toEqual([]);
});

test('a slow pull is silent: its sandbox stands', () => {
  const world = timeline([rule]);
  world.put(creating({ conditions: [condition('PodReadyToStartContainers', true, 2)] }), 0);

  expect(world.at(3_000)).toEqual([]);
});

test('where the API has no such condition, only a recent failure counts', () => {
  const world = timeline([rule]);
  const conditions = [condition('PodScheduled', true, 0)];
  world.put(creating({ status: { conditions } }), 0);
  warn(world, 'FailedMount', 'MountVolume.SetUp failed for volume "a" : not yet', 3);

  expect(world.at(304)).toEqual([]);
  warn(world, 'FailedMount', 'MountVolume.SetUp failed for volume "a" : still not', 310);
  expect(world.at(310)).toHaveLength(1);
});

test('a pod that has no node yet is not judged', () => {
  const world = timeline([rule]);
  world.put(creating({ node: '' }), 0);

  expect(world.at(900)).toEqual([]);
});
