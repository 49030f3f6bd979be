import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import type { Place } from '../world.ts';
import { FAULT, type Story, workload } from './story.ts';

/** Nodes that only the stories about nodes use; the others' pods do not tolerate them. */
export const POOLS = { drained: ['drained-1', 'drained-2'], spot: ['spot-1', 'spot-2'] } as const;
export type Pool = keyof typeof POOLS;

const START = 45;
const POOL = 'pool';

export function poolNode(pool: Pool): { labels: object; spec: object } {
  return { labels: { [POOL]: pool }, spec: { taints: [{ key: POOL, value: pool, effect: 'NoSchedule' }] } };
}

export const NODE_STORIES: readonly Story[] = [
  {
    name: 'the drain of a node, its budgets respected, and its way back',
    id: 'drain',
    async tell(place) {
      await place.make(inPool('drained', place));
      await place.make(budget());
      await place.rolledOut('Deployment', 'web');
      const [node] = POOLS.drained;
      await place.patch('Node', node, { spec: { unschedulable: true } });
      for (const pod of await podsOn(place, node)) await place.evict(pod.metadata.name as string);
      await place.rolledOut('Deployment', 'web');
      // A reboot takes its time.
      await place.pass(4 * 60);
      await place.patch('Node', node, { spec: { unschedulable: false } });
    },
  },
  {
    name: 'a spot node that the autoscaler takes away',
    id: 'spot',
    async tell(place) {
      await place.make(inPool('spot', place));
      await place.rolledOut('Deployment', 'web');
      const [node] = POOLS.spot;
      const { spec } = await place.get('Node', node);
      const taint = { key: 'ToBeDeletedByClusterAutoscaler', value: '1', effect: 'NoSchedule' };
      await place.patch('Node', node, { spec: { taints: [...spec.taints, taint] } });
      await place.patch('Node', node, { metadata: { annotations: { [FAULT]: 'not-ready' } } });
      await place.until(async () => !isReady(await place.get('Node', node)), 'the end of the node');
      await place.pass(90);
      // Where time is short the 40 s that a pod outlives its node are long: there it leaves first, as the autoscaler sees to.
      if (place.world.pace > 1)
        for (const { metadata } of await podsOn(place, node)) await place.evict(metadata.name as string);
      await place.remove('Node', node);
      await place.until(async () => (await podsOn(place, node)).length === 0, 'the end of its pods');
      await place.rolledOut('Deployment', 'web');
    },
  },
];

function inPool(pool: Pool, place: Place): KubeObject {
  const pod = {
    nodeSelector: { [POOL]: pool },
    tolerations: [{ key: POOL, operator: 'Equal', value: pool, effect: 'NoSchedule' }],
  };
  return workload('Deployment', { replicas: 4, fault: `slow-start=${place.lasting(START)}`, pod });
}

function budget(): KubeObject {
  const spec = { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } };
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' }, spec };
}

async function podsOn(place: Place, node: string): Promise<readonly KubeObject[]> {
  return (await place.list('Pod', 'web')).filter(({ spec }) => spec.nodeName === node);
}

function isReady({ status }: KubeObject): boolean {
  return status.conditions.some(
    (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
  );
}
