import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadRules } from '../../../src/incidents/load-rules.ts';
import type { AnyRule } from '../../../src/incidents/rule.ts';
import {
  type ContainerOptions,
  condition,
  type PodOptions,
  pod,
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

const words = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.constantFrom(
    '',
    'secret "a" not found',
    'back-off 5m0s restarting failed container=app',
    'manifest unknown: not found',
    'line\nline\n\u0000',
    '0/3 nodes are available: 3 Insufficient cpu, }{,',
    'node was low on resource: memory. Container a was using , request is ,',
    'exec: "": : unknown',
  ),
);
const reasons = fc.constantFrom(
  '',
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'CreateContainerError',
  'RunContainerError',
  'ContainerCreating',
  'PodInitializing',
  'Unheard',
);
const ends = fc
  .record({
    at: fc.integer({ min: -5_000, max: 5_000 }),
    exitCode: fc.integer({ min: -1, max: 300 }),
    reason: fc.constantFrom('', 'Error', 'Completed', 'OOMKilled', 'StartError', 'ContainerStatusUnknown'),
    message: words,
  })
  .map(({ at, ...rest }) => terminated(at, rest));
const states = fc.oneof(
  fc.constant({}),
  fc.integer({ min: -5_000, max: 5_000 }).map(running),
  fc.tuple(reasons, words).map(([reason, message]) => waiting(reason, message)),
  ends,
);
const containers: fc.Arbitrary<ContainerOptions> = fc.record(
  {
    name: fc.constantFrom('app', 'proxy'),
    image: fc.oneof(
      fc.constantFrom('', 'nginx', 'a/b@sha256:0', ':/@', 'registry.example.com:5000/a:1'),
      fc.string({ maxLength: 60 }),
    ),
    state: states,
    lastState: fc.oneof(fc.constant({}), ends),
    restartCount: fc.integer({ min: 0, max: 50 }),
    restartPolicy: fc.constantFrom('Always', 'Never'),
    ready: fc.boolean(),
    started: fc.boolean(),
  },
  { requiredKeys: [] },
);
const conditions = fc.record({
  type: fc.constantFrom(
    'Ready',
    'PodScheduled',
    'Initialized',
    'DisruptionTarget',
    'PodResizePending',
    'PodReadyToStartContainers',
  ),
  status: fc.boolean(),
  at: fc.integer({ min: -5_000, max: 5_000 }),
  reason: fc.constantFrom(
    '',
    'Unschedulable',
    'Infeasible',
    'TerminationByKubelet',
    'DeletionByPodGC',
    'ReadinessGatesNotReady',
  ),
  message: words,
});
const pods: fc.Arbitrary<PodOptions> = fc.record(
  {
    phase: fc.constantFrom('Pending', 'Running', 'Failed', 'Succeeded', 'Unknown', ''),
    reason: fc.constantFrom('', 'Evicted', 'OutOfcpu', 'DeadlineExceeded', 'NodeLost'),
    message: words,
    restartPolicy: fc.constantFrom('Always', 'Never', 'OnFailure'),
    node: fc.constantFrom('', 'node-1'),
    deletedAt: fc.integer({ min: -5_000, max: 5_000 }),
    containers: fc.array(containers, { maxLength: 3 }),
    initContainers: fc.array(containers, { maxLength: 3 }),
    conditions: fc
      .array(conditions, { maxLength: 4 })
      .map((all) => all.map((one) => condition(one.type, one.status, one.at, one.reason, one.message))),
  },
  { requiredKeys: [] },
);

test('whatever a pod looks like, no rule throws, and each says one line', () => {
  fc.assert(
    fc.property(fc.array(pods, { minLength: 1, maxLength: 4 }), (states) => {
      const world = timeline(rules);
      for (const [index, options] of states.entries()) world.put(pod('web-1', options), index * 30);
      for (const signal of world.sweep(4_000)) {
        expect(signal.cause).toMatch(/^[^\n]{3,400}$/);
        expect(signal.since).toBeLessThanOrEqual(signal.firedAt);
        expect(Number.isFinite(signal.firedAt)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('a container’s trouble is told by one rule at a time', () => {
  fc.assert(
    fc.property(pods, (options) => {
      const world = timeline(rules);
      world.put(
        pod('web-1', { ...options, containers: [{ ...options.containers?.[0], name: 'app' }], initContainers: [] }),
        0,
      );
      const told = world.sweep(2_000).filter(({ rule }) => ['P01', 'P02', 'P03', 'P04', 'P09', 'P20'].includes(rule));
      expect(
        new Set(told.filter(({ clearSince }) => clearSince === undefined).map(({ rule }) => rule)).size,
      ).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});
