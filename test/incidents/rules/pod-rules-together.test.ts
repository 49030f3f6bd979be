import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadRules } from '../../../src/incidents/load-rules.ts';
import type { AnyRule } from '../../../src/incidents/rule.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import {
  condition,
  deployment,
  job,
  node,
  type PodOptions,
  pod,
  replicaSet,
  running,
  terminated,
  waiting,
} from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

let rules: readonly AnyRule[];
beforeAll(async () => {
  const all = await loadRules(join(import.meta.dirname, '../../../src/incidents/rules'));
  rules = all.filter(({ id }) => id.startsWith('P'));
});

test('there are the twenty-one pod rules', () => {
  expect(rules.map(({ id }) => id).sort()).toEqual(
    Array.from({ length: 21 }, (_, index) => `P${String(index + 1).padStart(2, '0')}`),
  );
});

const backOff = waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container=app');
const oom = terminated(0, { exitCode: 137, reason: 'OOMKilled' });
const refused = terminated(0, { exitCode: 128, reason: 'StartError', message: 'exec: "up": not found' });
const initializing = { phase: 'Pending', containers: [{ state: waiting('PodInitializing') }] };
const READY_TO_START = [condition('PodReadyToStartContainers', true, 0)];

/** Pods that are ill in one way that several rules could tell of. */
const ILL: readonly (readonly [string, string, PodOptions])[] = [
  ['a crash loop', 'P01', { containers: [{ restartCount: 6, state: backOff, lastState: terminated(0) }] }],
  ['a crash loop of memory', 'P02', { containers: [{ restartCount: 6, state: backOff, lastState: oom }] }],
  [
    'an image after crashes',
    'P03',
    { containers: [{ restartCount: 6, state: waiting('ImagePullBackOff'), lastState: terminated(0) }] },
  ],
  [
    'a missing Secret',
    'P04',
    {
      phase: 'Pending',
      conditions: READY_TO_START,
      containers: [{ state: waiting('CreateContainerConfigError', 'secret "a" not found') }],
    },
  ],
  [
    'a missing sandbox',
    'P05',
    { phase: 'Pending', createdAt: 0, containers: [{ state: waiting('ContainerCreating') }] },
  ],
  ['no node', 'P06', { phase: 'Pending', createdAt: 0, node: '', status: { containerStatuses: [] } }],
  ['no kubelet', 'P07', { phase: 'Pending', createdAt: 0, status: { containerStatuses: [] } }],
  ['a failing probe', 'P08', { ready: false, readyAt: 0, containers: [{ ready: false, state: running(-60) }] }],
  [
    'an init crash loop',
    'P15',
    {
      ...initializing,
      conditions: READY_TO_START,
      initContainers: [{ restartCount: 6, state: backOff, lastState: terminated(0) }],
    },
  ],
  [
    'an init image',
    'P15',
    { ...initializing, conditions: READY_TO_START, initContainers: [{ state: waiting('ErrImagePull', 'not found') }] },
  ],
  [
    'an init out of memory',
    'P15',
    {
      ...initializing,
      conditions: READY_TO_START,
      initContainers: [{ restartCount: 6, state: backOff, lastState: oom }],
    },
  ],
  [
    'a sidecar',
    'P16',
    { initContainers: [{ restartPolicy: 'Always', restartCount: 6, state: backOff, lastState: terminated(0) }] },
  ],
  ['a command', 'P20', { containers: [{ restartCount: 6, state: backOff, lastState: refused }] }],
  [
    'a command that waits',
    'P20',
    { containers: [{ restartCount: 6, state: waiting('RunContainerError'), lastState: refused }] },
  ],
];

test.each(ILL)('%s is told by %s alone', (_name, rule, options) => {
  const world = timeline(rules);
  world.put(pod('web-1', options), 0);

  expect(world.at(1_000).map((signal) => signal.rule)).toEqual([rule]);
});

const web = deployment('web', { replicas: 3 });
const set = replicaSet('web-7d', { owner: web, replicas: 3 });
const batch = job('batch');
const worker = replicaSet('worker-1');

/** What looks like an illness and is none, each for an hour. */
const WELL: readonly (readonly [string, readonly KubeObject[]])[] = [
  ['a healthy pod', [pod('web-1', { owner: set })]],
  [
    'a Job that retries',
    [
      batch,
      pod('batch-1', { owner: batch, phase: 'Failed', restartPolicy: 'Never', containers: [{ state: terminated(0) }] }),
      pod('batch-2', {
        owner: batch,
        restartPolicy: 'OnFailure',
        containers: [{ restartCount: 4, state: backOff, lastState: terminated(0) }],
      }),
    ],
  ],
  [
    'a finished Job pod with a killed sidecar',
    [
      batch,
      pod('batch-1', {
        owner: batch,
        phase: 'Succeeded',
        initContainers: [{ restartPolicy: 'Always', state: terminated(0, { exitCode: 255 }) }],
        containers: [{ state: terminated(0, { exitCode: 0 }) }],
      }),
    ],
  ],
  [
    'a drained pod',
    [
      pod('web-1', {
        owner: set,
        deletedAt: 3_600,
        conditions: [condition('DisruptionTarget', true, 0, 'EvictionByEvictionAPI')],
      }),
    ],
  ],
  [
    'a pod of a tainted node',
    [
      pod('web-1', {
        owner: set,
        deletedAt: 3_600,
        ready: false,
        readyAt: 0,
        conditions: [condition('DisruptionTarget', true, 0, 'DeletionByTaintManager')],
      }),
    ],
  ],
  [
    'a gated pod',
    [
      pod('web-1', {
        owner: set,
        phase: 'Pending',
        node: '',
        createdAt: 0,
        spec: { schedulingGates: [{ name: 'quota' }] },
        conditions: [condition('PodScheduled', false, 0, 'SchedulingGated')],
      }),
    ],
  ],
  [
    'an evicted pod that was replaced',
    [pod('web-1', { owner: set, phase: 'Failed', reason: 'Evicted', readyAt: -7_200 })],
  ],
  [
    'restarts of last week',
    [
      pod('web-1', {
        owner: set,
        createdAt: -900_000,
        containers: [{ restartCount: 30, state: running(-600_000), lastState: terminated(-600_001) }],
      }),
    ],
  ],
  [
    'a pod of an operator that ended well',
    [pod('run-1', { owner: worker, phase: 'Succeeded', restartPolicy: 'Never' })],
  ],
  [
    'a Ready=False that only the node controller says',
    [node('node-1'), pod('web-1', { owner: set, conditions: [condition('Ready', false, 0)] })],
  ],
];

test.each(WELL)('%s is silent for an hour', (_name, objects) => {
  const world = timeline(rules);
  for (const object of [web, set, worker, ...objects]) world.put(object, 0);

  for (let at = 0; at <= 3_600; at += 30) expect(world.sweep(at)).toEqual([]);
});

test('a rollout that goes well is silent from its first pod to its last', () => {
  const world = timeline(rules);
  const next = replicaSet('web-8e', { owner: web, replicas: 3 });
  for (const object of [web, set, next]) world.put(object, 0);
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    const at = 60 * index;
    const fresh = { owner: next, createdAt: at, readyAt: at + 40 };
    world.put(pod(`web-7d-${name}`, { owner: set }), at);
    world.put(
      pod(`web-8e-${name}`, {
        ...fresh,
        phase: 'Pending',
        node: '',
        conditions: [condition('PodScheduled', false, at, 'Unschedulable')],
      }),
      at,
    );
    world.put(pod(`web-8e-${name}`, { ...fresh, phase: 'Pending' }), at + 5);
    world.put(
      pod(`web-8e-${name}`, { ...fresh, ready: false, containers: [{ ready: false, state: running(at + 20) }] }),
      at + 20,
    );
    world.put(pod(`web-8e-${name}`, fresh), at + 40);
    world.put(
      pod(`web-7d-${name}`, {
        owner: set,
        deletedAt: at + 75,
        containers: [{ state: terminated(at + 50, { exitCode: 143 }) }],
      }),
      at + 45,
    );
    world.remove('Pod', 'shop', `web-7d-${name}`, at + 55);
  }

  for (let at = 180; at <= 1_800; at += 30) expect(world.sweep(at)).toEqual([]);
});

test('many pods of one workload with one trouble are one signal', () => {
  const world = timeline(rules);
  for (const object of [web, set]) world.put(object, 0);
  for (const name of ['a', 'b', 'c'])
    world.put(
      pod(name, {
        owner: set,
        phase: 'Pending',
        createdAt: 0,
        conditions: READY_TO_START,
        containers: [{ state: waiting('ErrImagePull', 'manifest unknown') }],
      }),
      0,
    );

  expect(world.at(15)).toHaveLength(1);
  expect(world.states()).toMatchObject([{ root: { kind: 'Deployment', name: 'web' }, domain: 'availability' }]);
});

test('a pull of fourteen minutes is silent', () => {
  const world = timeline(rules);
  for (const object of [web, set]) world.put(object, 0);
  world.put(pod('a', { owner: set, phase: 'Pending', createdAt: 0, conditions: READY_TO_START }), 0);

  for (let at = 0; at < 840; at += 30) expect(world.sweep(at)).toEqual([]);
  world.put(pod('a', { owner: set, createdAt: 0, readyAt: 840 }), 840);
  expect(world.sweep(3_600)).toEqual([]);
});
