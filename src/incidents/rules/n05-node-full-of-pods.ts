import { counting, defineRule, isUnfinished, lasting, MINUTE, percent, quantityOf } from '../../sdk/rules.ts';

export default defineRule({
  id: 'N05',
  title: 'node full of pods',
  summary: 'A node runs nearly as many pods as its kubelet allows.',
  kind: 'Node',
  domain: 'node',
  settings: {
    hold: lasting(15 * MINUTE, 'how long it is that full'),
    nearlyPercent: counting(95, 'share of the allocatable pods'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['N'],
  actions: ['cordon', 'describe'],
  source: 'KubeletTooManyPods (kubernetes-mixin)',
  drill: { cause: 'runs at least 95% of the 110 pods that it can', severity: 'info' },
  judge(node, at) {
    const room = quantityOf(node.status.allocatable.pods) ?? 0;
    // Virtual kubelets announce one pod, and hold it.
    if (room <= 1) return [];
    let pods = 0;
    for (const pod of at.sight.podsOnNode(node.metadata.name)) if (isUnfinished(pod)) pods++;
    const nearly = at.setting('nearlyPercent');
    if (pods * 100 < room * nearly) return [];
    return [
      {
        holdMs: at.setting('hold'),
        severity: 'info',
        // No exact number: it changes with each pod, and each change would be an edit.
        cause:
          pods >= room
            ? `runs all ${room} pods that it can`
            : `runs at least ${percent(nearly / 100)} of the ${room} pods that it can`,
        causeClass: 'capacity',
        shares: { node: node.metadata.name },
      },
    ];
  },
});
