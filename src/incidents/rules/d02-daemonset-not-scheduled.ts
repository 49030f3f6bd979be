import { defineRule, failedCreate, isObserved, lasting, MINUTE } from '../../sdk/rules.ts';

export default defineRule({
  id: 'D02',
  title: 'daemon pods missing',
  summary: 'Some nodes that should run a DaemonSet’s pod have none.',
  kind: 'DaemonSet',
  domain: 'availability',
  settings: { hold: lasting(10 * MINUTE, 'with nodes that have no pod') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E', 'N'],
  actions: ['describe'],
  source: 'kubernetes-mixin KubeDaemonSetNotScheduled',
  drill: { cause: '2 of 15 nodes have no pod: pods cannot be created: quota compute is full', severity: 'warning' },
  judge(set, at) {
    const { desiredNumberScheduled: desired, currentNumberScheduled: current } = set.status;
    if (!isObserved(set) || current >= desired) return [];
    const refusal = failedCreate(set, at.sight, 1);
    const why = refusal ? `: pods cannot be created: ${refusal.what}` : '';
    return [
      {
        holdMs: at.setting('hold'),
        severity: 'warning',
        cause: `${desired - current} of ${desired} nodes have no pod${why}`,
        causeClass: refusal ? 'admission' : 'schedule',
        shares: refusal?.shares ?? {},
      },
    ];
  },
});
