import {
  defineRule,
  isUnfinished,
  lasting,
  MINUTE,
  matches,
  plural,
  type SeenByKind,
  type Sight,
  someOf,
} from '../../sdk/rules.ts';

type Budget = SeenByKind['PodDisruptionBudget'];
type Pod = SeenByKind['Pod'];

export default defineRule({
  id: 'B02',
  title: 'drain blocked',
  summary: 'A PodDisruptionBudget allows no eviction while a cordoned node still holds its pods: a drain cannot end.',
  kind: 'PodDisruptionBudget',
  domain: 'availability',
  settings: { hold: lasting(10 * MINUTE, 'how long no pod could leave its cordoned node') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E', 'N'],
  actions: ['restart', 'uncordon', 'describe'],
  source: 'kured#63, kured#82: nodes that wait for ever for one budget',
  drill: { cause: 'allows no eviction: 2 pods stay on cordoned node harbour-2', severity: 'high' },
  judge(budget, at) {
    const isClosed = budget.status.disruptionsAllowed === 0 && budget.status.expectedPods > 0;
    const waiting = isClosed ? podsOnCordonedNodes(budget, at.sight) : [];
    const [first] = waiting;
    if (!first) return [];
    const nodes = [...new Set(waiting.flatMap(({ spec }) => spec.nodeName ?? []))].sort();
    const { currentHealthy, desiredHealthy } = budget.status;
    return [
      {
        // A pod that leaves is progress, and starts the hold anew.
        since: at.memory.since(
          'waiting',
          waiting
            .map(({ metadata }) => metadata.uid)
            .sort()
            .join(' '),
        ),
        holdMs: at.setting('hold'),
        severity: 'high',
        cause: `allows no eviction: ${plural(waiting.length, 'pod')} ${waiting.length === 1 ? 'stays' : 'stay'} on cordoned ${nodes.length === 1 ? 'node' : 'nodes'} ${someOf(nodes)}`,
        causeClass: 'disruption',
        facts: [
          { label: 'Pods', value: someOf(waiting.map(({ metadata }) => metadata.name)) },
          { label: 'Healthy', value: `${currentHealthy}, ${desiredHealthy} needed` },
        ],
        shares: { node: nodes.length === 1 ? nodes[0] : undefined },
        about: {
          apiVersion: 'v1',
          kind: 'Pod',
          namespace: first.metadata.namespace,
          name: first.metadata.name,
          uid: first.metadata.uid,
        },
      },
    ];
  },
});

/** From the nodes on: few are cordoned, and a namespace may have many pods. */
function podsOnCordonedNodes({ metadata, spec }: Budget, sight: Sight): readonly Pod[] {
  const found: Pod[] = [];
  for (const node of sight.all('Node')) {
    if (!node.spec.unschedulable) continue;
    for (const pod of sight.podsOnNode(node.metadata.name)) {
      const isProtected = pod.metadata.namespace === metadata.namespace && matches(spec.selector, pod.metadata.labels);
      if (isProtected && isUnfinished(pod)) found.push(pod);
    }
  }
  return found;
}
