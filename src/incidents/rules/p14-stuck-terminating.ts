import {
  defineRule,
  type Judging,
  lasting,
  lastWords,
  MINUTE,
  ownerHealth,
  type SeenPod,
  type Shared,
} from '../../sdk/rules.ts';

/** `deletionTimestamp` is the end of the grace period, not its beginning: before it nothing is late, and nothing has to be added. */
export default defineRule({
  id: 'P14',
  title: 'stuck terminating',
  summary: 'A pod is deleted and does not go.',
  kind: 'Pod',
  domain: 'availability',
  judgesTerminating: true,
  settings: { hold: lasting(5 * MINUTE, 'after the end of its grace period') },
  // It is over when the object is gone.
  resolveAfterMs: 0,
  evidence: ['E', 'N'],
  actions: ['describe', 'delete-pod'],
  drill: { cause: 'does not go: finalizer example.com/backup is still set', severity: 'warning' },
  judge(pod, at) {
    const since = pod.metadata.deletionTimestamp;
    // Still within its grace period, which may be long: the sweep comes back.
    if (since === undefined || since > at.now) return [];
    const { cause, shares } = whyNotGone(pod, at);
    const blocks = whatItBlocks(pod, at);
    return [
      {
        since,
        holdMs: at.setting('hold'),
        severity: blocks === undefined ? 'warning' : 'high',
        cause: blocks === undefined ? cause : `${cause}; it holds up ${blocks}`,
        causeClass: 'terminating',
        shares,
        facts: [
          { label: 'Finalizers', value: pod.metadata.finalizers?.join(', ') || 'none' },
          { label: 'Node', value: pod.spec.nodeName ?? 'none' },
        ],
      },
    ];
  },
});

function whatItBlocks(pod: SeenPod, at: Judging): string | undefined {
  const node = pod.spec.nodeName;
  if (node !== undefined && at.sight.get('Node', '', node)?.spec.unschedulable) return `the drain of ${node}`;
  return ownerHealth(pod, at.sight)?.isRolling ? 'the rollout' : undefined;
}

function whyNotGone(pod: SeenPod, at: Judging): { readonly cause: string; readonly shares: Shared } {
  const node = pod.spec.nodeName;
  const trouble = node === undefined ? undefined : nodeTrouble(node, at);
  if (node !== undefined && trouble) return { cause: `does not go: ${trouble}`, shares: { node } };
  const event = at.sight.events(pod.metadata.uid).find(({ reason }) => reason === 'FailedKillPod');
  if (event && node !== undefined)
    return {
      cause: `does not go: cannot be killed: ${lastWords(event.message.replace(/^error killing pod: /, ''))}`,
      shares: { node },
    };
  const { finalizers = [] } = pod.metadata;
  const running = pod.status.containerStatuses.filter(({ state }) => state.running !== undefined);
  if (finalizers.length > 0 && running.length === 0)
    return { cause: `does not go: finalizer ${finalizers.join(', ')} is still set`, shares: {} };
  if (running.length > 0)
    return { cause: `does not go: ${running.map(({ name }) => name).join(', ')} still runs`, shares: {} };
  return { cause: 'does not go: its containers have ended, but the kubelet has not let it go', shares: {} };
}

function nodeTrouble(name: string, at: Judging): string | undefined {
  const node = at.sight.get('Node', '', name);
  if (node === undefined) return undefined;
  const ready = node.status.conditions.find(({ type }) => type === 'Ready');
  return ready !== undefined && ready.status !== 'True'
    ? `${name} is not ready, so nobody says that it has ended`
    : undefined;
}
