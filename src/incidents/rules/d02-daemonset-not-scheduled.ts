import { defineRule, isObserved, lasting, MINUTE, outageFinding } from '../../sdk/rules.ts';

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
    const outage = outageFinding(set, at.sight, at.now, 'available');
    const said = `${desired - current} of ${desired} nodes have no pod`;
    return [
      {
        ...outage,
        holdMs: at.setting('hold'),
        severity: 'warning',
        cause: [said, ...outage.cause.split(': ').slice(1)].join(': '),
      },
    ];
  },
});
