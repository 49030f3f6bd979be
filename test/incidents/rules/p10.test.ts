import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p10-evicted.ts';
import { deployment, pod, replicaSet, terminated } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const MESSAGE =
  'The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi. Container app was using 812Mi, request is 256Mi, has larger consumption of memory. ';
const evicted = (name: string, at: number, options = {}) =>
  pod(name, {
    phase: 'Failed',
    reason: 'Evicted',
    message: MESSAGE,
    containers: [{ state: terminated(at, { exitCode: 137 }) }],
    ...options,
  });
const owners = (available: number) => {
  const web = deployment('web', { replicas: 4, available });
  return { web, set: replicaSet('web-7d', { owner: web, replicas: 4, available }) };
};

test('an eviction is noted at once while its owner lacks the pod', () => {
  const { web, set } = owners(3);
  const world = timeline([rule]);
  world.put(web, 0);
  world.put(set, 0);
  expect(world.at(9)).toEqual([]);
  world.put(evicted('web-1', 10, { owner: set }), 10);

  expect(world.at(10)).toMatchObject([
    {
      rule: 'P10',
      severity: 'info',
      shares: { node: 'node-1' },
      cause: 'evicted: node was low on memory (container app used 812Mi, request 256Mi)',
    },
  ]);
});

test('it is over two minutes after its owner is well, though the failed pod stays', () => {
  const { web, set } = owners(3);
  const world = timeline([rule]);
  world.put(web, 0);
  world.put(set, 0);
  world.put(evicted('web-1', 10, { owner: set }), 10);
  world.put(owners(4).web, 60);
  world.sweep(61);

  expect(world.sweep(61 + 119)).toHaveLength(1);
  expect(world.sweep(61 + 121)).toEqual([]);
});

test('three from one node within fifteen minutes are a warning, although the owner is well', () => {
  const { web, set } = owners(4);
  const world = timeline([rule]);
  world.put(web, 0);
  world.put(set, 0);
  for (const [index, name] of ['a', 'b', 'c'].entries()) world.put(evicted(name, index, { owner: set }), index);

  expect(world.sweep(3)).toMatchObject([{ severity: 'warning', cause: expect.stringContaining('3 pods') }]);
});

test('an evicted pod whose owner is well, and one of long ago, are silent', () => {
  const well = owners(4);
  const world = timeline([rule]);
  world.put(well.web, 0);
  world.put(well.set, 0);
  world.put(evicted('web-1', 0, { owner: well.set }), 0);
  expect(world.sweep(10)).toEqual([]);
  world.put(owners(3).web, 7_000);

  expect(world.sweep(7_001)).toEqual([]);
});

test('a pod without an owner is lost until somebody deletes it', () => {
  const world = timeline([rule]);
  world.put(evicted('tool', 0), 0);

  expect(world.at(9_000)).toMatchObject([{ severity: 'info' }]);
  world.remove('Pod', 'shop', 'tool', 9_001);
  expect(world.at(9_001)).toEqual([]);
});
