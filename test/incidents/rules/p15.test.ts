import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p15-init-failing.ts';
import { condition, job, pod, running, terminated, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const starting = (migrate: object, options = {}) =>
  pod('web-1', {
    createdAt: -90_000,
    phase: 'Pending',
    conditions: [condition('PodReadyToStartContainers', true, 0)],
    initContainers: [{ name: 'fetch' }, { name: 'migrate', ...migrate }],
    containers: [{ state: waiting('PodInitializing') }],
    ...options,
  });
const looping = {
  restartCount: 2,
  state: waiting('CrashLoopBackOff', 'back-off 20s restarting failed container=migrate'),
  lastState: terminated(0, { startedAt: 0 }),
};

test.each([
  ['crashes', looping, 60, 'init container migrate (2 of 2): exit code 1 (app error), 2 restarts', 'init'],
  [
    'cannot be pulled',
    { state: waiting('ErrImagePull', 'manifest unknown') },
    15,
    'cannot be pulled: not found',
    'image',
  ],
  ['may yet be pulled', { state: waiting('ErrImagePull', 'i/o timeout') }, 120, 'registry cannot be reached', 'image'],
  [
    'lacks a Secret',
    { state: waiting('CreateContainerConfigError', 'secret "db" not found') },
    120,
    'Secret "db" is missing',
    'config',
  ],
  [
    'has no command',
    {
      restartCount: 1,
      state: waiting('RunContainerError'),
      lastState: terminated(0, {
        exitCode: 128,
        reason: 'StartError',
        message: 'exec: "up": executable file not found in $PATH: unknown',
      }),
    },
    30,
    '"up": executable file not found in $PATH',
    'init',
  ],
  ['does not end', { state: running(0) }, 900, 'init container migrate (2 of 2): runs and does not end', 'init'],
])('an init container that %s is told with the hold of its class', (_name, migrate, hold, cause, causeClass) => {
  const world = timeline([rule]);
  world.put(starting(migrate), 0);

  expect(world.at(hold - 1)).toEqual([]);
  expect(world.at(hold)).toMatchObject([
    { rule: 'P15', severity: 'warning', container: 'migrate', causeClass, cause: expect.stringContaining(cause) },
  ]);
});

test('its image is grouped with others of its registry', () => {
  const world = timeline([rule]);
  world.put(starting({ image: 'quay.io/team/migrate:1', state: waiting('ImagePullBackOff', 'not found') }), 0);

  expect(world.at(15)).toMatchObject([{ shares: { registry: 'quay.io' } }]);
});

test('it is over two minutes after the pod is initialized', () => {
  const world = timeline([rule]);
  world.put(starting(looping), 0);
  world.at(60);
  world.put(
    pod('web-1', {
      initContainers: [{ name: 'fetch' }, { name: 'migrate', restartCount: 3, lastState: terminated(90) }],
    }),
    100,
  );

  expect(world.at(219)).toHaveLength(1);
  expect(world.at(220)).toEqual([]);
});

test('one failed try, a step that takes ten minutes and pods of a Job are silent', () => {
  const batch = job('batch');
  const world = timeline([rule]);
  world.put(batch, 0);
  world.put(starting(looping, { owner: batch }), 0);
  world.remove('Pod', 'shop', 'web-1', 900);
  world.put(starting({ restartCount: 1, state: running(900), lastState: terminated(899) }), 900);
  world.put(pod('web-1', { initContainers: [{ name: 'migrate', restartCount: 1 }] }), 1_500);

  expect(world.at(9_000)).toEqual([]);
});
