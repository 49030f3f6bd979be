import type { Place } from '../world.ts';
import { release, type Story, workload } from './story.ts';

/** In life a pod takes this long until it is ready, seconds: longer than a rule without a hold would wait, shorter than any hold. */
const START = 45;

export const ROLLOUTS: readonly Story[] = [
  {
    name: 'a rollout whose pods start slowly',
    id: 'slow-rollout',
    async tell(place) {
      await place.make(workload('Deployment', { replicas: 4, fault: `slow-start=${place.lasting(START)}` }));
      await place.rolledOut('Deployment', 'web');
      await place.patch('Deployment', 'web', release('registry.example.com/web:2'));
      await place.rolledOut('Deployment', 'web');
    },
  },
  {
    name: 'a rollout that replaces everything at once',
    id: 'recreate',
    async tell(place) {
      const spec = { strategy: { type: 'Recreate' } };
      await place.make(workload('Deployment', { fault: `slow-start=${place.lasting(START)}`, spec }));
      await place.rolledOut('Deployment', 'web');
      await place.patch('Deployment', 'web', release('registry.example.com/web:2'));
      await place.rolledOut('Deployment', 'web');
    },
  },
  {
    name: 'a rollout restart, twice in a row',
    id: 'restart',
    async tell(place) {
      await place.make(workload('Deployment', { fault: `slow-start=${place.lasting(START)}` }));
      for (const at of ['2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z']) {
        const annotations = { 'kubectl.kubernetes.io/restartedAt': at };
        await place.patch('Deployment', 'web', { spec: { template: { metadata: { annotations } } } });
        await place.pass(START / 2);
      }
      await place.rolledOut('Deployment', 'web');
    },
  },
  {
    name: 'an image whose pull takes three minutes',
    id: 'slow-pull',
    async tell(place) {
      await place.make(workload('Deployment', { replicas: 1, fault: `slow-pull=${place.lasting(180)}` }));
      await place.rolledOut('Deployment', 'web');
      await place.patch('Deployment', 'web', release('registry.example.com/web:2'));
      await place.rolledOut('Deployment', 'web');
    },
  },
  {
    name: 'a container that fails once because its database is late',
    id: 'impatient',
    async tell(place) {
      await place.make(workload('Deployment', { fault: 'crashes=1' }));
      await place.until(async () => {
        const pods = await place.list('Pod', 'web');
        const restarts = pods.map(({ status }) => status.containerStatuses?.[0].restartCount);
        return restarts.length === 3 && restarts.every((count) => count === 1);
      }, 'the second start');
      await place.rolledOut('Deployment', 'web');
    },
  },
  {
    name: 'a workload that is paused with a change in it',
    id: 'paused',
    async tell(place) {
      await place.make(workload('Deployment', { spec: { paused: false } }));
      await place.rolledOut('Deployment', 'web');
      await place.patch('Deployment', 'web', { spec: { paused: true } });
      await place.patch('Deployment', 'web', release('registry.example.com/web:2'));
    },
  },
  {
    name: 'a workload scaled to zero',
    id: 'zero',
    async tell(place) {
      await place.make(workload('Deployment', { fault: `slow-start=${place.lasting(START)}` }));
      await place.make({ ...workload('StatefulSet', { replicas: 0 }), metadata: { name: 'db' } });
      await place.rolledOut('Deployment', 'web');
      await place.patch('Deployment', 'web', { spec: { replicas: 0 } });
      await place.until(async () => (await place.list('Pod', 'web')).length === 0, 'the end of all pods');
    },
  },
  {
    name: 'the rolling update of a StatefulSet',
    id: 'stateful',
    async tell(place) {
      await place.make(workload('StatefulSet', { fault: `slow-start=${place.lasting(START)}` }));
      await place.rolledOut('StatefulSet', 'web');
      await place.patch('StatefulSet', 'web', release('registry.example.com/web:2'));
      await place.rolledOut('StatefulSet', 'web');
    },
  },
  {
    name: 'a canary held by a partition',
    id: 'canary',
    async tell(place) {
      await place.make(workload('StatefulSet', { fault: `slow-start=${place.lasting(START)}` }));
      await place.rolledOut('StatefulSet', 'web');
      const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 2 } };
      await place.patch('StatefulSet', 'web', { spec: { updateStrategy } });
      await place.patch('StatefulSet', 'web', release('registry.example.com/web:2'));
      // It stays like that until the end of the suite.
      await isCanaryOut(place);
    },
  },
  {
    name: 'the rollout of a DaemonSet',
    id: 'daemons',
    async tell(place) {
      // Everywhere, also on the spot node that goes; but see there about clusters whose time is short.
      const isShort = place.world.pace > 1;
      const pod = { tolerations: isShort ? [] : [{ operator: 'Exists' }] };
      await place.make(workload('DaemonSet', { fault: `slow-start=${place.lasting(START)}`, pod }));
      await place.rolledOut('DaemonSet', 'web');
      await place.patch('DaemonSet', 'web', release('registry.example.com/web:2'));
      await place.rolledOut('DaemonSet', 'web');
    },
  },
];

function isCanaryOut(place: Place): Promise<void> {
  return place.until(async () => {
    const { status } = await place.get('StatefulSet', 'web');
    return status.updatedReplicas === 1 && status.availableReplicas === 3;
  }, 'the canary');
}
