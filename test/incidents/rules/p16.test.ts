import { expect, test } from 'vitest';
import crash from '../../../src/incidents/rules/p01-crash-loop.ts';
import init from '../../../src/incidents/rules/p15-init-failing.ts';
import rule from '../../../src/incidents/rules/p16-native-sidecar.ts';
import { condition, pod, running, terminated, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const beside = (proxy: object, options = {}) =>
  pod('web-1', {
    createdAt: -90_000,
    ready: false,
    initContainers: [{ name: 'proxy', restartPolicy: 'Always', ...proxy }],
    ...options,
  });
const looping = {
  restartCount: 2,
  state: waiting('CrashLoopBackOff', 'back-off 20s restarting failed container=proxy'),
  lastState: terminated(0, { startedAt: 0 }),
};

test('a sidecar in a crash loop is told one minute after its second restart, and by no other rule', () => {
  const world = timeline([rule, crash, init]);
  world.put(beside(looping), 0);

  expect(world.at(59)).toEqual([]);
  expect(world.at(60)).toMatchObject([
    {
      rule: 'P16',
      severity: 'warning',
      container: 'proxy',
      cause: 'sidecar proxy: exit code 1 (app error), 2 restarts',
    },
  ]);
});

test('a sidecar that runs but does not start keeps the pod waiting', () => {
  const world = timeline([rule]);
  const startupProbe = { tcpSocket: { port: 15_021 }, periodSeconds: 1, failureThreshold: 3 };
  world.put(
    beside(
      { state: running(0), started: false, startupProbe },
      { phase: 'Pending', conditions: [condition('Initialized', false, 0)] },
    ),
    0,
  );

  expect(world.at(299)).toEqual([]);
  expect(world.at(300)[0]?.cause).toBe(
    'sidecar proxy: startup probe tcp :15021 does not pass, and the pod waits for it',
  );
});

test('it is over ten minutes after it has started', () => {
  const world = timeline([rule]);
  world.put(beside({ state: running(0), started: false }), 0);
  world.at(300);
  world.put(beside({ state: running(0), started: true }), 400);

  expect(world.at(999)).toHaveLength(1);
  expect(world.at(1_000)).toEqual([]);
});

test('how it ends after the main containers is nobody’s business', () => {
  const world = timeline([rule]);
  const done = [{ state: terminated(0, { exitCode: 0 }) }];
  const ended = {
    restartCount: 3,
    state: terminated(5, { exitCode: 255 }),
    lastState: terminated(1, { exitCode: 255 }),
  };
  world.put(beside(ended, { containers: done, restartPolicy: 'Never' }), 6);
  expect(world.at(300)).toEqual([]);
  world.put(beside(ended, { containers: done, restartPolicy: 'Never', phase: 'Succeeded' }), 301);

  expect(world.at(3_000)).toEqual([]);
});

test('a sidecar that runs well, and one that restarted once, are silent', () => {
  const world = timeline([rule]);
  world.put(beside({ restartCount: 1, state: running(0), lastState: terminated(-1) }), 0);

  expect(world.at(3_000)).toEqual([]);
});
