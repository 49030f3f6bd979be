import { expect, test } from 'vitest';
import crashLoop from '../../../src/incidents/rules/p01-crash-loop.ts';
import rule from '../../../src/incidents/rules/p09-probe-kills.ts';
import { pod, running, terminated, waiting } from '../../support/kube-objects.ts';
import { timeline, type World } from '../../support/timeline.ts';

const PROBE = { httpGet: { path: '/livez', port: 8080 } };
const restarted = (restartCount: number, at: number) =>
  pod('web-1', {
    containers: [
      {
        restartCount,
        livenessProbe: PROBE,
        state: running(at),
        lastState: terminated(at - 1, { exitCode: 137, startedAt: at - 60 }),
      },
    ],
  });
function kill(world: World, at: number): void {
  const about = { kind: 'Pod' as const, namespace: 'shop', name: 'web-1' };
  const failure = 'Liveness probe failed: Get "http://10.0.0.9:8080/livez": context deadline exceeded';
  world.event({ about, type: 'Warning', reason: 'Unhealthy', message: failure }, at);
  world.event(
    { about, type: 'Normal', reason: 'Killing', message: 'Container app failed liveness probe, will be restarted' },
    at,
  );
}

test('the second kill within ten minutes is told at once, as a probe and not as a crash', () => {
  const world = timeline([rule, crashLoop]);
  world.put(pod('web-1'), 0);
  kill(world, 100);
  world.put(restarted(1, 130), 130);
  kill(world, 300);

  expect(world.at(329)).toEqual([]);
  world.put(restarted(2, 330), 330);
  expect(world.at(330)).toMatchObject([
    {
      rule: 'P09',
      severity: 'warning',
      causeClass: 'probe',
      cause: 'liveness probe http GET :8080/livez fails: timeout, 2 kills within the hour',
    },
  ]);
});

test('it is over after fifteen quiet minutes', () => {
  const world = timeline([rule]);
  world.put(pod('web-1'), 0);
  kill(world, 100);
  world.put(restarted(1, 130), 130);
  kill(world, 300);
  world.put(restarted(2, 330), 330);

  expect(world.at(330 + 900)).toHaveLength(1);
  expect(world.at(330 + 300 + 900 + 5)).toEqual([]);
});

test('a single kill and a container that crashes by itself are silent', () => {
  const world = timeline([rule]);
  world.put(pod('web-1'), 0);
  kill(world, 100);
  world.put(restarted(1, 130), 130);
  world.put(
    pod('web-2', { containers: [{ restartCount: 4, state: waiting('CrashLoopBackOff'), lastState: terminated(0) }] }),
    140,
  );

  expect(world.at(900)).toEqual([]);
});
