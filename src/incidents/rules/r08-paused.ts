import { conditionNamed, defineRule, HOUR, isObserved, lasting, MINUTE } from '../../sdk/rules.ts';

/** Paused with a template that no pod (or not every pod) has: somebody began something and went home. */
export default defineRule({
  id: 'R08',
  title: 'paused rollout',
  summary: 'A Deployment has been paused for long although its template has changed.',
  kind: 'Deployment',
  domain: 'rollout',
  settings: { hold: lasting(24 * HOUR, 'of being paused') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['C', 'D'],
  actions: ['resume', 'rollback'],
  drill: { cause: 'paused with a changed template: 0 of 3 pods have it', severity: 'info' },
  judge(deployment, at) {
    const { spec, status } = deployment;
    if (!spec.paused || spec.replicas === 0 || !isObserved(deployment)) return [];
    if (status.updatedReplicas >= spec.replicas) return [];
    const progressing = conditionNamed(status.conditions, 'Progressing');
    const pausedAt = progressing?.reason === 'DeploymentPaused' ? progressing.lastTransitionTime : 0;
    return [
      {
        since: pausedAt || undefined,
        holdMs: at.setting('hold'),
        severity: 'info',
        cause: `paused with a changed template: ${status.updatedReplicas} of ${spec.replicas} pods have it`,
        causeClass: 'other',
      },
    ];
  },
});
