import {
  conditionOfNode,
  defineRule,
  endedAt,
  type Finding,
  lasting,
  MINUTE,
  moment,
  plural,
  type SeenByKind,
  type Sight,
} from '../../sdk/rules.ts';

type Node = SeenByKind['Node'];

const RESOURCES = { MemoryPressure: 'memory', DiskPressure: 'disk', PIDPressure: 'process ids' } as const;

export default defineRule({
  id: 'N03',
  title: 'node under pressure',
  summary: 'A node runs out of memory, disk or process ids; worse when it already evicts pods.',
  kind: 'Node',
  domain: 'node',
  settings: { hold: lasting(10 * MINUTE, 'how long it is under pressure') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['N', 'E'],
  actions: ['cordon', 'describe'],
  source: 'KubeNodePressure (kubernetes-mixin)',
  drill: { cause: 'short of memory since 1 Jan 03:00 UTC, 3 pods evicted', severity: 'warning' },
  judge(node, at) {
    if (node.spec.unschedulable) return [];
    return Object.entries(RESOURCES).flatMap(([type, resource]): readonly Finding[] => {
      const condition = conditionOfNode(node, type);
      if (condition?.status !== 'True') return [];
      const evicted = evictedSince(node, at.sight, condition.lastTransitionTime);
      const since = condition.lastTransitionTime > 0 ? ` since ${moment(condition.lastTransitionTime)}` : '';
      return [
        {
          key: type,
          since: condition.lastTransitionTime || undefined,
          holdMs: at.setting('hold'),
          severity: evicted > 0 ? 'warning' : 'info',
          cause: `short of ${resource}${since}${evicted > 0 ? `, ${plural(evicted, 'pod')} evicted` : ''}`,
          causeClass: 'node',
          facts: condition.message === '' ? [] : [{ label: type, value: condition.message }],
          shares: { node: node.metadata.name },
        },
      ];
    });
  },
});

/** Evicted pods stay as Failed until somebody cleans them up; only those of this time of need count. */
function evictedSince({ metadata }: Node, sight: Sight, since: number): number {
  let count = 0;
  for (const pod of sight.podsOnNode(metadata.name)) {
    const { phase, reason } = pod.status;
    if (phase === 'Failed' && reason === 'Evicted' && endedAt(pod) >= since) count++;
  }
  return count;
}
