import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { rolloutVerdict } from '../../src/kubernetes/rollout-status.ts';

function object(kind: string, spec: object, status: object, metadata: object = {}): KubeObject {
  return {
    kind,
    metadata: { name: 'web', generation: 2, ...metadata },
    spec,
    status: { observedGeneration: 2, ...status },
  };
}

const deployment = (spec: object, status: object, metadata?: object) => object('Deployment', spec, status, metadata);
const rolling = { updateStrategy: { type: 'RollingUpdate' } };
const daemonSet = (status: object, spec: object = rolling) => object('DaemonSet', spec, status);
const statefulSet = (spec: object, status: object) => object('StatefulSet', { ...rolling, ...spec }, status);
const exceeded = { conditions: [{ type: 'Progressing', status: 'True', reason: 'ProgressDeadlineExceeded' }] };

test.each([
  [
    'an unobserved change is waited for before anything else',
    deployment({ replicas: 3 }, { ...exceeded, observedGeneration: 1 }),
    'waiting',
    'Waiting for deployment spec update to be observed...',
  ],
  [
    'a deadline counts by its reason, whatever the condition’s status',
    deployment({ replicas: 3 }, exceeded),
    'failed',
    'error: deployment "web" exceeded its progress deadline',
  ],
  [
    'new replicas are counted first',
    deployment({ replicas: 3 }, { replicas: 4, updatedReplicas: 1, availableReplicas: 3 }),
    'waiting',
    'Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...',
  ],
  [
    'missing numbers count as none',
    deployment({ replicas: 3 }, {}),
    'waiting',
    'Waiting for deployment "web" rollout to finish: 0 out of 3 new replicas have been updated...',
  ],
  [
    'old replicas are counted next',
    deployment({ replicas: 3 }, { replicas: 5, updatedReplicas: 3, availableReplicas: 3 }),
    'waiting',
    'Waiting for deployment "web" rollout to finish: 2 old replicas are pending termination...',
  ],
  [
    'available replicas are counted last',
    deployment({ replicas: 3 }, { replicas: 3, updatedReplicas: 3, availableReplicas: 2 }),
    'waiting',
    'Waiting for deployment "web" rollout to finish: 2 of 3 updated replicas are available...',
  ],
  [
    'a paused Deployment is waited for, and said to be paused',
    deployment({ replicas: 3, paused: true }, { replicas: 3, updatedReplicas: 1, availableReplicas: 3 }),
    'waiting',
    'Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated... (paused)',
  ],
  [
    'all available is done',
    deployment({ replicas: 3 }, { replicas: 3, updatedReplicas: 3, availableReplicas: 3 }),
    'done',
    'deployment "web" successfully rolled out',
  ],
  [
    'zero replicas are done at once',
    deployment({ replicas: 0 }, {}),
    'done',
    'deployment "web" successfully rolled out',
  ],
  [
    'a DaemonSet that waits for its pods to be deleted has no rollout',
    daemonSet({}, { updateStrategy: { type: 'OnDelete' } }),
    'failed',
    'error: rollout status is only available for RollingUpdate strategy type',
  ],
  [
    'a DaemonSet’s change is waited for',
    daemonSet({ observedGeneration: 1 }),
    'waiting',
    'Waiting for daemon set spec update to be observed...',
  ],
  [
    'a DaemonSet’s new pods are counted',
    daemonSet({ desiredNumberScheduled: 3, updatedNumberScheduled: 1 }),
    'waiting',
    'Waiting for daemon set "web" rollout to finish: 1 out of 3 new pods have been updated...',
  ],
  [
    'a DaemonSet’s available pods are counted',
    daemonSet({ desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 }),
    'waiting',
    'Waiting for daemon set "web" rollout to finish: 2 of 3 updated pods are available...',
  ],
  [
    'a DaemonSet with all pods available is done',
    daemonSet({ desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 }),
    'done',
    'daemon set "web" successfully rolled out',
  ],
  [
    'a StatefulSet never observed is waited for',
    object('StatefulSet', { ...rolling, replicas: 3 }, { observedGeneration: 0 }, { generation: 0 }),
    'waiting',
    'Waiting for statefulset spec update to be observed...',
  ],
  [
    'a StatefulSet’s missing pods are counted',
    statefulSet({ replicas: 3 }, { readyReplicas: 1 }),
    'waiting',
    'Waiting for 2 pods to be ready...',
  ],
  [
    'a partitioned roll out ends at its partition',
    statefulSet(
      { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
      { readyReplicas: 3, updatedReplicas: 1 },
    ),
    'waiting',
    'Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...',
  ],
  [
    'a partitioned roll out is complete',
    statefulSet(
      { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
      { readyReplicas: 3, updatedReplicas: 2 },
    ),
    'done',
    'partitioned roll out complete: 2 new pods have been updated...',
  ],
  [
    'without rollingUpdate the revisions are compared',
    statefulSet({ replicas: 3 }, { readyReplicas: 3, updatedReplicas: 1, updateRevision: 'b', currentRevision: 'a' }),
    'waiting',
    'waiting for statefulset rolling update to complete 1 pods at revision b...',
  ],
  [
    'equal revisions are done',
    statefulSet({ replicas: 3 }, { readyReplicas: 3, currentReplicas: 3, updateRevision: 'b', currentRevision: 'b' }),
    'done',
    'statefulset rolling update complete 3 pods at revision b...',
  ],
  [
    'a kind without rollouts is refused',
    object('Pod', {}, {}),
    'failed',
    'error: no status viewer has been implemented for Pod',
  ],
])('%s', (_, given, state, text) => {
  expect(rolloutVerdict(given)).toMatchObject({ state, text });
});

test('a revision that is not the running one is an error', () => {
  const running = deployment({ replicas: 0 }, {}, { annotations: { 'deployment.kubernetes.io/revision': '4' } });

  expect(rolloutVerdict(running, 4).state).toBe('done');
  expect(rolloutVerdict(running, 3)).toMatchObject({
    state: 'failed',
    text: 'error: desired revision (3) is different from the running revision (4)',
  });
});
