import { expect, test } from 'vitest';
import m03 from '../../../src/incidents/rules/m03-evaluation-lag.ts';
import { seenShipmate } from '../../../src/incidents/watcher/self.ts';
import { T0, timeline } from '../../support/timeline.ts';

const lagging = (lagMs: number) => seenShipmate('eu1', T0, { lagMs });

test('judging that lags for a minute is told, and ends when it has caught up', () => {
  const world = timeline([m03]);
  world.putSeen(lagging(31_000), 0);
  world.putSeen(lagging(60_000), 30);
  expect(world.at(59)).toEqual([]);

  expect(world.at(60)).toMatchObject([
    { rule: 'M03', severity: 'critical', cause: 'changes wait for more than 30 s before they are judged' },
  ]);

  world.putSeen(lagging(5), 100);
  expect(world.at(159)).toHaveLength(1);
  expect(world.at(160)).toEqual([]);
});

test('a lag that passes is not told', () => {
  const world = timeline([m03]);
  world.putSeen(lagging(45_000), 0);
  world.putSeen(lagging(10), 50);

  expect(world.at(600)).toEqual([]);
});
