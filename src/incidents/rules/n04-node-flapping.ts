import {
  conditionOfNode,
  counting,
  defineRule,
  isLeaving,
  isUpdating,
  lasting,
  MINUTE,
  plural,
} from '../../sdk/rules.ts';

export default defineRule({
  id: 'N04',
  title: 'node flapping',
  summary: 'A node becomes ready and not ready again and again.',
  kind: 'Node',
  domain: 'node',
  settings: {
    window: lasting(15 * MINUTE, 'in which changes of its readiness are counted'),
    changes: counting(2, 'so many changes are still calm'),
  },
  resolveAfterMs: 30 * MINUTE,
  evidence: ['N', 'E'],
  actions: ['cordon', 'describe'],
  source: 'KubeNodeReadinessFlapping (kubernetes-mixin)',
  drill: { cause: 'changed its readiness 4 times within 15 min', severity: 'warning' },
  judge(node, at) {
    const window = at.setting('window');
    // Between False and Unknown it is not ready all the time.
    const isReady = conditionOfNode(node, 'Ready')?.status === 'True';
    const changes = at.memory.changes('ready', isReady, window);
    const calm = at.setting('changes');
    if (changes.length <= calm || isLeaving(node) || isUpdating(node, at.sight)) return [];
    // It calms down when the change that is one too many is old enough.
    const oneTooMany = changes[changes.length - calm - 1] ?? at.now;
    return [
      {
        since: changes[0],
        holdMs: 0,
        severity: 'warning',
        lookAgainAt: oneTooMany + window + 1,
        cause: `changed its readiness ${plural(changes.length, 'time')} within ${Math.round(window / MINUTE)} min`,
        causeClass: 'node',
        shares: { node: node.metadata.name },
      },
    ];
  },
});
