import {
  conditionOfNode,
  defineRule,
  type Finding,
  isEmptyAndCordoned,
  isLeaving,
  isUpdating,
  type Judging,
  lasting,
  MINUTE,
  moment,
  notReadySince,
  plural,
  podsAtRisk,
  type SeenByKind,
  shortened,
  someOf,
} from '../../sdk/rules.ts';

type Node = SeenByKind['Node'];

/** A node that was never ready has its Ready condition from about its creation. */
const BORN_WITHIN_MS = 60_000;

export default defineRule({
  id: 'N01',
  title: 'node not ready',
  summary: 'A node is not ready: its pods are about to be evicted.',
  kind: 'Node',
  domain: 'node',
  settings: {
    hold: lasting(2 * MINUTE, 'how long it is not ready'),
    high: lasting(4 * MINUTE, 'from then on it is high: pods are evicted after 300 s by default'),
    joining: lasting(10 * MINUTE, 'how long a new node may take to become ready'),
    updating: lasting(15 * MINUTE, 'how long a node that is being updated may be away'),
  },
  resolveAfterMs: 3 * MINUTE,
  evidence: ['N', 'E'],
  actions: ['cordon', 'describe'],
  source: 'KubeNodeNotReady (kubernetes-mixin)',
  drill: { cause: 'kubelet silent since 1 Jan 03:00 UTC, 14 pods at risk', severity: 'high' },
  judge(node, at) {
    const since = notReadySince(node);
    // Gone on purpose, or taken out and empty: an autoscaler, a spot market or a person knows about it.
    if (since === undefined || isLeaving(node) || isEmptyAndCordoned(node, at.sight)) return [];
    return [notReady(node, at, since)];
  },
});

function notReady(node: Node, at: Judging, since: number): Finding {
  const high = since + at.setting('high');
  const atRisk = podsAtRisk(node, at.sight);
  return {
    since,
    holdMs: holdOf(node, at, since),
    severity: at.now < high ? 'warning' : 'high',
    // The severity rises while nothing changes.
    lookAgainAt: at.now < high ? high : undefined,
    cause: `${stateOf(node)}, ${plural(atRisk.length, 'pod')} at risk`,
    causeClass: 'node',
    facts: factsOf(
      node,
      atRisk.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    ),
    shares: { node: node.metadata.name },
  };
}

function holdOf(node: Node, at: Judging, since: number): number {
  if (isUpdating(node, at.sight)) return at.setting('updating');
  const isJoining = since - node.metadata.creationTimestamp < BORN_WITHIN_MS;
  return at.setting(isJoining ? 'joining' : 'hold');
}

/** Unknown: the control plane has not heard from the kubelet. False: the kubelet itself says that it is not ready, and why. */
function stateOf(node: Node): string {
  const ready = conditionOfNode(node, 'Ready');
  if (!ready) return 'has never reported';
  // The last heartbeat may be 5 min older than the last sign of life: kubelets renew a lease instead.
  if (ready.status === 'Unknown') return `kubelet silent since ${moment(ready.lastTransitionTime)}`;
  return `not ready: ${shortened(ready.message || ready.reason || 'no reason given')}`;
}

function factsOf(node: Node, pods: readonly string[]): NonNullable<Finding['facts']> {
  const ready = conditionOfNode(node, 'Ready');
  // While the kubelet still reports, it would change with every report.
  const heartbeat = ready?.status === 'Unknown' ? ready.lastHeartbeatTime : 0;
  const taints = node.spec.taints.map(({ key, effect }) => `${key}:${effect}`);
  return [
    ...(heartbeat ? [{ label: 'Last heartbeat', value: moment(heartbeat) }] : []),
    ...(pods.length > 0 ? [{ label: 'Pods at risk', value: someOf(pods) }] : []),
    ...(taints.length > 0 ? [{ label: 'Taints', value: someOf(taints, 4) }] : []),
  ];
}
