import { defineRule, lasting, MINUTE } from '../../sdk/rules.ts';

export default defineRule({
  id: 'D03',
  title: 'daemon pods misscheduled',
  summary: 'A DaemonSet’s pods run on nodes where they should not.',
  kind: 'DaemonSet',
  domain: 'availability',
  settings: { hold: lasting(15 * MINUTE, 'with such pods') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['N', 'C'],
  actions: ['describe'],
  source: 'kubernetes-mixin KubeDaemonSetMisScheduled',
  drill: { cause: '2 nodes run its pod although taints or its node selector do not allow it', severity: 'warning' },
  judge(set, at) {
    const { numberMisscheduled: count } = set.status;
    if (count === 0) return [];
    const nodes = count === 1 ? '1 node runs' : `${count} nodes run`;
    return [
      {
        holdMs: at.setting('hold'),
        severity: 'warning',
        cause: `${nodes} its pod although taints or its node selector do not allow it`,
        causeClass: 'schedule',
      },
    ];
  },
});
