import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p20-cannot-start.ts';
import { job, pod, running, terminated, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const REFUSED =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "serve": executable file not found in $PATH: unknown';
const refused = (end: Record<string, unknown>, options = {}) =>
  pod('web-1', {
    ready: false,
    containers: [{ restartCount: 1, state: waiting('CrashLoopBackOff'), lastState: end }],
    ...options,
  });

test.each([
  [
    'StartError',
    terminated(0, { exitCode: 128, reason: 'StartError', message: REFUSED }),
    'command cannot be run: "serve": executable file not found in $PATH',
  ],
  [
    'ContainerCannotRun',
    terminated(0, { exitCode: 127, reason: 'ContainerCannotRun' }),
    'command cannot be run: exit code 127 (command not found)',
  ],
  ['126', terminated(0, { exitCode: 126 }), 'command cannot be run: exit code 126 (command is not executable)'],
])('%s is told after thirty seconds', (_name, end, cause) => {
  const world = timeline([rule]);
  world.put(refused(end), 0);

  expect(world.at(29)).toEqual([]);
  expect(world.at(30)).toMatchObject([
    { rule: 'P20', severity: 'warning', container: 'app', causeClass: 'config', cause },
  ]);
});

test('tries in between do not start the hold anew', () => {
  const world = timeline([rule]);
  world.put(refused(terminated(0, { exitCode: 127 })), 0);
  world.put(
    pod('web-1', {
      containers: [{ restartCount: 2, state: running(15), lastState: terminated(0, { exitCode: 127 }) }],
    }),
    15,
  );
  world.put(refused(terminated(16, { exitCode: 127 })), 16);

  expect(world.at(29)).toEqual([]);
  expect(world.at(30)).toHaveLength(1);
});

test('it is over two minutes after a run that lasts', () => {
  const world = timeline([rule]);
  world.put(refused(terminated(0, { exitCode: 127 })), 0);
  world.at(30);
  world.put(
    pod('web-1', {
      containers: [{ restartCount: 2, state: running(40), lastState: terminated(39, { exitCode: 127 }) }],
    }),
    40,
  );

  expect(world.at(70 + 119)).toHaveLength(1);
  expect(world.at(70 + 120)).toEqual([]);
});

test('a program that ran for an hour and ended with 127, a crash, and a pod of a Job are silent', () => {
  const batch = job('batch');
  const world = timeline([rule]);
  world.put(batch, 0);
  world.put(refused(terminated(0, { exitCode: 127, startedAt: -3_000 })), 0);
  world.at(600);
  world.put(refused(terminated(600, { exitCode: 1 })), 600);
  world.at(1_200);
  world.put(
    pod('batch-1', {
      owner: batch,
      ready: false,
      containers: [{ lastState: terminated(1_200, { exitCode: 127 }), state: waiting('CrashLoopBackOff') }],
    }),
    1_200,
  );

  expect(world.at(2_000)).toEqual([]);
});
