import { defineRule, isSwitchedOff, lasting, MINUTE, metricsOf, targetOf } from '../../sdk/rules.ts';

export default defineRule({
  id: 'H02',
  title: 'autoscaler not followed',
  summary: 'A HorizontalPodAutoscaler wants another number of replicas than its target has, and nothing moves.',
  kind: 'HorizontalPodAutoscaler',
  domain: 'scaling',
  settings: { hold: lasting(15 * MINUTE, 'how long the current number stays another than the desired one') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E'],
  actions: ['describe'],
  source: 'KubeHpaReplicasMismatch (kubernetes-mixin)',
  drill: { cause: 'wants 6 replicas, its target stays at 3', severity: 'warning' },
  judge(hpa, at) {
    const { currentReplicas: current, desiredReplicas: desired } = hpa.status;
    const { minReplicas, maxReplicas } = hpa.spec;
    const isStuck = desired !== current && current > minReplicas && current < maxReplicas && !isSwitchedOff(hpa);
    if (!isStuck) return [];
    const metrics = metricsOf(hpa);
    return [
      {
        // Every step of the current number is progress.
        since: at.memory.since('current', current),
        holdMs: at.setting('hold'),
        severity: 'warning',
        cause: `wants ${desired} replicas, ${targetOf(hpa)} stays at ${current}`,
        causeClass: 'capacity',
        facts: [
          { label: 'Bounds', value: `${minReplicas}–${maxReplicas}` },
          ...(metrics === '' ? [] : [{ label: 'Metrics', value: metrics }]),
        ],
      },
    ];
  },
});
