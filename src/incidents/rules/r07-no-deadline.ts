import {
  countersSince,
  counterText,
  defineRule,
  deploymentProgress,
  hasOldPods,
  isRolloutUnfinished,
  type Judging,
  lasting,
  MINUTE,
  NO_DEADLINE,
  revisionsOf,
  SECOND,
  type SeenDeployment,
  stallVerdict,
  verdictFinding,
} from '../../sdk/rules.ts';

/** So soon after a new revision its first pods are missing; later it is an outage (R04). */
const BEGINNING_MS = 60 * SECOND;

/** Without a deadline the controller keeps no Progressing condition and never gives up: we time the counters ourselves. */
export default defineRule({
  id: 'R07',
  title: 'rollout without end',
  summary: 'A rollout without a progress deadline stands still: no counter has moved for long.',
  kind: 'Deployment',
  domain: 'rollout',
  settings: { hold: lasting(10 * MINUTE, 'without any counter moving') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['D', 'I', 'C', 'L', 'X', 'E', 'N'],
  actions: ['rollback', 'pause', 'logs', 'describe'],
  drill: {
    cause: 'new pods are not ready and do not say why; 2 of 3 pods serve; it never gives up: no progress deadline',
    severity: 'high',
  },
  judge(deployment, at) {
    if (deployment.spec.progressDeadlineSeconds !== NO_DEADLINE || !isRolling(deployment, at)) return [];
    const since = countersSince(at.memory, counterText(deployment), revisionName(deployment, at));
    return [
      {
        ...verdictFinding(stallVerdict(deployment, at.sight, at.now, since)),
        since,
        holdMs: at.setting('hold'),
        severity: 'high',
      },
    ];
  },
});

/** Old pods beside new ones tell it; otherwise whether pods began to miss together with the newest revision. */
function isRolling(deployment: SeenDeployment, at: Judging): boolean {
  const progress = deploymentProgress(deployment, at.sight, at.now);
  if (progress === 'unobserved' || progress === 'resting') return false;
  const unfinished = isRolloutUnfinished(deployment);
  const begun = at.memory.since('revision', revisionName(deployment, at));
  const missingSince = at.memory.since('unfinished', unfinished);
  return unfinished && (hasOldPods(deployment) || missingSince - begun <= BEGINNING_MS);
}

function revisionName(deployment: SeenDeployment, { sight }: Judging): string {
  return revisionsOf(deployment, sight)[0]?.metadata.name ?? deployment.spec.template.digest;
}
