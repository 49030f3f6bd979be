import { expect, test } from 'vitest';
import n04 from '../../../src/incidents/rules/n04-node-flapping.ts';
import { type NodeOptions, node } from '../../support/kube-objects.ts';
import { timeline, type World } from '../../support/timeline.ts';

function flap(world: World, times: readonly number[], options: NodeOptions = {}): void {
  times.forEach((at, index) => {
    world.put(node('harbour-2', { ...options, ready: index % 2 === 1, readyAt: at }), at);
  });
}

test('the third change of readiness within 15 min is told, and it ends after 30 stable minutes', () => {
  const world = timeline([n04]);
  world.put(node('harbour-2'), 0);
  flap(world, [60, 120]);
  expect(world.at(179)).toEqual([]);

  world.put(node('harbour-2', { ready: false, readyAt: 180 }), 180);
  expect(world.at(180)).toMatchObject([
    {
      rule: 'N04',
      severity: 'warning',
      cause: 'changed its readiness 3 times within 15 min',
      shares: { node: 'harbour-2' },
    },
  ]);

  world.put(node('harbour-2', { readyAt: 240 }), 240);
  // The second of the four changes is 15 min old at 1,020 s; the hold-down is half an hour.
  expect(world.at(1_020 + 1_799)).toHaveLength(1);
  expect(world.at(1_020 + 1_801)).toEqual([]);
});

test('changes from False to Unknown are no changes of readiness', () => {
  const world = timeline([n04]);
  world.put(node('harbour-2', { ready: false }), 0);
  for (const at of [60, 120, 180, 240])
    world.put(node('harbour-2', { ready: at % 120 === 0 ? false : 'Unknown', readyAt: at }), at);

  expect(world.at(300)).toEqual([]);
});

test('two changes, three in an hour, and a node that leaves are calm', () => {
  const [twice, slow, leaving] = [timeline([n04]), timeline([n04]), timeline([n04])];
  for (const world of [twice, slow, leaving]) world.put(node('harbour-2'), 0);

  flap(twice, [60, 120]);
  flap(slow, [60, 1_200, 2_400]);
  flap(leaving, [60, 120, 180, 240], { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }] });

  for (const world of [twice, slow, leaving]) expect(world.at(3_000)).toEqual([]);
});

test('a restart does not forget the changes', () => {
  const world = timeline([n04]);
  world.put(node('harbour-2'), 0);
  flap(world, [60, 120]);
  world.restart(150);

  world.put(node('harbour-2', { ready: false, readyAt: 180 }), 180);

  expect(world.at(180)).toHaveLength(1);
});
