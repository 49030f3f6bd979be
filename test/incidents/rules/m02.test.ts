import { expect, test } from 'vitest';
import m02 from '../../../src/incidents/rules/m02-outbox-stuck.ts';
import { seenShipmate } from '../../../src/incidents/watcher/self.ts';
import { T0, timeline } from '../../support/timeline.ts';

const waiting = (since: number | undefined) =>
  seenShipmate('eu1', T0, since === undefined ? {} : { outboxSince: T0 + since * 1_000, outboxPending: 3 });

test('messages that wait for a minute, and a minute more, are told by the fallback; it ends when they are out', () => {
  const world = timeline([m02]);
  world.putSeen(waiting(0), 0);
  world.sweep(45);
  expect(world.at(119)).toEqual([]);

  expect(world.at(120)).toMatchObject([
    { rule: 'M02', severity: 'critical', domain: 'shipmate', cause: 'messages wait for Slack since 1 Jan 00:00 UTC' },
  ]);

  world.putSeen(waiting(undefined), 200);
  expect(world.at(259)).toHaveLength(1);
  expect(world.at(260)).toEqual([]);
});

test('a queue that moves is healthy, however long it is', () => {
  const world = timeline([m02]);
  for (let at = 0; at < 600; at += 5) world.putSeen(waiting(at - 50), at);

  expect(world.at(600)).toEqual([]);
});
