import {
  counting,
  defineRule,
  endedAt,
  failureClass,
  HOUR,
  type Judging,
  lasting,
  MINUTE,
  ownerHealth,
  parseEviction,
  type SeenPod,
  siblings,
} from '../../sdk/rules.ts';

/**
 * A pod that its kubelet evicted stays as a failed object for weeks: it says something only while its owner still lacks it, or while
 * several of the owner's pods were evicted from one node lately. A pod without an owner is lost until somebody deletes it.
 */
export default defineRule({
  id: 'P10',
  title: 'evicted',
  summary: 'A kubelet evicted pods because its node ran short of something.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(0, 'it has happened'),
    window: lasting(15 * MINUTE, 'within which evictions of one owner from one node are counted'),
    warnAfter: counting(3, 'evictions within the window from which it is a warning'),
    recent: lasting(HOUR, 'after which an eviction explains nothing any more'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['N', 'R', 'E'],
  actions: ['describe', 'delete-pod'],
  source: 'kubernetes-mixin KubeNodeEviction',
  drill: { cause: 'evicted: node was low on memory (container web used 812Mi, request 256Mi)', severity: 'info' },
  judge(pod, at) {
    if (failureClass(pod) !== 'evicted') return [];
    const since = endedAt(pod);
    const health = ownerHealth(pod, at.sight);
    const count = evictedTogether(pod, at);
    const isMany = count >= at.setting('warnAfter');
    const isLacking = health === undefined || health.available < health.desired;
    const isOld = health !== undefined && at.now - since >= at.setting('recent');
    if (isOld || !(isMany || isLacking)) return [];
    const { cause, resource } = parseEviction(pod.status.message);
    return [
      {
        since,
        holdMs: at.setting('hold'),
        severity: isMany ? 'warning' : 'info',
        cause: count > 1 ? `${cause}, ${count} pods` : cause,
        causeClass: 'node',
        shares: pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName },
        facts: [
          { label: 'Node', value: pod.spec.nodeName ?? '' },
          ...(resource === '' ? [] : [{ label: 'Short of', value: resource }]),
        ],
        lookAgainAt: since + at.setting('window'),
      },
    ];
  },
});

/** Pods of the same owner that were evicted from the same node within the window, this one among them. */
function evictedTogether(pod: SeenPod, at: Judging): number {
  const after = at.now - at.setting('window');
  return siblings(pod, at.sight).filter(
    (one) => one.spec.nodeName === pod.spec.nodeName && failureClass(one) === 'evicted' && endedAt(one) > after,
  ).length;
}
