import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p04-container-config.ts';
import { pod, terminated, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const stuck = (reason: string, message = '', lastState = {}) =>
  pod('web-1', { phase: 'Pending', containers: [{ state: waiting(reason, message), lastState }] });

test.each([
  ['CreateContainerConfigError', 'secret "db" not found', 'Secret "db" is missing'],
  ['CreateContainerConfigError', 'configmap "web-config" not found', 'ConfigMap "web-config" is missing'],
  [
    'CreateContainerConfigError',
    "couldn't find key url in ConfigMap shop/web",
    'key "url" is missing in ConfigMap shop/web',
  ],
  ['CreateContainerError', 'context deadline exceeded', 'container cannot be created: context deadline exceeded'],
  ['PostStartHookError', '', 'postStart hook fails'],
])('%s: %s', (reason, message, cause) => {
  const world = timeline([rule]);
  world.put(stuck(reason, message), 0);

  expect(world.at(119)).toEqual([]);
  expect(world.at(120)).toMatchObject([{ rule: 'P04', severity: 'warning', causeClass: 'config', cause }]);
});

test('it is over two minutes after the container has started', () => {
  const world = timeline([rule]);
  world.put(stuck('CreateContainerConfigError', 'secret "db" not found'), 0);
  world.at(120);
  world.put(pod('web-1', { createdAt: 0 }), 200);

  expect(world.at(319)).toHaveLength(1);
  expect(world.at(320)).toEqual([]);
});

test('a Secret that comes in time, a healthy start and a command that cannot be run are silent', () => {
  const world = timeline([rule]);
  world.put(stuck('CreateContainerConfigError', 'secret "db" not found'), 0);
  world.put(pod('web-1', { createdAt: 0 }), 100);
  world.at(400);
  world.put(stuck('ContainerCreating'), 500);
  world.at(900);
  world.put(stuck('RunContainerError', 'exec failed', terminated(899, { exitCode: 128, reason: 'StartError' })), 900);

  expect(world.at(2_000)).toEqual([]);
});
