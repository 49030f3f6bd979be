import {
  conditionOf,
  defineRule,
  hasPendingClass,
  isJudged,
  isPerfect,
  type Judging,
  lasting,
  MINUTE,
  type SeenPod,
} from '../../sdk/rules.ts';

/** What is left when no other rule says why a pod is pending: nobody schedules it, its kubelet is silent, or a pull without end. */
export default defineRule({
  id: 'P07',
  title: 'pending',
  summary: 'A pod has not started, and nothing else says why.',
  kind: 'Pod',
  domain: 'availability',
  settings: { hold: lasting(15 * MINUTE, 'since its last step: created, or given a node') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E', 'N'],
  actions: ['describe', 'delete-pod'],
  source: 'kubernetes-mixin KubePodNotReady',
  drill: { cause: 'no scheduler has looked at it', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod) || pod.status.phase !== 'Pending') return [];
    if (hasPendingClass(pod, at.sight, at.now)) return [];
    const scheduled = conditionOf(pod, 'PodScheduled');
    return [
      {
        since: Math.max(pod.metadata.creationTimestamp, scheduled?.lastTransitionTime ?? 0),
        holdMs: at.setting('hold'),
        severity: 'warning',
        cause: causeOf(pod, at),
        causeClass: 'unknown',
        shares: pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName },
      },
    ];
  },
});

function causeOf(pod: SeenPod, at: Judging): string {
  const node = pod.spec.nodeName;
  if (node === undefined) {
    const scheduled = conditionOf(pod, 'PodScheduled');
    return scheduled === undefined
      ? 'no scheduler has looked at it'
      : `not scheduled: ${scheduled.reason || 'no reason told'}`;
  }
  if (pod.status.containerStatuses.length === 0) return `the kubelet of ${node} has not taken it up`;
  const pulling = at.sight.events(pod.metadata.uid).find(({ reason }) => reason === 'Pulling' || reason === 'Pulled');
  if (pulling?.reason === 'Pulling') return `still pulling on ${node}: ${pulling.message.replace(/^Pulling /, '')}`;
  const reason = pod.status.containerStatuses[0]?.state.waiting?.reason;
  return `not started on ${node}: ${reason || 'no reason told'}`;
}
