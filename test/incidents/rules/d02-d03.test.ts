import { expect, test } from 'vitest';
import missing from '../../../src/incidents/rules/d02-daemonset-not-scheduled.ts';
import misscheduled from '../../../src/incidents/rules/d03-daemonset-misscheduled.ts';
import { daemonSet } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

test('nodes without a pod are told after ten minutes', () => {
  const world = timeline([missing]);
  world.put(daemonSet('agent', { desired: 15, current: 13 }), 0);

  expect(world.at(599)).toEqual([]);
  expect(world.at(600)).toMatchObject([{ rule: 'D02', severity: 'warning', cause: '2 of 15 nodes have no pod' }]);
});

test('nodes without a pod are over two minutes after each has one', () => {
  const world = timeline([missing]);
  world.put(daemonSet('agent', { desired: 15, current: 13 }), 0);
  world.at(600);
  world.put(daemonSet('agent', { desired: 15 }), 700);

  expect(world.at(819)).toHaveLength(1);
  expect(world.at(820)).toEqual([]);
});

test('a moment without a pod in the middle of an update is nothing', () => {
  const world = timeline([missing]);
  for (let turn = 0; turn < 40; turn++)
    world.put(daemonSet('agent', { desired: 15, current: turn % 2 === 0 ? 14 : 15, updated: turn }), turn * 60);

  expect(world.at(40 * 60)).toEqual([]);
});

test('pods where they should not be are told after fifteen minutes, and over two minutes after they are gone', () => {
  const world = timeline([misscheduled]);
  world.put(daemonSet('agent', { desired: 3, misscheduled: 1 }), 0);

  expect(world.at(899)).toEqual([]);
  expect(world.at(900)).toMatchObject([
    { rule: 'D03', cause: '1 node runs its pod although taints or its node selector do not allow it' },
  ]);
  world.put(daemonSet('agent', { desired: 3 }), 1_000);

  expect(world.at(1_119)).toHaveLength(1);
  expect(world.at(1_120)).toEqual([]);
});
