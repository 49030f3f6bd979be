import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p01-crash-loop.ts';
import { deployment, job, pod, replicaSet, running, terminated, waiting } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const backOff = (delay = '20s') => waiting('CrashLoopBackOff', `back-off ${delay} restarting failed container=app`);

/** As the kubelet shows it between two starts. @param endedAt seconds. */
function crashing(restartCount: number, endedAt: number, delay?: string, message = '') {
  return pod('web-1', {
    createdAt: -90_000,
    containers: [
      { restartCount, state: backOff(delay), lastState: terminated(endedAt, { startedAt: endedAt, message }) },
    ],
  });
}
function runs(restartCount: number, startedAt: number) {
  return pod('web-1', {
    containers: [
      { restartCount, state: running(startedAt), lastState: terminated(startedAt - 1, { startedAt: startedAt - 2 }) },
    ],
    ready: true,
  });
}

test('a crash loop is told one minute after its second restart', () => {
  const world = timeline([rule]);
  world.put(crashing(2, 0), 0);

  expect(world.at(59)).toEqual([]);
  expect(world.at(60)).toMatchObject([{ rule: 'P01', severity: 'warning', container: 'app', causeClass: 'crash' }]);
});

test('short runs between two crashes do not start the hold anew', () => {
  const world = timeline([rule]);
  world.put(crashing(2, 0, '10s'), 0);
  world.put(runs(3, 20), 20);
  world.put(crashing(3, 22, '40s'), 22);
  world.put(runs(4, 58), 58);

  expect(world.at(59)).toEqual([]);
  expect(world.at(60)).toMatchObject([{ rule: 'P01' }]);
});

test('three restarts in ten minutes are a loop although no back-off is ever seen', () => {
  const world = timeline([rule]);
  world.put(pod('web-1', {}), 0);
  world.put(runs(1, 100), 100);
  world.put(runs(2, 200), 200);
  world.put(runs(3, 300), 300);

  expect(world.at(359)).toEqual([]);
  expect(world.at(360)).toMatchObject([{ rule: 'P01', cause: 'exit code 1 (app error), 3 restarts' }]);
});

test('two quick crashes and a good start are no loop', () => {
  const world = timeline([rule]);
  world.put(crashing(1, 0, '10s'), 0);
  world.put(runs(2, 12), 12);

  for (const at of [60, 72, 85, 90, 300]) expect(world.at(at)).toEqual([]);
});

test('a restart now and then over weeks is no loop', () => {
  const world = timeline([rule]);
  world.put(
    pod('web-1', { containers: [{ restartCount: 40, state: running(-86_400), lastState: terminated(-86_401) }] }),
    0,
  );
  world.put(runs(41, 100), 100);

  expect(world.at(200)).toEqual([]);
});

test('it is over after ten minutes without a restart', () => {
  const world = timeline([rule]);
  world.put(crashing(2, 0), 0);
  world.at(60);
  world.put(runs(3, 100), 100);

  // The last crash was a second before; a run of a minute ends the loop, then the hold-down begins.
  expect(world.at(150)).toHaveLength(1);
  expect(world.at(100 + 200 + 600 - 5)).toHaveLength(1);
  expect(world.at(100 + 200 + 600 + 5)).toEqual([]);
});

test('five restarts within the hour make it high, and old ones do not', () => {
  const many = timeline([rule]);
  many.put(crashing(5, 0, '2m40s'), 0);
  const old = timeline([rule]);
  old.put(crashing(37, 0, '20s'), 0);

  expect(many.at(60)).toMatchObject([{ severity: 'high', cause: 'exit code 1 (app error), 5 restarts' }]);
  expect(old.at(60)).toMatchObject([{ severity: 'warning' }]);
});

test('a deployment that serves nothing any more counts one step more', () => {
  const web = deployment('web', { replicas: 1, available: 0 });
  const set = replicaSet('web-7d', { owner: web, replicas: 1, available: 0 });
  const world = timeline([rule]);
  world.put(web, 0);
  world.put(set, 0);
  world.put(
    pod('web-1', {
      owner: set,
      containers: [{ restartCount: 2, state: backOff(), lastState: terminated(0, { startedAt: 0 }) }],
    }),
    0,
  );

  expect(world.at(60)).toMatchObject([{ severity: 'high' }]);
  expect(world.states()).toMatchObject([{ root: { kind: 'Deployment', name: 'web' } }]);
});

test('the cause has the meaning of the exit code and the last words, without secrets', () => {
  const world = timeline([rule]);
  world.put(crashing(2, 0, '20s', 'starting\npanic: cannot reach postgres://app:hunter22@db/shop\n'), 0);

  const [signal] = world.at(60);
  expect(signal?.cause).toContain('exit code 1 (app error), 2 restarts: panic: cannot reach postgres://');
  expect(signal?.cause).not.toContain('hunter22');
});

test('a loop that began while nobody looked is told with its true beginning', () => {
  const world = timeline([rule]);
  world.put(crashing(6, -120, '5m0s'), 0);

  expect(world.at(0)).toMatchObject([{ rule: 'P01', since: Date.UTC(2026, 0, 1) - 120_000 }]);
});

test('what waits for its image or cannot start is told by other rules', () => {
  const world = timeline([rule]);
  world.put(
    pod('a', { containers: [{ restartCount: 4, state: waiting('ImagePullBackOff'), lastState: terminated(0) }] }),
    0,
  );
  world.put(
    pod('b', { containers: [{ restartCount: 4, state: backOff(), lastState: terminated(0, { exitCode: 127 }) }] }),
    0,
  );
  world.put(
    pod('c', {
      containers: [
        { restartCount: 4, state: backOff(), lastState: terminated(0, { exitCode: 137, reason: 'OOMKilled' }) },
      ],
    }),
    0,
  );

  expect(world.at(600)).toEqual([]);
});

test('pods of a Job and pods that are being deleted are not judged', () => {
  const batch = job('batch');
  const world = timeline([rule]);
  world.put(batch, 0);
  world.put(
    pod('batch-1', { owner: batch, containers: [{ restartCount: 4, state: backOff(), lastState: terminated(0) }] }),
    0,
  );
  world.put(
    pod('web-2', { deletedAt: 30, containers: [{ restartCount: 4, state: backOff(), lastState: terminated(0) }] }),
    0,
  );

  expect(world.at(600)).toEqual([]);
});

test('a restart of the bot does not start the hold anew', () => {
  const world = timeline([rule]);
  world.put(crashing(2, 0), 0);
  world.restart(50);

  expect(world.at(59)).toEqual([]);
  expect(world.at(60)).toHaveLength(1);
});
