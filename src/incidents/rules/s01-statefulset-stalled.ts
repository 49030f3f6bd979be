import {
  countersSince,
  counterText,
  defineRule,
  isStatefulSetRolling,
  lasting,
  MINUTE,
  readinessBudgetMs,
  SECOND,
  stallVerdict,
  verdictFinding,
} from '../../sdk/rules.ts';

/** A StatefulSet has no progress condition: its counters are timed here. A canary that rests at its partition is finished. */
export default defineRule({
  id: 'S01',
  title: 'update stalled',
  summary: 'A StatefulSet’s rolling update stands still: no counter has moved for longer than a pod may take.',
  kind: 'StatefulSet',
  domain: 'rollout',
  settings: {
    hold: lasting(10 * MINUTE, 'without any counter moving; longer where probes and minReadySeconds need it'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['D', 'I', 'C', 'L', 'X', 'E', 'N'],
  actions: ['rollback', 'delete-pod', 'logs', 'describe'],
  source: 'kubernetes-mixin KubeStatefulSetUpdateNotRolledOut',
  drill: { cause: 'db-2: no node fits: 3 insufficient memory (of 3 nodes); 2 of 3 pods serve', severity: 'high' },
  judge(set, at) {
    const { minReadySeconds, template } = set.spec;
    if (!isStatefulSetRolling(set, at.sight)) return [];
    const since = countersSince(at.memory, counterText(set), set.status.updateRevision);
    return [
      {
        ...verdictFinding(stallVerdict(set, at.sight, at.now, since)),
        since,
        holdMs: Math.max(at.setting('hold'), minReadySeconds * SECOND + readinessBudgetMs(template)),
        severity: 'high',
      },
    ];
  },
});
