import { expect, test } from 'vitest';
import { noFitText, parseNoFit } from '../../../src/incidents/reading/scheduling.ts';

test.each([
  [
    '0/4 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }, 3 Insufficient cpu. preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod.',
    'no node fits: 3 insufficient cpu, 1 taint node.kubernetes.io/disk-pressure (of 4 nodes)',
  ],
  [
    '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    'no node fits: 2 insufficient cpu, 1 taint (of 3 nodes)',
  ],
  [
    "0/3 nodes are available: 1 node(s) had taint {dedicated: gpu}, that the pod didn't tolerate, 2 Insufficient nvidia.com/gpu.",
    'no node fits: 2 insufficient nvidia.com/gpu, 1 taint dedicated=gpu (of 3 nodes)',
  ],
  [
    "0/6 nodes are available: 2 node(s) didn't match Pod's node affinity/selector, 3 node(s) didn't match pod topology spread constraints, 1 node(s) were unschedulable.",
    'no node fits: 3 topology spread, 2 node affinity or selector, 1 cordoned (of 6 nodes)',
  ],
  [
    "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. preemption: not eligible due to preemptionPolicy=Never.",
    'no node fits: 2 pod anti-affinity (of 2 nodes)',
  ],
  [
    '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    'no node fits: unbound PersistentVolumeClaim (of 1 node)',
  ],
  [
    '0/3 nodes are available: 3 node(s) had volume node affinity conflict.',
    'no node fits: 3 volume is in another zone or node (of 3 nodes)',
  ],
  ['0/3 nodes are available: 3 Too many pods.', 'no node fits: 3 too many pods (of 3 nodes)'],
  ['persistentvolumeclaim "data" not found', 'cannot be scheduled: persistentvolumeclaim "data" not found'],
  ['no nodes available to schedule pods', 'cannot be scheduled: no nodes available to schedule pods'],
  ['', 'no node fits'],
])('%s', (message, text) => {
  expect(noFitText(message)).toBe(text);
});

test('volumes are noticed, and long lists are cut', () => {
  expect(parseNoFit('0/3 nodes are available: 3 node(s) exceed max volume count.')).toMatchObject({ isVolume: true });
  const many =
    '0/15 nodes are available: 5 Insufficient a, 4 Insufficient b, 3 Insufficient c, 2 Insufficient d, 1 Insufficient e.';
  expect(parseNoFit(many).reasons).toEqual([
    '5 insufficient a',
    '4 insufficient b',
    '3 insufficient c',
    '2 insufficient d',
    '1 more',
  ]);
});
