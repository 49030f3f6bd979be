import { expect, test } from 'vitest';
import n01 from '../../../src/incidents/rules/n01-node-not-ready.ts';
import { daemonSet, type NodeOptions, node, pod } from '../../support/kube-objects.ts';
import { timeline, type World } from '../../support/timeline.ts';

const silent: NodeOptions = { ready: 'Unknown', readyAt: 0, heartbeatAt: -40 };

function withPods(): World {
  const world = timeline([n01]);
  world.put(pod('web-1', { node: 'harbour-2' }), 0);
  world.put(pod('web-2', { node: 'harbour-2' }), 0);
  world.put(pod('done', { node: 'harbour-2', phase: 'Succeeded' }), 0);
  world.put(pod('logs', { node: 'harbour-2', owner: daemonSet('logs') }), 0);
  return world;
}

test('a node that falls silent is told after 2 min, rises at 4 min, and ends 3 min after it is back', () => {
  const world = withPods();
  world.put(node('harbour-2', silent), 0);
  expect(world.at(119)).toEqual([]);

  expect(world.at(120)).toMatchObject([
    {
      rule: 'N01',
      severity: 'warning',
      cause: 'kubelet silent since 1 Jan 00:00 UTC, 2 pods at risk',
      shares: { node: 'harbour-2' },
      facts: [
        { label: 'Last heartbeat', value: '31 Dec 23:59 UTC' },
        { label: 'Pods at risk', value: 'shop/web-1, shop/web-2' },
      ],
    },
  ]);
  expect(world.at(239)).toMatchObject([{ severity: 'warning' }]);
  expect(world.at(240)).toMatchObject([{ severity: 'high' }]);

  world.put(node('harbour-2', { readyAt: 300 }), 300);
  expect(world.at(479)).toHaveLength(1);
  expect(world.at(480)).toEqual([]);
});

test('a kubelet that says itself that it is not ready says why', () => {
  const world = withPods();
  const conditions = [
    {
      type: 'Ready',
      status: 'False',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      reason: 'KubeletNotReady',
      message: 'PLEG is not healthy',
    },
  ];
  world.put(node('harbour-2', { conditions }), 0);

  expect(world.at(120)).toMatchObject([{ cause: 'not ready: PLEG is not healthy, 2 pods at risk' }]);
});

test('the hold is counted from the API’s own time, also over a restart', () => {
  const world = withPods();
  world.put(node('harbour-2', silent), 100);
  world.restart(110);

  expect(world.at(119)).toEqual([]);
  expect(world.at(120)).toHaveLength(1);
});

test('a new node may take ten minutes to become ready', () => {
  const world = withPods();
  world.put(node('harbour-2', { createdAt: 0, ready: false, readyAt: 5 }), 5);

  expect(world.at(604)).toEqual([]);
  expect(world.at(605)).toHaveLength(1);
});

test.each<[string, NodeOptions]>([
  ['that Flatcar reboots', { annotations: { 'flatcar-linux-update.v1.flatcar-linux.net/reboot-in-progress': 'true' } }],
  ['that kured reboots', { annotations: { 'weave.works/kured-reboot-in-progress': '2026-01-01T00:00:00Z' } }],
])('a cordoned node %s may be away for its 15 minutes', (_name, marks) => {
  const world = withPods();
  world.put(node('harbour-2', { ...silent, ...marks, unschedulable: true }), 0);

  expect(world.at(899)).toEqual([]);
  expect(world.at(900)).toMatchObject([{ severity: 'high' }]);
});

test('a node that the upgrade controller works on may be away, too', () => {
  const world = withPods();
  world.put(pod('apply-plan', { node: 'harbour-2', labels: { 'upgrade.cattle.io/plan': 'k3s' } }), 0);
  world.put(node('harbour-2', { ...silent, unschedulable: true }), 0);

  expect(world.at(899)).toEqual([]);
});

test('a cordoned node with pods on it is told all the same, an empty one is not', () => {
  const world = withPods();
  world.put(node('harbour-2', { ...silent, unschedulable: true }), 0);
  world.put(node('harbour-3', { ...silent, unschedulable: true }), 0);

  expect(world.at(600).map(({ object }) => object.name)).toEqual(['harbour-2']);
});

test.each([
  ['ToBeDeletedByClusterAutoscaler'],
  ['DeletionCandidateOfClusterAutoscaler'],
  ['karpenter.sh/disrupted'],
  ['karpenter.sh/disruption'],
  ['aws-node-termination-handler/spot-itn'],
  ['cloud.google.com/impending-node-termination'],
])('a node with the taint %s goes in peace', (key) => {
  const world = withPods();
  world.put(node('harbour-2', { ...silent, taints: [{ key, effect: 'NoSchedule' }] }), 0);

  expect(world.at(3_600)).toEqual([]);
});

test('a node that is deleted is not missed', () => {
  const world = withPods();
  world.put(node('harbour-2', silent), 0);
  world.remove('Node', '', 'harbour-2', 60);

  expect(world.at(600)).toEqual([]);
});
