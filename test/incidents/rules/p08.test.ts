import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p08-not-ready.ts';
import { condition, deployment, pod, replicaSet, running, terminated } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const PROBE = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };
const unready = (options = {}, container = {}) =>
  pod('web-1', {
    readyAt: 0,
    ready: false,
    containers: [{ ready: false, started: true, state: running(-500), readinessProbe: PROBE, ...container }],
    ...options,
  });

test('a pod that runs and is not ready is told after five minutes, with what its probe finds', () => {
  const world = timeline([rule]);
  world.put(unready(), 0);
  world.event(
    {
      about: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
    },
    100,
  );

  expect(world.at(299)).toEqual([]);
  expect(world.at(300)).toMatchObject([
    {
      rule: 'P08',
      severity: 'warning',
      causeClass: 'probe',
      container: 'app',
      cause: 'readiness probe http GET :8080/healthz fails: HTTP 503',
    },
  ]);
});

test('it is over five minutes after it is ready', () => {
  const world = timeline([rule]);
  world.put(unready(), 0);
  world.at(300);
  world.put(pod('web-1', { readyAt: 400 }), 400);

  expect(world.at(699)).toHaveLength(1);
  expect(world.at(700)).toEqual([]);
});

test('a slow start that its own probes allow is no trouble', () => {
  const world = timeline([rule]);
  const startupProbe = { ...PROBE, periodSeconds: 19, failureThreshold: 30 };
  world.put(unready({}, { started: false, startupProbe, readinessProbe: undefined }), 0);

  expect(world.at(599)).toEqual([]);
  expect(world.at(600)[0]?.cause).toBe('startup probe http GET :8080/healthz fails');
});

test('minReadySeconds of the owner count, too', () => {
  const web = deployment('web', { replicas: 4, available: 3, spec: { minReadySeconds: 900 } });
  const set = replicaSet('web-7d', { owner: web });
  const world = timeline([rule]);
  world.put(web, 0);
  world.put(set, 0);
  world.put(unready({ owner: set }), 0);

  expect(world.at(899)).toEqual([]);
  expect(world.at(900)).toMatchObject([{ severity: 'warning' }]);
});

test('it is high when its owner has fewer than it must', () => {
  const web = deployment('web', { replicas: 4, available: 2 });
  const set = replicaSet('web-7d', { owner: web });
  const world = timeline([rule]);
  world.put(web, 0);
  world.put(set, 0);
  world.put(unready({ owner: set }), 0);

  expect(world.at(300)).toMatchObject([{ severity: 'high' }]);
});

test('between two crashes it is not this that is wrong', () => {
  const world = timeline([rule]);
  world.put(unready({ readyAt: -4_000 }, { state: running(0), restartCount: 5, lastState: terminated(-1) }), 10);

  expect(world.at(299)).toEqual([]);
});

test('a readiness gate that is not passed is named', () => {
  const world = timeline([rule]);
  world.put(
    pod('web-1', {
      spec: { readinessGates: [{ conditionType: 'example.com/lb' }] },
      conditions: [condition('Ready', false, 0, 'ReadinessGatesNotReady')],
    }),
    0,
  );

  expect(world.at(300)).toMatchObject([{ cause: 'readiness gate example.com/lb is not passed' }]);
});

test('ended containers, sidecars of finished pods, lost nodes and healthy pods are silent', () => {
  const world = timeline([rule]);
  // RestartNever: one of two containers is done.
  world.put(
    pod('once', {
      restartPolicy: 'Never',
      ready: false,
      readyAt: 0,
      containers: [{ name: 'a', ready: false, state: terminated(0, { exitCode: 0 }) }, { name: 'b' }],
    }),
    0,
  );
  world.put(pod('done', { phase: 'Succeeded', containers: [{ state: terminated(0, { exitCode: 0 }) }] }), 0);
  // The node controller says Ready=False; the containers are as the kubelet saw them last.
  world.put(pod('lost', { conditions: [condition('Ready', false, 0)] }), 0);
  world.put(pod('well'), 0);

  expect(world.at(3_000)).toEqual([]);
});
