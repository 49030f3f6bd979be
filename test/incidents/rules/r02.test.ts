import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/r02-doomed-rollout.ts';
import { pod, running, statefulSet, terminated, waiting } from '../../support/kube-objects.ts';
import { BAD_IMAGE, moving, progressing, settled } from '../../support/rollout-scenes.ts';
import { timeline } from '../../support/timeline.ts';

test('a rollout to an image that does not exist is doomed two minutes after anything moved', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE })) world.put(object, 0);

  expect(world.at(119)).toEqual([]);
  expect(world.at(120)).toMatchObject([
    {
      rule: 'R02',
      severity: 'warning',
      cause:
        'new image "registry.example.com/fraud-check:2.4.0" cannot be pulled: not found (registry.example.com); 1 of 2 old pods still serve; gives up at 00:10 UTC',
      facts: expect.arrayContaining([
        { label: 'Image', value: 'registry.example.com/fraud-check:2.3.1 → registry.example.com/fraud-check:2.4.0' },
        { label: 'First bad pod', value: 'fraud-check-7c9b-x on harbour-2 (container app)' },
        { label: 'Finishes by itself', value: 'no' },
      ]),
    },
  ]);
});

test('every counter that moves starts the two minutes anew', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE, replicas: 4, old: 3 })) world.put(object, 0);
  for (const object of moving({ newPod: BAD_IMAGE, replicas: 4, old: 3, updated: 2 })) world.put(object, 60);

  expect(world.at(179)).toEqual([]);
  expect(world.at(180)).toMatchObject([{ rule: 'R02' }]);
});

test('the hold is not begun anew when the bot restarts', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE })) world.put(object, 0);
  world.at(90);
  world.restart(110);

  expect(world.at(119)).toEqual([]);
  expect(world.at(120)).toMatchObject([{ rule: 'R02' }]);
});

test('it is over two minutes after the new pods are ready', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE })) world.put(object, 0);
  world.at(200);
  world.put(settled(), 300);

  expect(world.at(419)).toHaveLength(1);
  expect(world.at(420)).toEqual([]);
});

test('when the controller gives up, R01 says it instead', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE })) world.put(object, 0);
  world.at(200);
  for (const object of moving({ newPod: BAD_IMAGE, progress: progressing(false, 'ProgressDeadlineExceeded', 600) }))
    world.put(object, 600);

  expect(world.at(719)).toHaveLength(1);
  expect(world.at(720)).toEqual([]);
});

test('a slow rollout whose new pods only need time is silent within its deadline', () => {
  const world = timeline([rule]);
  const newPod = { ready: false, containers: [{ ready: false, started: false, state: running(5) }] };
  for (const object of moving({ newPod, progressDeadlineSeconds: 7_200 })) world.put(object, 0);

  expect(world.at(7_000)).toEqual([]);
});

test('a new pod that crashes until its database is up is given three tries', () => {
  const world = timeline([rule]);
  const crashing = (restartCount: number) => ({
    ready: false,
    containers: [{ ready: false, restartCount, state: waiting('CrashLoopBackOff'), lastState: terminated(30) }],
  });
  for (const object of moving({ newPod: crashing(2) })) world.put(object, 0);

  expect(world.at(400)).toEqual([]);
  for (const object of moving({ newPod: crashing(3) })) world.put(object, 400);

  expect(world.at(519)).toEqual([]);
  expect(world.at(520)).toMatchObject([{ rule: 'R02', causeClass: 'crash', container: 'app' }]);
});

test('an init container that fails dooms a StatefulSet’s update, too', () => {
  const world = timeline([rule]);
  const owner = statefulSet('db', {
    replicas: 3,
    updated: 1,
    available: 2,
    currentRevision: 'db-1',
    updateRevision: 'db-2',
  });
  world.put(owner, 0);
  for (const n of [0, 1]) world.put(pod(`db-${n}`, { owner, labels: { 'controller-revision-hash': 'db-1' } }), 0);
  world.put(
    pod('db-2', {
      owner,
      phase: 'Pending',
      labels: { 'controller-revision-hash': 'db-2' },
      initContainers: [
        {
          name: 'migrate',
          ready: false,
          restartCount: 1,
          state: waiting('CrashLoopBackOff'),
          lastState: terminated(20),
        },
      ],
    }),
    0,
  );

  expect(world.at(119)).toEqual([]);
  expect(world.at(120)).toMatchObject([
    {
      rule: 'R02',
      causeClass: 'init',
      cause: 'db-2: init container migrate (1 of 1) fails: exit code 1 (app error); 2 of 3 old pods still serve',
      about: { name: 'db-2' },
    },
  ]);
});
