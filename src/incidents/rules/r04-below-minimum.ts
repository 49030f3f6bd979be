import {
  awaitsNode,
  conditionNamed,
  defineRule,
  deploymentProgress,
  type Judging,
  lasting,
  MINUTE,
  outageFinding,
  SECOND,
  type SeenDeployment,
  startingUntil,
} from '../../sdk/rules.ts';

/**
 * Fewer pods serve than the Deployment's strategy allows, although nothing is being rolled out (or the rollout has given up). With none at
 * all it is told after a minute; while a pod that was moved elsewhere is starting there, a little later.
 */
export default defineRule({
  id: 'R04',
  title: 'below minimum',
  summary: 'A Deployment has fewer available pods than its minimum: Available is False, and it is not rolling out.',
  kind: 'Deployment',
  domain: 'availability',
  settings: {
    hold: lasting(5 * MINUTE, 'while some pods serve'),
    helpedHold: lasting(10 * MINUTE, 'while some pods serve and a new node is on its way'),
    noneHold: lasting(60 * SECOND, 'when none does'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['L', 'X', 'E', 'N', 'C'],
  actions: ['logs', 'describe', 'restart', 'scale', 'rollback'],
  drill: { cause: 'none of 3 pods available: container app crashes: exit code 1 (app error)', severity: 'critical' },
  judge(deployment, at) {
    const progress = deploymentProgress(deployment, at.sight, at.now);
    const available = conditionNamed(deployment.status.conditions, 'Available');
    if ((progress !== 'finished' && progress !== 'stalled') || available?.status !== 'False') return [];
    const since = available.lastTransitionTime || at.memory.since('below minimum', true);
    const end = firesAt(deployment, at, since);
    return [
      {
        ...outageFinding(deployment, at.sight, at.now, 'available'),
        since,
        holdMs: Math.max(0, end - since),
        severity: deployment.status.availableReplicas === 0 ? 'critical' : 'high',
      },
    ];
  },
});

function firesAt(deployment: SeenDeployment, at: Judging, since: number): number {
  const startedAt = startingUntil(deployment, at.sight, at.now) ?? 0;
  const end = since + at.setting('hold');
  if (deployment.status.availableReplicas > 0) {
    // What the new node was waited for must not be told when it has come.
    const latest = since + at.setting('helpedHold');
    return awaitsNode(deployment, at.sight) ? latest : Math.max(end, Math.min(latest, startedAt));
  }
  const noneSince = Math.max(since, at.memory.since('none available', true));
  return Math.min(end, Math.max(noneSince + at.setting('noneHold'), startedAt));
}
