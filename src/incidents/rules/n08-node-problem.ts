import { defineRule, isLeaving, lasting, MINUTE, problemsOf, shortened } from '../../sdk/rules.ts';

export default defineRule({
  id: 'N08',
  title: 'node problem',
  summary: 'A problem detector has set a condition of its own on a node, such as KernelDeadlock or ReadonlyFilesystem.',
  kind: 'Node',
  domain: 'node',
  settings: { hold: lasting(5 * MINUTE, 'how long the condition is True') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['N', 'E'],
  actions: ['cordon', 'describe'],
  source: 'node-problem-detector',
  drill: { cause: 'ReadonlyFilesystem: filesystem on /dev/sda1 is read-only', severity: 'warning' },
  judge(node, at) {
    if (isLeaving(node)) return [];
    return problemsOf(node).map(({ type, reason, message, lastTransitionTime }) => ({
      key: type,
      since: lastTransitionTime || undefined,
      holdMs: at.setting('hold'),
      severity: 'warning',
      cause: `${type}: ${shortened(message || reason || 'no message')}`,
      causeClass: 'node',
      facts: reason === '' ? [] : [{ label: 'Reason', value: reason }],
      shares: { node: node.metadata.name },
    }));
  },
});
