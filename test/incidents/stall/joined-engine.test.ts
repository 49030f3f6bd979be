import { expect, test } from 'vitest';
import { alertsSchema } from '../../../src/config/alerts.ts';
import { createEngine } from '../../../src/incidents/engine/engine.ts';
import type { AnyRule, Domain } from '../../../src/incidents/rule.ts';
import crashLoop from '../../../src/incidents/rules/p01-crash-loop.ts';
import image from '../../../src/incidents/rules/p03-image.ts';
import deadline from '../../../src/incidents/rules/r01-deadline-exceeded.ts';
import doomed from '../../../src/incidents/rules/r02-doomed-rollout.ts';
import refused from '../../../src/incidents/rules/r03-failed-create.ts';
import belowMinimum from '../../../src/incidents/rules/r04-below-minimum.ts';
import paused from '../../../src/incidents/rules/r08-paused.ts';
import { createScene } from '../../../src/incidents/scene/scene.ts';
import type { Kind } from '../../../src/incidents/seen/kinds.ts';
import { seenEvent, seenOf } from '../../../src/incidents/seen/projection.ts';
import { settingsOf } from '../../../src/incidents/settings.ts';
import type { RootState } from '../../../src/incidents/signal.ts';
import { joinedEngine } from '../../../src/incidents/stall/joined-engine.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import {
  condition,
  deployment,
  job,
  pod,
  replicaSet,
  T0,
  terminated,
  time,
  waiting,
} from '../../support/kube-objects.ts';
import { available, BAD_IMAGE, moving, progressing, settled } from '../../support/rollout-scenes.ts';

const RULES: AnyRule[] = [crashLoop, image, deadline, doomed, refused, belowMinimum, paused];

/** An engine with joined domains, and what has been told of each domain so far: what a ledger would think is open. */
function watch({ open = [] }: { open?: Domain[] } = {}) {
  const scene = createScene('eu1');
  const settings = settingsOf(alertsSchema.parse({}), RULES);
  const engine = joinedEngine(createEngine({ scene, rules: RULES, settings }), {
    sight: scene.sight,
    isOpen: (_, domain) => open.includes(domain),
  });
  const told = new Map<Domain, readonly string[]>();
  const take = (states: readonly RootState[]): void => {
    for (const { domain, signals } of states)
      told.set(
        domain,
        signals.map(({ rule, clearSince }) => (clearSince ? `${rule} over` : rule)),
      );
  };
  const at = (seconds: number): Record<string, readonly string[]> => {
    for (let next = engine.nextDue(); next !== undefined && next <= T0 + seconds * 1_000; next = engine.nextDue())
      take(engine.due(next));
    return Object.fromEntries([...told].filter(([, rules]) => rules.length > 0));
  };
  return {
    engine,
    at,
    put(objects: KubeObject[], seconds: number): void {
      at(seconds);
      for (const raw of objects) take(engine.changed(scene.put(seenOf(raw.kind as Kind, raw)), T0 + seconds * 1_000));
    },
    event(raw: KubeObject, seconds: number): void {
      take(engine.changed(scene.event(seenEvent(raw), T0 + seconds * 1_000), T0 + seconds * 1_000));
    },
  };
}

test('a rollout to an image that does not exist is one incident, from its first pod to its deadline and its end', () => {
  const world = watch();
  world.put(moving({ newPod: BAD_IMAGE }), 0);

  expect(world.at(14)).toEqual({});
  expect(world.at(15)).toEqual({ rollout: ['P03'] });
  expect(world.at(120)).toEqual({ rollout: ['P03', 'R02'] });
  world.put(moving({ newPod: BAD_IMAGE, progress: progressing(false, 'ProgressDeadlineExceeded', 600) }), 600);

  expect(world.at(600)).toEqual({ rollout: ['P03', 'R01'] });
});

test('when all old pods are gone, too, the outage joins the rollout’s incident', () => {
  const world = watch();
  world.put(moving({ newPod: BAD_IMAGE }), 0);
  world.at(120);
  const conditions = [available(false, 580), progressing(false, 'ProgressDeadlineExceeded', 600)];
  world.put(moving({ newPod: BAD_IMAGE, old: 0, fresh: 0, conditions }), 600);

  expect(world.at(660)).toEqual({ rollout: ['P03', 'R04', 'R01'] });
});

const crashing = (owner: KubeObject, name = 'web-1-a'): KubeObject =>
  pod(name, {
    owner,
    ready: false,
    containers: [
      {
        ready: false,
        restartCount: 6,
        state: waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container=app'),
        lastState: terminated(-30),
      },
    ],
  });

test('pods that fail while nothing is rolled out are an incident of availability, and a later fix does not open another', () => {
  const world = watch();
  const finished = progressing(true, 'NewReplicaSetAvailable', -9_000);
  const owner = deployment('fraud-check', {
    replicas: 2,
    available: 1,
    conditions: [available(true, -9_000), finished],
  });
  const set = replicaSet('web-1', { owner, replicas: 2, available: 1 });
  world.put([owner, set, crashing(set)], 0);

  expect(world.at(300)).toEqual({ availability: ['P01'] });
  world.put(moving({ newPod: BAD_IMAGE }), 300);

  expect(Object.keys(world.at(500))).toEqual(['availability']);
  expect(world.at(500).availability).toEqual(expect.arrayContaining(['P01', 'P03', 'R02']));
});

test('after a restart the incident that is recorded goes on, whichever it is', () => {
  const world = watch({ open: ['availability'] });
  world.put(moving({ newPod: BAD_IMAGE }), 0);

  expect(world.at(120)).toEqual({ availability: ['P03', 'R02'] });
});

test('a Deployment that was left paused yesterday does not take today’s trouble in', () => {
  const world = watch();
  const conditions = [available(true, -90_000), progressing('Unknown', 'DeploymentPaused', -90_000)];
  const owner = deployment('web', { replicas: 2, updated: 0, paused: true, conditions });
  const set = replicaSet('web-1', { owner, replicas: 2 });
  world.put([owner, set], 0);

  expect(world.at(0)).toEqual({ rollout: ['R08'] });
  world.put([crashing(set)], 10);

  expect(world.at(300)).toEqual({ rollout: ['R08'], availability: ['P01'] });
});

test('a Job whose pods are refused is the Job’s incident', () => {
  const world = watch();
  world.put([job('nightly', { active: 0 })], 0);
  world.event(
    {
      metadata: {},
      involvedObject: { kind: 'Job', uid: 'uid-job-nightly' },
      type: 'Warning',
      reason: 'FailedCreate',
      message:
        'Error creating: pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
      count: 3,
      firstTimestamp: time(0),
      lastTimestamp: time(0),
    } as unknown as KubeObject,
    0,
  );

  expect(world.at(60)).toEqual({ job: ['R03'] });
});

test('it is over when everything is', () => {
  const world = watch();
  world.put(moving({ newPod: BAD_IMAGE }), 0);
  world.at(200);
  world.put([settled(3)], 300);
  world.put(
    [pod('fraud-check-7c9b-x', { owner: replicaSet('fraud-check-7c9b', { owner: deployment('fraud-check') }) })],
    300,
  );

  expect(world.at(419)).toEqual({ rollout: ['P03 over', 'R02 over'] });
  expect(world.at(420)).toEqual({});
  expect(world.engine.standing(T0 + 420_000)).toEqual([]);
});

test('what stands is told joined, too', () => {
  const world = watch();
  world.put(moving({ newPod: BAD_IMAGE }), 0);
  world.put([deployment('other', { conditions: [condition('ReplicaFailure', true, 0, 'FailedCreate', 'no')] })], 0);
  world.at(130);

  const standing = world.engine.standing(T0 + 130_000);

  expect(standing.map(({ root, domain, signals }) => [root.name, domain, signals.length])).toEqual([
    ['fraud-check', 'rollout', 2],
    ['other', 'rollout', 1],
  ]);
});
