import { DAY, defineRule, isLeaving, isUpdating, lasting, MINUTE, moment } from '../../sdk/rules.ts';

/** Who cordons for longer says so: `kubectl annotate node harbour-2 shipmate/note="broken fan, ticket 4711"`. */
const NOTE = 'shipmate/note';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

export default defineRule({
  id: 'N06',
  title: 'node left cordoned',
  summary: `A node has been cordoned for a day, and no annotation ${NOTE} says why.`,
  kind: 'Node',
  domain: 'node',
  settings: { hold: lasting(DAY, 'how long it is cordoned') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['N', 'C'],
  actions: ['uncordon', 'describe'],
  drill: { cause: 'cordoned since 1 Jan 03:00 UTC, no note says why', severity: 'info' },
  judge(node, at) {
    if (!node.spec.unschedulable || node.metadata.annotations[NOTE] || isLeaving(node) || isUpdating(node, at.sight))
      return [];
    const since =
      node.spec.taints.find(({ key }) => key === UNSCHEDULABLE)?.timeAdded || at.memory.since('cordoned', true);
    return [
      {
        since,
        holdMs: at.setting('hold'),
        severity: 'info',
        cause: `cordoned since ${moment(since)}, no note says why`,
        causeClass: 'node',
        facts: [{ label: 'To keep it so', value: `annotate it with ${NOTE}` }],
        shares: { node: node.metadata.name },
      },
    ];
  },
});
