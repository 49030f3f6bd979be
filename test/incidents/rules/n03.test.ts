import { expect, test } from 'vitest';
import n03 from '../../../src/incidents/rules/n03-node-pressure.ts';
import { condition, node, pod } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const pressure = (isOn: boolean, at: number) => ({ conditions: [condition('MemoryPressure', isOn, at)] });
const evicted = (name: string, createdAt: number) =>
  pod(name, { node: 'harbour-2', phase: 'Failed', reason: 'Evicted', createdAt });

test('pressure is told after 10 min, ends with it, and is worse when pods are evicted', () => {
  const world = timeline([n03]);
  world.put(evicted('last-week', -600_000), 0);
  world.put(node('harbour-2', pressure(true, 0)), 0);
  expect(world.at(599)).toEqual([]);

  expect(world.at(600)).toMatchObject([
    { rule: 'N03', key: 'MemoryPressure', severity: 'info', cause: 'short of memory since 1 Jan 00:00 UTC' },
  ]);

  world.put(evicted('web-1', 601), 700);
  expect(world.sweep(700)).toMatchObject([
    { severity: 'warning', cause: 'short of memory since 1 Jan 00:00 UTC, 1 pod evicted' },
  ]);

  world.put(node('harbour-2', pressure(false, 900)), 900);
  expect(world.at(1_019)).toHaveLength(1);
  expect(world.at(1_020)).toEqual([]);
});

test('a cordoned node may be under pressure', () => {
  const world = timeline([n03]);
  world.put(node('harbour-2', { ...pressure(true, 0), unschedulable: true }), 0);

  expect(world.at(3_600)).toEqual([]);
});
