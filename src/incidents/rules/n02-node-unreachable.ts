import {
  conditionOfNode,
  defineRule,
  isEmptyAndCordoned,
  isLeaving,
  isUpdating,
  lasting,
  MINUTE,
  moment,
  plural,
  podsAtRisk,
} from '../../sdk/rules.ts';

const UNREACHABLE = 'node.kubernetes.io/unreachable';

export default defineRule({
  id: 'N02',
  title: 'node unreachable',
  summary: 'The control plane has lost a node: it bears the taint node.kubernetes.io/unreachable.',
  kind: 'Node',
  domain: 'node',
  settings: {
    hold: lasting(5 * MINUTE, 'how long it is unreachable'),
    updating: lasting(15 * MINUTE, 'how long a node that is being updated may be away'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['N', 'E'],
  actions: ['cordon', 'describe'],
  source: 'KubeNodeUnreachable (kubernetes-mixin), with the taints of more autoscalers',
  drill: { cause: 'unreachable, last heartbeat 1 Jan 03:00 UTC, 14 pods at risk', severity: 'high' },
  judge(node, at) {
    const taints = node.spec.taints.filter(({ key }) => key === UNREACHABLE);
    if (taints.length === 0 || isLeaving(node) || isEmptyAndCordoned(node, at.sight)) return [];
    // The two effects are added one after the other; only NoExecute always carries its time.
    const times = taints.map(({ timeAdded }) => timeAdded).filter((time) => time > 0);
    const heartbeat = conditionOfNode(node, 'Ready')?.lastHeartbeatTime;
    const atRisk = podsAtRisk(node, at.sight);
    return [
      {
        since: times.length > 0 ? Math.min(...times) : undefined,
        holdMs: at.setting(isUpdating(node, at.sight) ? 'updating' : 'hold'),
        severity: 'high',
        cause: `unreachable${heartbeat ? `, last heartbeat ${moment(heartbeat)}` : ''}, ${plural(atRisk.length, 'pod')} at risk`,
        causeClass: 'node',
        shares: { node: node.metadata.name },
      },
    ];
  },
});
