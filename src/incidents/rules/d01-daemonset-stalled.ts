import {
  countersOf,
  countersSince,
  counterText,
  counting,
  defineRule,
  isObserved,
  isReady,
  lasting,
  MINUTE,
  newestTest,
  notReadySince,
  readinessBudgetMs,
  SECOND,
  type SeenDaemonSet,
  type Sight,
  stallVerdict,
  verdictFinding,
} from '../../sdk/rules.ts';

/**
 * A DaemonSet has no progress condition: its counters are timed here. Pods on nodes that are not ready are the node's trouble (N01) and do
 * not count.
 */
export default defineRule({
  id: 'D01',
  title: 'daemon set stalled',
  summary: 'A DaemonSet’s pods are not updated or not available on some ready nodes, and no counter moves.',
  kind: 'DaemonSet',
  domain: 'rollout',
  settings: {
    hold: lasting(10 * MINUTE, 'without any counter moving; longer where probes and minReadySeconds need it'),
    share: counting(0.1, 'share of its nodes from which on it is high'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['D', 'I', 'C', 'L', 'X', 'E', 'N'],
  actions: ['rollback', 'logs', 'describe', 'restart'],
  source: 'kubernetes-mixin KubeDaemonSetRolloutStuck',
  drill: {
    cause: 'new pods: container app crashes: exit code 1 (app error); 14 of 15 pods serve',
    severity: 'warning',
  },
  judge(set, at) {
    const { updateStrategy, minReadySeconds, template } = set.spec;
    if (updateStrategy !== 'RollingUpdate' || !isObserved(set)) return [];
    const short = shortOf(set, at.sight);
    if (short <= 0) return [];
    const since = countersSince(at.memory, counterText(set), String(set.metadata.generation));
    return [
      {
        ...verdictFinding(stallVerdict(set, at.sight, at.now, since)),
        since,
        holdMs: Math.max(at.setting('hold'), minReadySeconds * SECOND + readinessBudgetMs(template)),
        severity: short > countersOf(set).desired * at.setting('share') ? 'high' : 'warning',
      },
    ];
  },
});

/** Nodes where the pod is old or not available, without those that are not ready themselves. */
function shortOf(set: SeenDaemonSet, sight: Sight): number {
  const { desired, updated, available } = countersOf(set);
  const short = desired - Math.min(updated, available);
  if (short <= 0) return 0;
  const isNewest = newestTest(set, sight);
  const excused = sight.podsOf(set).filter((pod) => {
    const node = pod.spec.nodeName === undefined ? undefined : sight.get('Node', '', pod.spec.nodeName);
    const isMissing = !isReady(pod) || (updated < desired && !isNewest(pod));
    return isMissing && node !== undefined && notReadySince(node) !== undefined;
  });
  return short - excused.length;
}
