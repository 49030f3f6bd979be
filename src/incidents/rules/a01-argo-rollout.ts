import {
  conditionNamed,
  defineRule,
  type Finding,
  HOUR,
  type Judging,
  lasting,
  MINUTE,
  SECOND,
  type SeenRollout,
  stallVerdict,
  verdictFinding,
} from '../../sdk/rules.ts';

/** The phase jumps while the controller works (argo-rollouts#3534): only what stays counts. */
export default defineRule({
  id: 'A01',
  title: 'Argo rollout degraded',
  summary: 'An Argo Rollout is Degraded (deadline, abort, invalid spec), or waits for a promotion that nobody gives.',
  kind: 'Rollout',
  domain: 'rollout',
  settings: {
    hold: lasting(60 * SECOND, 'of being Degraded without a break'),
    pauseHold: lasting(HOUR, 'of a pause that does not end by itself'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['D', 'I', 'C', 'E', 'L'],
  actions: ['describe', 'logs'],
  source: 'argo-rollouts#3534',
  drill: { cause: 'RolloutAborted: metric "success-rate" assessed Failed', severity: 'high' },
  judge(rollout, at) {
    if (rollout.spec.replicas === 0) return [];
    if (rollout.status.phase === 'Degraded') return [degraded(rollout, at)];
    if (rollout.status.phase === 'Paused' && !rollout.status.pauseHasDuration) return [waiting(rollout, at)];
    return [];
  },
});

function degraded(rollout: SeenRollout, at: Judging): Finding {
  const verdict = verdictFinding(stallVerdict(rollout, at.sight, at.now));
  const reason = reasonOf(rollout);
  const said = rollout.status.message.replace(/\s+/g, ' ').trim();
  const own = [reason, said.startsWith(`${reason}: `) ? said.slice(reason.length + 2) : said]
    .filter(Boolean)
    .join(': ');
  const isExplained = verdict.causeClass !== 'unknown';
  return {
    ...verdict,
    key: 'degraded',
    since: at.memory.since('phase', 'Degraded'),
    holdMs: at.setting('hold'),
    severity: 'high',
    cause: isExplained ? `${reason || 'Degraded'}: ${verdict.cause}` : own || 'Degraded without a reason',
    facts: [...(said ? [{ label: 'Argo says', value: said }] : []), ...(verdict.facts ?? [])],
  };
}

const REASONS = ['InvalidSpec', 'Progressing'] as const;

function reasonOf({ status }: SeenRollout): string {
  for (const type of REASONS) {
    const condition = conditionNamed(status.conditions, type);
    if (type === 'InvalidSpec' && condition?.status === 'True') return 'InvalidSpec';
    if (type === 'Progressing' && condition?.status === 'False' && condition.reason) return condition.reason;
  }
  return status.abort ? 'RolloutAborted' : '';
}

function waiting(rollout: SeenRollout, at: Judging): Finding {
  const said = rollout.status.message.trim();
  return {
    key: 'paused',
    since: rollout.status.pauseStartTime || undefined,
    holdMs: at.setting('pauseHold'),
    severity: 'info',
    cause: `paused until somebody promotes it${said ? ` (${said})` : ''}`,
    causeClass: 'other',
  };
}
