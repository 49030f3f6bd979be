import {
  DAY,
  defineRule,
  type Finding,
  fireAfter,
  firesAt,
  type Judging,
  lasting,
  MINUTE,
  moment,
  nextFire,
  refusalOf,
  type Schedule,
  type SeenByKind,
  scheduleOf,
  shortened,
} from '../../sdk/rules.ts';

type CronJob = SeenByKind['CronJob'];

/** What changes of schedule and suspension are remembered for. */
const REMEMBERED_MS = 60 * DAY;

export default defineRule({
  id: 'J03',
  title: 'cron job missed',
  summary: 'A CronJob did not start a run that its schedule asked for.',
  kind: 'CronJob',
  domain: 'job',
  settings: { grace: lasting(5 * MINUTE, 'how late a run may start; startingDeadlineSeconds where that is longer') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E'],
  actions: ['rerun', 'describe'],
  drill: { cause: 'the run of 1 Jan 03:00 UTC did not start', severity: 'warning' },
  judge(cronJob, at) {
    // Asked first, so that a change is remembered whatever comes next.
    const changedAt = lastChange(cronJob, at);
    const schedule = scheduleOf(cronJob.spec);
    if (cronJob.spec.suspend || !schedule) return [];
    const expected = expectedAt(cronJob, schedule, changedAt);
    if (expected === undefined || at.now < expected) return [];
    const grace = Math.max((cronJob.spec.startingDeadlineSeconds ?? 0) * 1_000, at.setting('grace'));
    return [missed(cronJob, at, expected, grace)];
  },
});

/** When the schedule was last edited or the CronJob resumed, as far as it was seen; 0: never. */
function lastChange({ spec }: CronJob, { memory }: Judging): number {
  const edits = memory.changes('schedule', `${spec.timeZone ?? ''} ${spec.schedule}`, REMEMBERED_MS);
  const resumptions = memory.changes('suspend', spec.suspend, REMEMBERED_MS);
  return Math.max(edits.at(-1) ?? 0, resumptions.at(-1) ?? 0);
}

/** The first run that should have followed the last one. A young, edited or resumed CronJob owes nothing from before. */
function expectedAt({ metadata, spec, status }: CronJob, schedule: Schedule, changedAt: number): number | undefined {
  const from = Math.max(status.lastScheduleTime ?? metadata.creationTimestamp, changedAt);
  // Without a time zone the controller's own one counts. A last run that does not fit UTC gives it away: then one run more is waited for.
  const isElsewhere =
    spec.timeZone === undefined && status.lastScheduleTime !== undefined && !firesAt(schedule, status.lastScheduleTime);
  return isElsewhere ? fireAfter(schedule, from, 2) : nextFire(schedule, from);
}

/** Warnings of the CronJob controller that say why it started nothing (pkg/controller/cronjob). */
const REASONS = ['FailedCreate', 'UnknownTimeZone', 'UnparseableSchedule', 'TooManyMissedTimes', 'FailedNeedsStart'];

function missed(cronJob: CronJob, at: Judging, expected: number, grace: number): Finding {
  const { metadata, spec, status } = cronJob;
  const running = status.active[0];
  const isHeldBack = spec.concurrencyPolicy === 'Forbid' && running !== undefined;
  const told = at.sight
    .events(metadata.uid)
    .find(({ reason, lastTimestamp }) => REASONS.includes(reason) && lastTimestamp >= expected);
  const refusal = told?.reason === 'FailedCreate' ? refusalOf(told.message, metadata.namespace) : undefined;
  const why = refusal?.what ?? (told ? shortened(told.message) : '');
  return {
    since: expected,
    holdMs: grace,
    // Skipping is what Forbid is for; whether the run before is ill is J02's question.
    severity: isHeldBack ? 'info' : 'warning',
    cause: isHeldBack
      ? `the run of ${moment(expected)} was skipped: ${running} still runs (concurrencyPolicy Forbid)`
      : `the run of ${moment(expected)} did not start${why === '' ? '' : `: ${why}`}`,
    causeClass: refusal ? 'admission' : 'schedule',
    shares: refusal?.shares ?? {},
    facts: [
      { label: 'Schedule', value: spec.timeZone ? `${spec.schedule} (${spec.timeZone})` : spec.schedule },
      { label: 'Last run', value: status.lastScheduleTime ? moment(status.lastScheduleTime) : 'none yet' },
    ],
  };
}
