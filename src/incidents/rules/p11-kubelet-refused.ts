import {
  counting,
  defineRule,
  endedAt,
  failureClass,
  type Judging,
  lasting,
  MINUTE,
  type SeenPod,
  shortened,
} from '../../sdk/rules.ts';

/** The scheduler gave the pod a node, and the node's kubelet will not run it. Once is a race; five times on one node is the node. */
export default defineRule({
  id: 'P11',
  title: 'refused by the kubelet',
  summary: 'A kubelet refuses pods that were scheduled to its node.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(2 * MINUTE, 'since it was refused'),
    quiet: lasting(15 * MINUTE, 'without another, and it is over'),
    warnAfter: counting(5, 'pods refused by one node within that time from which it is a warning'),
  },
  // `quiet` is the hold-down: the finding itself lasts as long.
  resolveAfterMs: 0,
  evidence: ['N', 'E'],
  actions: ['cordon', 'delete-pod'],
  drill: { cause: 'refused by the kubelet of node-1: OutOfcpu', severity: 'info' },
  judge(pod, at) {
    if (failureClass(pod) !== 'refused') return [];
    const since = endedAt(pod);
    const quiet = at.setting('quiet');
    if (at.now - since >= quiet) return [];
    const node = pod.spec.nodeName;
    const count = refusedOn(node, pod, at, quiet);
    const said = shortened(pod.status.message.replace(/^Pod was rejected: /, ''), 100);
    const cause = `refused by the kubelet of ${node ?? 'its node'}: ${pod.status.reason}`;
    return [
      {
        since,
        holdMs: at.setting('hold'),
        severity: count >= at.setting('warnAfter') ? 'warning' : 'info',
        cause: said === '' ? cause : `${cause} (${said})`,
        causeClass: 'node',
        shares: node === undefined ? {} : { node },
        facts: [{ label: 'Refused on this node', value: `${count}` }],
        lookAgainAt: since + quiet,
      },
    ];
  },
});

function refusedOn(node: string | undefined, pod: SeenPod, at: Judging, quiet: number): number {
  if (node === undefined) return 1;
  let count = 0;
  for (const one of at.sight.podsOnNode(node))
    if (one === pod || (failureClass(one) === 'refused' && at.now - endedAt(one) < quiet)) count++;
  return count;
}
