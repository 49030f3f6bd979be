import {
  conditionOf,
  defineRule,
  isJudged,
  isPerfect,
  isUnschedulable,
  type Judging,
  lasting,
  MINUTE,
  noFitText,
  ownerHealth,
  parseNoFit,
  type SeenPod,
  storageClassOf,
} from '../../sdk/rules.ts';

/** Gated pods wait on purpose and are none. Where a new node is on its way, it is given the time to come (botkube#478). */
export default defineRule({
  id: 'P06',
  title: 'unschedulable',
  summary: 'No node takes a pod.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(5 * MINUTE, 'since the scheduler said so'),
    helpedHold: lasting(10 * MINUTE, 'when the autoscaler adds a node or others are preempted for it'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E', 'R'],
  actions: ['scale', 'describe'],
  source: 'kubernetes-mixin KubePodNotReady',
  drill: { cause: 'no node fits: 3 insufficient cpu, 1 cordoned (of 4 nodes)', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod) || !isUnschedulable(pod)) return [];
    const scheduled = conditionOf(pod, 'PodScheduled');
    const message = scheduled?.message ?? '';
    const storageClass = parseNoFit(message).isVolume ? storageClassOf(pod, at.sight) : undefined;
    return [
      {
        since: scheduled?.lastTransitionTime || pod.metadata.creationTimestamp,
        holdMs: at.setting(isHelped(pod, at) ? 'helpedHold' : 'hold'),
        severity: isOwnerBelowMinimum(pod, at) ? 'high' : 'warning',
        cause: noFitText(message),
        causeClass: 'unschedulable',
        shares: storageClass === undefined ? {} : { storageClass },
        facts: requestFacts(pod),
      },
    ];
  },
});

function isHelped(pod: SeenPod, at: Judging): boolean {
  if (pod.status.nominatedNodeName) return true;
  return at.sight
    .events(pod.metadata.uid)
    .some(({ reason }) => reason === 'TriggeredScaleUp' || reason === 'Nominated');
}

function isOwnerBelowMinimum(pod: SeenPod, at: Judging): boolean {
  const health = ownerHealth(pod, at.sight);
  return health !== undefined && health.available < health.minimum;
}

function requestFacts(pod: SeenPod): readonly { label: string; value: string }[] {
  const asked = pod.spec.containers
    .map(({ name, requests }) => ({
      name,
      text: Object.entries(requests)
        .map((pair) => pair.join(' '))
        .join(', '),
    }))
    .filter(({ text }) => text !== '');
  return asked.length === 0
    ? []
    : [{ label: 'Asks for', value: asked.map(({ name, text }) => `${name}: ${text}`).join('; ') }];
}
