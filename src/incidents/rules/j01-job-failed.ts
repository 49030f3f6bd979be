import {
  cronJobOf,
  defineRule,
  endingOf,
  type FailedPod,
  type Finding,
  failureOf,
  hasSucceeded,
  isOutOfMemory,
  isOver,
  lastFailedPod,
  laterRuns,
  MINUTE,
  plural,
  repeatedBy,
  rerunsOf,
  type SeenByKind,
  type SeenCondition,
  type Sight,
  shortened,
  someOf,
} from '../../sdk/rules.ts';

type Job = SeenByKind['Job'];

/** Never `status.failed > 0` alone: a Job that retries and then succeeds has done what it is for. */
export default defineRule({
  id: 'J01',
  title: 'job failed',
  summary: 'A Job was given up: its condition Failed is True. Retries are not failures.',
  kind: 'Job',
  domain: 'job',
  settings: {},
  resolveAfterMs: 2 * MINUTE,
  evidence: ['L', 'X', 'E'],
  actions: ['rerun', 'logs', 'describe'],
  source: 'KubeJobFailed (kubernetes-mixin), which ends only when the Job is deleted',
  drill: { cause: 'failed after 7 attempts: app ended with exit code 1 (app error)', severity: 'warning' },
  judge(job, { sight }) {
    const failure = failureOf(job);
    if (!failure || isSuperseded(job, failure, sight)) return [];
    const last = lastFailedPod(job, sight);
    return [
      {
        since: failure.lastTransitionTime || undefined,
        holdMs: 0,
        severity: 'warning',
        cause: causeOf(job, failure, last),
        causeClass: classOf(failure, last),
        facts: [...factsOf(job, failure, last), ...failedReruns(job, sight)],
        shares: { node: last?.pod.spec.nodeName },
        about: last ? { apiVersion: 'v1', kind: 'Pod', ...address(last) } : undefined,
        container: last?.container,
        // A rerun that fails, too, is the same trouble again.
        isFolded: cronJobOf(job) === undefined && repeatedBy(job, sight) !== undefined,
      },
    ];
  },
});

/** A newer run says how it stands now: well, or in an alert of its own. A rerun by hand counts once it has succeeded. */
function isSuperseded(job: Job, failure: SeenCondition, sight: Sight): boolean {
  if (laterRuns(job, sight).some(isOver) || rerunsOf(job, sight).some(hasSucceeded)) return true;
  // The run that succeeded may have been cleaned up already; its CronJob remembers.
  const cronJob = sight.byUid(cronJobOf(job) ?? '');
  return cronJob?.kind === 'CronJob' && (cronJob.status.lastSuccessfulTime ?? 0) > failure.lastTransitionTime;
}

function causeOf(job: Job, failure: SeenCondition, last: FailedPod | undefined): string {
  const ending = last ? `: ${endingOf(last)}` : '';
  switch (failure.reason) {
    case 'BackoffLimitExceeded':
      return `failed after ${plural(Math.max(job.status.failed, 1), 'attempt')}${ending}`;
    case 'DeadlineExceeded':
      return `stopped at its deadline of ${job.spec.activeDeadlineSeconds ?? '?'} s (activeDeadlineSeconds)${ending}`;
    case 'PodFailurePolicy':
      return `given up by its pod failure policy${ending}`;
    default:
      return `failed: ${shortened(failure.message || failure.reason || 'no reason given')}${ending}`;
  }
}

function classOf({ reason }: SeenCondition, last: FailedPod | undefined): Finding['causeClass'] {
  if (isOutOfMemory(last?.termination)) return 'oom';
  return last && reason !== 'DeadlineExceeded' ? 'crash' : 'other';
}

function factsOf(job: Job, { reason }: SeenCondition, last: FailedPod | undefined): NonNullable<Finding['facts']> {
  return [
    { label: 'Reason', value: reason || 'unknown' },
    { label: 'Failed pods', value: `${job.status.failed} (backoffLimit ${job.spec.backoffLimit})` },
    ...(last ? [{ label: 'Last pod', value: last.pod.metadata.name }] : []),
  ];
}

function failedReruns(job: Job, sight: Sight): NonNullable<Finding['facts']> {
  const failed = rerunsOf(job, sight).filter((rerun) => failureOf(rerun) !== undefined);
  return failed.length === 0
    ? []
    : [{ label: 'Failed again', value: someOf(failed.map(({ metadata }) => metadata.name)) }];
}

function address({ pod }: FailedPod): { readonly namespace: string; readonly name: string; readonly uid: string } {
  const { namespace, name, uid } = pod.metadata;
  return { namespace, name, uid };
}
