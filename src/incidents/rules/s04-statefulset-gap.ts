import {
  defineRule,
  isObserved,
  isStatefulSetRolling,
  type Judging,
  lasting,
  MINUTE,
  outageFinding,
  type SeenStatefulSet,
  startingUntil,
} from '../../sdk/rules.ts';

/** Pods of a StatefulSet are missing although no update is under way. Scaling in order takes its time: the pods that exist must stand still. */
export default defineRule({
  id: 'S04',
  title: 'replicas not ready',
  summary: 'A StatefulSet has had fewer ready pods than wished, although it is neither updating nor scaling.',
  kind: 'StatefulSet',
  domain: 'availability',
  settings: {
    hold: lasting(15 * MINUTE, 'while some pods are ready'),
    noneHold: lasting(2 * MINUTE, 'when none is'),
    still: lasting(10 * MINUTE, 'without the number of its pods moving: scaling is no gap'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['L', 'X', 'E', 'N', 'C'],
  actions: ['logs', 'describe', 'delete-pod'],
  source: 'kubernetes-mixin KubeStatefulSetReplicasMismatch',
  drill: { cause: '2 of 3 pods ready: db-2: volume cannot be attached', severity: 'warning' },
  judge(set, at) {
    const { spec, status } = set;
    if (!isObserved(set) || status.readyReplicas >= spec.replicas || isStatefulSetRolling(set, at.sight)) return [];
    const since = at.memory.since('gap', true);
    return [
      {
        ...outageFinding(set, at.sight, at.now, 'ready'),
        since,
        holdMs: Math.max(0, firesAt(set, at, since) - since),
        severity: status.readyReplicas === 0 ? 'critical' : 'warning',
      },
    ];
  },
});

function firesAt(set: SeenStatefulSet, at: Judging, since: number): number {
  const still = at.memory.since('pods', set.status.replicas) + at.setting('still');
  const end = Math.max(since + at.setting('hold'), still);
  if (set.status.readyReplicas > 0) return end;
  const noneSince = at.memory.since('none ready', true);
  return Math.min(end, Math.max(noneSince + at.setting('noneHold'), startingUntil(set, at.sight, at.now) ?? 0));
}
