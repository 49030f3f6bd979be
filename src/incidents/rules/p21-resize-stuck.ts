import { conditionOf, defineRule, isJudged, lasting, MINUTE, shortened } from '../../sdk/rules.ts';

/** Resizing in place, from Kubernetes 1.33: Infeasible never comes, Deferred comes when the node has room. */
export default defineRule({
  id: 'P21',
  title: 'resize stuck',
  summary: 'A pod was asked to take more or less in place, and its node does not do it.',
  kind: 'Pod',
  domain: 'availability',
  settings: { hold: lasting(10 * MINUTE, 'since it is pending') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['N', 'R'],
  actions: ['describe'],
  drill: { cause: 'resize is infeasible: node has too little cpu', severity: 'info' },
  judge(pod, at) {
    const pending = conditionOf(pod, 'PodResizePending');
    if (pending?.status !== 'True' || !isJudged(pod)) return [];
    if (pending.reason !== 'Infeasible' && pending.reason !== 'Deferred') return [];
    const said = shortened(pending.message, 100);
    return [
      {
        since: pending.lastTransitionTime || undefined,
        holdMs: at.setting('hold'),
        severity: 'info',
        cause: `resize is ${pending.reason.toLowerCase()}${said ? `: ${said}` : ''}`,
        causeClass: 'capacity',
        shares: pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName },
        facts: [{ label: 'Node', value: pod.spec.nodeName ?? '' }],
      },
    ];
  },
});
