import { expect, test } from 'vitest';
import m04 from '../../../src/incidents/rules/m04-heartbeat-overdue.ts';
import { seenShipmate } from '../../../src/incidents/watcher/self.ts';
import { T0, timeline } from '../../support/timeline.ts';

const healthy = seenShipmate('eu1', T0, {});

test('an overdue heartbeat is told at once, and ends with the next one', () => {
  const world = timeline([m04]);
  world.putSeen(healthy, 0);
  expect(world.at(59)).toEqual([]);

  const heartbeats = [{ name: 'Watchdog (alertmanager-eu1)', overdueSince: T0 + 60_000 }];
  world.putSeen(seenShipmate('eu1', T0, { heartbeats }), 60);
  expect(world.at(60)).toMatchObject([
    {
      rule: 'M04',
      severity: 'high',
      cause: '"Watchdog (alertmanager-eu1)" is silent: a sign of life was due 1 Jan 00:01 UTC',
    },
  ]);

  world.putSeen(healthy, 120);
  expect(world.at(179)).toHaveLength(1);
  expect(world.at(180)).toEqual([]);
});

test('an own sign of life that does not get out for 5 min is told', () => {
  const world = timeline([m04]);
  world.putSeen(seenShipmate('eu1', T0, { pingFailingSince: T0 }), 0);

  expect(world.at(299)).toEqual([]);
  expect(world.at(300)).toMatchObject([{ key: 'ping', severity: 'high' }]);
});
