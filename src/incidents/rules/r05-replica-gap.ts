import { conditionNamed, defineRule, deploymentProgress, lasting, MINUTE, outageFinding } from '../../sdk/rules.ts';

/** Not below the minimum (R04), not rolling out, not being scaled: some pods have simply not come back. */
export default defineRule({
  id: 'R05',
  title: 'replica gap',
  summary:
    'A Deployment has had fewer available pods than wished for long, although neither a rollout nor scaling goes on.',
  kind: 'Deployment',
  domain: 'availability',
  settings: {
    hold: lasting(15 * MINUTE, 'of the gap'),
    still: lasting(10 * MINUTE, 'without the number of updated pods moving: scaling is no gap'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['L', 'X', 'E', 'N', 'C'],
  actions: ['describe', 'logs', 'scale'],
  source: 'kubernetes-mixin KubeDeploymentReplicasMismatch',
  drill: { cause: '2 of 3 pods available: no node fits: 3 insufficient cpu (of 3 nodes)', severity: 'warning' },
  judge(deployment, at) {
    const { spec, status } = deployment;
    if (deploymentProgress(deployment, at.sight, at.now) !== 'finished') return [];
    if (status.availableReplicas >= spec.replicas) return [];
    if (conditionNamed(status.conditions, 'Available')?.status === 'False') return [];
    const since = at.memory.since('gap', true);
    const still = at.memory.since('updated', status.updatedReplicas) + at.setting('still');
    return [
      {
        ...outageFinding(deployment, at.sight, at.now, 'available'),
        since,
        holdMs: Math.max(at.setting('hold'), still - since),
        severity: 'warning',
      },
    ];
  },
});
