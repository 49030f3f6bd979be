import {
  conditionOf,
  defineRule,
  isJudged,
  isPerfect,
  lasting,
  MINUTE,
  sandboxTrouble,
  scheduledSince,
} from '../../sdk/rules.ts';

/** A slow pull is none of it: the sandbox stands by then. An init container that fails or waits is P15. */
export default defineRule({
  id: 'P05',
  title: 'no sandbox or volume',
  summary: 'A pod has a node, but gets no network, no sandbox or no volumes there.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(5 * MINUTE, 'since the pod has a node'),
    claimHold: lasting(10 * MINUTE, 'the same with PersistentVolumeClaims: attaching takes its time'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E', 'N'],
  actions: ['describe', 'delete-pod'],
  source: 'kubernetes-mixin KubeContainerWaiting',
  drill: { cause: 'volume "data" cannot be mounted: timed out waiting for the condition', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod)) return [];
    const since = scheduledSince(pod);
    if (since === undefined) return [];
    const trouble = sandboxTrouble(pod, at.sight, at.now);
    if (!trouble) return [];
    return [
      {
        since,
        holdMs: at.setting(pod.spec.claims.length > 0 ? 'claimHold' : 'hold'),
        severity: 'warning',
        cause: trouble.cause,
        causeClass: trouble.causeClass,
        shares: trouble.shares,
        facts: [
          { label: 'Node', value: pod.spec.nodeName ?? '' },
          ...(pod.spec.claims.length > 0 ? [{ label: 'Claims', value: pod.spec.claims.join(', ') }] : []),
          {
            label: 'Ready for containers',
            value: conditionOf(pod, 'PodReadyToStartContainers')?.status ?? 'not told',
          },
        ],
      },
    ];
  },
});
