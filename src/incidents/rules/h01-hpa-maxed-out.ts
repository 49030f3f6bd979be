import { conditionOfHpa, defineRule, isSwitchedOff, lasting, MINUTE, metricsOf, targetOf } from '../../sdk/rules.ts';

export default defineRule({
  id: 'H01',
  title: 'autoscaler at its maximum',
  summary: 'A HorizontalPodAutoscaler stands at maxReplicas: it can add no more pods.',
  kind: 'HorizontalPodAutoscaler',
  domain: 'scaling',
  settings: { hold: lasting(15 * MINUTE, 'how long at the maximum') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E'],
  actions: ['describe'],
  source: 'KubeHpaMaxedOut (kubernetes-mixin)',
  drill: { cause: 'at its maximum of 10 replicas and asks for more', severity: 'warning' },
  judge(hpa, at) {
    const { minReplicas, maxReplicas } = hpa.spec;
    const isAtMaximum = hpa.status.currentReplicas === maxReplicas && maxReplicas !== minReplicas && maxReplicas > 0;
    if (!isAtMaximum || isSwitchedOff(hpa)) return [];
    const limited = conditionOfHpa(hpa, 'ScalingLimited');
    const asksForMore = limited?.status === 'True' && limited.reason === 'TooManyReplicas';
    const metrics = metricsOf(hpa);
    return [
      {
        // Together with the bound: who lowers the maximum starts the hold anew, who restarts Shipmate does not.
        since: at.memory.since('maximum', maxReplicas),
        holdMs: at.setting('hold'),
        severity: 'warning',
        cause: `at its maximum of ${maxReplicas} replicas${asksForMore ? ' and asks for more' : ''}`,
        causeClass: 'capacity',
        facts: [
          { label: 'Scales', value: targetOf(hpa) },
          { label: 'Replicas', value: `${hpa.status.currentReplicas} (${minReplicas}–${maxReplicas})` },
          ...(metrics === '' ? [] : [{ label: 'Metrics', value: metrics }]),
        ],
      },
    ];
  },
});
