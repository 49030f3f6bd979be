import { describe, expect, test } from 'vitest';
import { createScene } from '../../../src/incidents/scene/scene.ts';
import type { Kind } from '../../../src/incidents/seen/kinds.ts';
import { seenEvent, seenOf } from '../../../src/incidents/seen/projection.ts';
import { type StallVerdict, stallVerdict } from '../../../src/incidents/stall/verdict.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import {
  condition,
  daemonSet,
  type PodOptions,
  pod,
  running,
  statefulSet,
  T0,
  terminated,
  time,
  waiting,
} from '../../support/kube-objects.ts';
import {
  available,
  BAD_IMAGE,
  type MovingOptions,
  moving,
  OLD_IMAGE,
  progressing,
} from '../../support/rollout-scenes.ts';

type Judged = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/** The verdict about the first of these objects, 4 minutes after T0. */
function verdict(objects: KubeObject[], events: readonly [string, string, string][] = []): StallVerdict {
  const scene = createScene('eu1');
  for (const raw of objects) scene.put(seenOf(raw.kind as Kind, raw));
  for (const [uid, reason, message] of events)
    scene.event(
      seenEvent({
        metadata: {},
        involvedObject: { uid },
        type: 'Warning',
        reason,
        message,
        lastTimestamp: time(230),
      } as unknown as KubeObject),
      T0 + 240_000,
    );
  const [first] = objects as [KubeObject];
  const workload = scene.sight.get(first.kind as Judged, 'shop', first.metadata.name as string);
  if (!workload) throw new Error('no workload');
  return stallVerdict(workload, scene.sight, T0 + 240_000);
}

const rollingOut = (newPod: PodOptions, options: MovingOptions = {}) => moving({ newPod, ...options });
const app = (one: NonNullable<PodOptions['containers']>[number]): PodOptions => ({
  ready: false,
  containers: [{ ready: false, ...one }],
});

test('it says what a paged person needs: who is ill, who still serves, when it ends, what has changed', () => {
  const found = verdict(
    moving({
      newPod: BAD_IMAGE,
      annotations: { 'deployment.kubernetes.io/revision': '2', 'kubernetes.io/change-cause': 'release 2.4.0 by grace' },
    }),
  );

  expect(found).toMatchObject({
    headline: expect.stringMatching(/^new image "registry.example.com\/fraud-check:2.4.0" cannot be pulled: not found/),
    causeClass: 'image',
    counters: { desired: 2, updated: 1, ready: 1, available: 1 },
    serving: { old: 1, new: 0 },
    minutesStalled: 4,
    secondsLeft: 360,
    images: [{ container: 'app', before: OLD_IMAGE, after: 'registry.example.com/fraud-check:2.4.0' }],
    firstBadPod: { ref: { name: 'fraud-check-7c9b-x' }, node: 'harbour-2', container: 'app' },
    finishes: 'no',
    changeCause: 'release 2.4.0 by grace',
  });
  expect(found.cause).toMatch(/; 1 of 2 old pods still serve; gives up at 00:10 UTC$/);
});

describe('the first match of the cause tree is the headline', () => {
  const uid = 'uid-pod-fraud-check-7c9b-x';
  const scheduling = condition(
    'PodScheduled',
    false,
    0,
    'Unschedulable',
    '0/3 nodes are available: 3 Insufficient cpu.',
  );
  const cases: [string, KubeObject[], RegExp, [string, string, string][]?][] = [
    [
      'config',
      rollingOut({
        phase: 'Pending',
        ...app({ state: waiting('CreateContainerConfigError', 'secret "db" not found') }),
      }),
      /^new pods: Secret "db" is missing \(container app\)/,
    ],
    [
      'config',
      rollingOut(
        app({ restartCount: 1, state: waiting('CrashLoopBackOff'), lastState: terminated(20, { exitCode: 127 }) }),
      ),
      /^new pods: container app cannot start: exit code 127 \(command not found\)/,
    ],
    [
      'oom',
      rollingOut(
        app({
          limits: { memory: '64Mi' },
          state: waiting('CrashLoopBackOff'),
          lastState: terminated(20, { exitCode: 137, reason: 'OOMKilled' }),
        }),
      ),
      /^new pods: container app runs out of memory \(limit 64Mi\)/,
    ],
    [
      'crash',
      rollingOut(
        app({ state: waiting('CrashLoopBackOff'), lastState: terminated(20, { message: 'panic: no config' }) }),
      ),
      /^new pods: container app crashes: exit code 1 \(app error\): panic: no config/,
    ],
    [
      'volume',
      rollingOut({ phase: 'Pending' }),
      /^new pods: volume cannot be mounted: secret/,
      [[uid, 'FailedMount', 'secret']],
    ],
    [
      'unschedulable',
      rollingOut({ phase: 'Pending', node: '', conditions: [scheduling] }),
      /^new pods: no node fits: 3 insufficient cpu \(of 3 nodes\)/,
    ],
    [
      'probe',
      rollingOut(
        app({
          state: running(5),
          started: true,
          readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5 },
        }),
      ),
      /^new pods: container app: readiness probe http GET :8080\/ready fails: HTTP 503/,
      [[uid, 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503']],
    ],
    [
      'admission',
      moving({
        updated: 0,
        conditions: [
          available(true, -9_000),
          progressing(true, 'ReplicaSetUpdated', 0),
          condition(
            'ReplicaFailure',
            true,
            0,
            'FailedCreate',
            'pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged',
          ),
        ],
      }),
      /^pods cannot be created: pod security "restricted:latest" forbids it: privileged/,
    ],
    ['unknown', rollingOut(app({ state: waiting('ContainerCreating') })), /^new pods are not ready and do not say why/],
  ];

  test.each(cases)('%s', (causeClass, objects, headline, events) => {
    const found = verdict(objects, events);

    expect(found.headline).toMatch(headline);
    expect(found.causeClass).toBe(causeClass);
  });

  test('an old pod that does not go stands behind what the new ones say, and is told as well', () => {
    const objects = moving({ newPod: app({ state: waiting('CrashLoopBackOff'), lastState: terminated(20) }) });
    const stuck = pod('fraud-check-6d5f-9', {
      owner: objects[1] as KubeObject,
      deletedAt: 60,
      finalizers: ['example.com/wait'],
    });

    const found = verdict([...objects, stuck]);

    expect(found.causeClass).toBe('crash');
    expect(found.others).toEqual(['1 pod should be gone and still terminates (finalizers example.com/wait)']);
  });
});

test('only what is wrong with new pods counts for a Deployment: it does not wait for old ones', () => {
  const objects = moving({ newPod: app({ state: running(5) }) });
  const old = pod('fraud-check-6d5f-0', { owner: objects[1] as KubeObject, ...BAD_IMAGE });

  expect(verdict([...objects, old]).causeClass).toBe('probe');
});

test('a StatefulSet names the pod that blocks, and what its template changed against the pods that still run', () => {
  const owner = statefulSet('db', { replicas: 3, updated: 1, available: 2, image: 'db:2', updateRevision: 'db-2' });
  const of = (n: number, revision: string, options: PodOptions = {}) =>
    pod(`db-${n}`, { owner, labels: { 'controller-revision-hash': revision }, ...options });
  const ill = app({
    image: 'db:2',
    limits: { memory: '1Gi' },
    state: waiting('CrashLoopBackOff'),
    lastState: terminated(20),
  });

  const found = verdict([owner, of(0, 'db-1', { containers: [{ image: 'db:1' }] }), of(1, 'db-1'), of(2, 'db-2', ill)]);

  expect(found.cause).toBe('db-2: container app crashes: exit code 1 (app error); 2 of 3 old pods still serve');
  expect(found.images).toEqual([{ container: 'app', before: 'db:1', after: 'db:2' }]);
});

test('a DaemonSet tells nodes by cause', () => {
  const owner = daemonSet('agent', { desired: 3, updated: 3, available: 0 });
  const on = (node: string, options: PodOptions) =>
    pod(`agent-${node}`, { owner, node, labels: { 'controller-revision-hash': 'a2' }, ...options });

  const found = verdict([
    owner,
    on('harbour-1', { ...BAD_IMAGE, node: 'harbour-1' }),
    on('harbour-2', BAD_IMAGE),
    on('harbour-3', app({ state: waiting('CrashLoopBackOff'), lastState: terminated(20) })),
  ]);

  expect(found.where.map(({ nodes }) => nodes)).toEqual([['harbour-1', 'harbour-2'], ['harbour-3']]);
  expect(found.cause).toMatch(/; nothing serves$/);
});
