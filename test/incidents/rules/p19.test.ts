import { expect, test } from 'vitest';
import crash from '../../../src/incidents/rules/p01-crash-loop.ts';
import rule from '../../../src/incidents/rules/p19-slow-restarts.ts';
import { pod, running, terminated, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const HOUR = 3_600;
const restarted = (restartCount: number, at: number) =>
  pod('web-1', {
    createdAt: -30 * 24 * HOUR,
    containers: [{ restartCount, state: running(at), lastState: terminated(at - 1) }],
  });

test('the third restart within a day is noted, and over when a day has fewer', () => {
  const world = timeline([rule, crash]);
  world.put(restarted(10, -40 * HOUR), 0);
  world.put(restarted(11, 2 * HOUR), 2 * HOUR);
  world.put(restarted(12, 8 * HOUR), 8 * HOUR);
  expect(world.at(16 * HOUR - 1)).toEqual([]);
  world.put(restarted(13, 16 * HOUR), 16 * HOUR);

  expect(world.at(16 * HOUR)).toMatchObject([
    { rule: 'P19', severity: 'info', cause: '3 restarts within a day, last: exit code 1 (app error)' },
  ]);
  expect(world.at(26 * HOUR)).toHaveLength(1);
  expect(world.at(26 * HOUR + 120)).toEqual([]);
});

test('a crash loop was told by another rule', () => {
  const world = timeline([rule]);
  const state = waiting('CrashLoopBackOff', 'back-off 20s restarting failed container=app');
  world.put(restarted(10, -40 * HOUR), 0);
  for (const count of [11, 12, 13])
    world.put(
      pod('web-1', {
        createdAt: -30 * 24 * HOUR,
        containers: [{ restartCount: count, state, lastState: terminated(count) }],
      }),
      count,
    );
  world.put(restarted(14, 60), 60);

  expect(world.at(60)).toEqual([]);
  expect(world.at(5 * HOUR)).toEqual([]);
});

test('two restarts a day are silent', () => {
  const world = timeline([rule]);
  world.put(restarted(10, -40 * HOUR), 0);
  world.put(restarted(11, 2 * HOUR), 2 * HOUR);
  world.put(restarted(12, 8 * HOUR), 8 * HOUR);

  expect(world.at(20 * HOUR)).toEqual([]);
});
