import { expect, test } from 'vitest';
import q01 from '../../../src/incidents/rules/q01-quota-used-up.ts';
import { condition, quota, replicaSet } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

test('a quota of which nine tenths are used is told after 15 min, and ends below', () => {
  const world = timeline([q01]);
  world.put(
    quota('team', { hard: { pods: '10', 'requests.memory': '8Gi' }, used: { pods: '4', 'requests.memory': '7372Mi' } }),
    0,
  );
  world.put(
    quota('team', { hard: { pods: '10', 'requests.memory': '8Gi' }, used: { pods: '9', 'requests.memory': '1Gi' } }),
    60,
  );
  expect(world.at(959)).toEqual([]);

  expect(world.at(960)).toMatchObject([
    { rule: 'Q01', severity: 'info', cause: 'pods 9 of 10', shares: { quota: 'shop/team' } },
  ]);

  world.put(quota('team', { hard: { pods: '10' }, used: { pods: '8' } }), 1_000);
  expect(world.at(1_119)).toHaveLength(1);
  expect(world.at(1_120)).toEqual([]);
});

test('a full quota that refuses pods is high at once, and names who is refused', () => {
  const world = timeline([q01]);
  const message = 'pods "web-x" is forbidden: exceeded quota: team, requested: pods=1, used: pods=10, limited: pods=10';
  world.put(replicaSet('web-1', { conditions: [condition('ReplicaFailure', true, 0, 'FailedCreate', message)] }), 0);
  world.put(quota('team', { hard: { pods: '10' }, used: { pods: '10' } }), 0);
  world.put(quota('team-b', { hard: { pods: '10' }, used: { pods: '10' } }), 0);

  expect(world.at(0)).toMatchObject([
    {
      severity: 'high',
      object: { name: 'team' },
      cause: 'pods 10 of 10: 1 workload cannot create pods (replicaset web-1)',
      causeClass: 'admission',
    },
  ]);
});

test.each([
  [
    'a quota of zero, which forbids',
    { hard: { 'services.loadbalancers': '0' }, used: { 'services.loadbalancers': '0' } },
  ],
  ['a quota with room', { hard: { pods: '10' }, used: { pods: '8' } }],
  ['a quota that nobody has computed yet', { hard: { pods: '10' }, used: {} }],
])('%s is not told', (_name, options) => {
  const world = timeline([q01]);
  world.put(quota('team', options), 0);

  expect(world.at(7_200)).toEqual([]);
});
