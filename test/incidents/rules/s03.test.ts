import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/s03-ondelete-pending.ts';
import { pod, type StatefulSetOptions, statefulSet } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const DAY = 86_400;
const waiting = (options: StatefulSetOptions = {}) =>
  statefulSet('db', {
    replicas: 3,
    updated: 1,
    updateStrategy: 'OnDelete',
    currentRevision: 'db-v1',
    updateRevision: 'db-v2',
    ...options,
  });

test('pods that wait to be deleted for a day are mentioned by name', () => {
  const world = timeline([rule]);
  world.put(waiting(), 0);
  for (const [n, revision] of ['db-v1', 'db-v1', 'db-v2'].entries())
    world.put(pod(`db-${n}`, { owner: waiting(), labels: { 'controller-revision-hash': revision } }), 0);

  expect(world.at(DAY - 1)).toEqual([]);
  expect(world.at(DAY)).toMatchObject([
    {
      rule: 'S03',
      severity: 'info',
      cause: '2 of 3 pods wait to be deleted for the newest revision: db-0, db-1',
    },
  ]);
});

test('it is over two minutes after the last pod was deleted, though the revisions in the status stay apart', () => {
  const world = timeline([rule]);
  world.put(waiting(), 0);
  world.at(DAY);
  world.put(waiting({ updated: 3 }), DAY + 60);

  expect(world.at(DAY + 179)).toHaveLength(1);
  expect(world.at(DAY + 180)).toEqual([]);
});

test('a set that rolls by itself, or wants no pods, is silent', () => {
  const world = timeline([rule]);
  world.put(waiting({ updateStrategy: 'RollingUpdate' }), 0);
  world.put(statefulSet('none', { replicas: 0, updateStrategy: 'OnDelete', updateRevision: 'none-2' }), 0);

  expect(world.at(3 * DAY)).toEqual([]);
});
