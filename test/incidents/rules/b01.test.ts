import { expect, test } from 'vitest';
import b01 from '../../../src/incidents/rules/b01-pdb-unhealthy.ts';
import { pdb, pod } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const short = { currentHealthy: 1, desiredHealthy: 2, expectedPods: 3 };

test('a budget that is not met for 15 min is told with the pods, and ends when it is met', () => {
  const world = timeline([b01]);
  world.put(pod('db-0', { labels: { app: 'db' } }), 0);
  world.put(pod('db-1', { labels: { app: 'db' }, ready: false }), 0);
  world.put(pod('other', { labels: { app: 'web' }, ready: false }), 0);
  world.put(pdb('db', short), 0);
  expect(world.at(899)).toEqual([]);

  expect(world.at(900)).toMatchObject([
    {
      rule: 'B01',
      severity: 'warning',
      cause: '1 of 2 needed pods is healthy',
      facts: [
        { label: 'Healthy', value: '1 of 3 pods, 2 needed' },
        { label: 'Not healthy', value: 'db-1' },
      ],
      about: { kind: 'Pod', name: 'db-1' },
    },
  ]);

  world.put(pdb('db', { ...short, currentHealthy: 2 }), 1_000);
  expect(world.at(1_119)).toHaveLength(1);
  expect(world.at(1_120)).toEqual([]);
});

test('a budget that asks for more pods than there are says so', () => {
  const world = timeline([b01]);
  world.put(pdb('db', { currentHealthy: 1, desiredHealthy: 2, expectedPods: 1 }), 0);

  expect(world.at(900)).toMatchObject([{ cause: 'asks for 2 healthy pods, but there are only 1' }]);
});

test.each([
  ['of a workload that is scaled to zero', { currentHealthy: 0, desiredHealthy: 1, expectedPods: 0 }],
  ['that is met exactly', { currentHealthy: 2, desiredHealthy: 2, expectedPods: 2 }],
  ['whose numbers are of an older spec', { ...short, generation: 2, status: { observedGeneration: 1 } }],
])('a budget %s is not told', (_name, options) => {
  const world = timeline([b01]);
  world.put(pdb('db', options), 0);

  expect(world.at(3_600)).toEqual([]);
});
