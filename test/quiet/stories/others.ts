import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { type Story, workload } from './story.ts';

const START = 45;

export const OTHERS: readonly Story[] = [
  {
    name: 'an autoscaler that scales up and down',
    id: 'autoscaler',
    async tell(place) {
      await place.make(workload('Deployment', { replicas: 2, fault: `slow-start=${place.lasting(START)}` }));
      if (place.world.hasMetrics) await place.make(autoscaler());
      await place.rolledOut('Deployment', 'web');
      for (const replicas of [6, 10, 4, 2]) {
        await place.patch('Deployment', 'web', { spec: { replicas } });
        await place.rolledOut('Deployment', 'web');
        await place.pass(60);
      }
    },
  },
  {
    name: 'pods that wait for their scheduling gates',
    id: 'gated',
    async tell(place) {
      const pod = { schedulingGates: [{ name: 'example.com/quota' }] };
      await place.make({
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'later', labels: { app: 'web' } } },
        spec: { containers: [{ name: 'main', image: 'registry.example.com/web:1' }], ...pod },
      });
    },
  },
  {
    name: 'a budget that allows no disruption where nobody disrupts',
    id: 'strict',
    async tell(place) {
      const spec = { maxUnavailable: 0, selector: { matchLabels: { app: 'web' } } };
      await place.make({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' }, spec });
      await place.make(workload('Deployment', { replicas: 1, fault: `slow-start=${place.lasting(START)}` }));
      await place.rolledOut('Deployment', 'web');
    },
  },
  {
    name: 'pods deleted by hand',
    id: 'by-hand',
    async tell(place) {
      await place.make(workload('Deployment', { fault: `slow-start=${place.lasting(START)}` }));
      await place.rolledOut('Deployment', 'web');
      for (const { metadata } of await place.list('Pod', 'web')) await place.remove('Pod', metadata.name as string);
      await place.pass(5);
      await place.rolledOut('Deployment', 'web');
    },
  },
  {
    name: 'a namespace that is deleted with everything in it',
    id: 'doomed',
    async tell(place) {
      await place.make(workload('Deployment', { fault: `slow-start=${place.lasting(START)}` }));
      await place.make({ ...workload('StatefulSet'), metadata: { name: 'db' } });
      await place.make({ ...claim('late'), metadata: { name: 'data' } });
      await place.rolledOut('Deployment', 'web');
      await place.remove('Namespace', 'doomed');
      const isThere = (): Promise<boolean> =>
        place.get('Namespace', 'doomed').then(
          () => true,
          () => false,
        );
      await place.until(async () => !(await isThere()), 'the end of the namespace');
    },
  },
  {
    name: 'a claim that is bound when its first pod comes',
    id: 'late',
    async tell(place) {
      await place.make({
        ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'late' } },
        ...{ provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' },
      });
      await place.make(claim('late'));
      await place.pass(8 * 60);
      if ((await place.get('PersistentVolumeClaim', 'data')).status.phase !== 'Pending')
        throw new Error('it did not wait');
      if (!place.world.hasProvisioner) await place.make(volume('late'));
      const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
      await place.make(workload('Deployment', { replicas: 1, pod: { volumes } }));
      await place.rolledOut('Deployment', 'web');
    },
  },
];

function claim(storageClassName: string): KubeObject {
  const spec = { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec };
}

function volume(storageClassName: string): KubeObject {
  const spec = {
    ...{ storageClassName, accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
    hostPath: { path: '/data' },
  };
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'data' }, spec };
}

function autoscaler(): KubeObject {
  const spec = {
    ...{ minReplicas: 2, maxReplicas: 12, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
  };
  return { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' }, spec };
}
