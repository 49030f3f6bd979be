import {
  conditionNamed,
  defineRule,
  deploymentProgress,
  lasting,
  MINUTE,
  stallVerdict,
  verdictFinding,
} from '../../sdk/rules.ts';

/**
 * The controller's own verdict, at the moment it falls: its deadline was the hold. It never comes after a rollout has finished (later
 * outages are R04), and not while the rollout is paused or the newest spec is not observed yet.
 */
export default defineRule({
  id: 'R01',
  title: 'rollout stalled',
  summary:
    'A Deployment’s rollout made no progress within its deadline: Progressing is False, ProgressDeadlineExceeded.',
  kind: 'Deployment',
  domain: 'rollout',
  settings: { hold: lasting(0, 'after the controller gave up') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['D', 'I', 'C', 'L', 'X', 'E', 'N'],
  actions: ['rollback', 'pause', 'logs', 'describe', 'restart'],
  source: 'kubernetes-mixin KubeDeploymentRolloutStuck',
  drill: {
    cause:
      'new image "registry.example.com/shop/web:9" cannot be pulled: not found (registry.example.com); 2 of 3 old pods still serve; gave up after 10m',
    severity: 'high',
  },
  judge(deployment, at) {
    if (deploymentProgress(deployment, at.sight, at.now) !== 'stalled') return [];
    const progressing = conditionNamed(deployment.status.conditions, 'Progressing');
    return [
      {
        ...verdictFinding(stallVerdict(deployment, at.sight, at.now)),
        since: progressing?.lastTransitionTime || undefined,
        holdMs: at.setting('hold'),
        severity: 'high',
      },
    ];
  },
});
