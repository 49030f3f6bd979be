import { expect, test } from 'vitest';
import m01 from '../../../src/incidents/rules/m01-watch-stale.ts';
import { seenShipmate } from '../../../src/incidents/watcher/self.ts';
import { T0, timeline } from '../../support/timeline.ts';

const seconds = (at: number): number => T0 + at * 1_000;
const shipmate = (staleSince: number, error = '') =>
  seenShipmate('eu1', T0, {
    watches: [
      { resource: 'pods', staleSince, error },
      { resource: 'nodes', staleSince: 0, error: '' },
    ],
  });

test('a watch that has brought nothing for two minutes is told, and ends half a minute after it flows', () => {
  const world = timeline([m01]);
  world.putSeen(shipmate(0), 0);
  expect(world.at(59)).toEqual([]);

  world.putSeen(shipmate(seconds(60), 'connection refused'), 60);
  expect(world.at(179)).toEqual([]);
  expect(world.at(180)).toMatchObject([
    {
      rule: 'M01',
      key: 'pods',
      severity: 'critical',
      cause: 'blind for pods since 1 Jan 00:01 UTC: connection refused',
    },
  ]);

  world.putSeen(shipmate(0), 240);
  expect(world.at(269)).toHaveLength(1);
  expect(world.at(270)).toEqual([]);
});

test('a watch that breaks and comes back is nobody’s business', () => {
  const world = timeline([m01]);
  world.putSeen(shipmate(seconds(0), 'connection refused'), 60);
  world.putSeen(shipmate(0), 65);

  expect(world.at(300)).toEqual([]);
});
