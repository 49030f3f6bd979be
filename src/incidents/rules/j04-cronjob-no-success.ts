import {
  counting,
  DAY,
  defineRule,
  fireAfter,
  type Judging,
  lasting,
  MINUTE,
  moment,
  nextFire,
  pastDurations,
  type SeenByKind,
  scheduleOf,
} from '../../sdk/rules.ts';

type CronJob = SeenByKind['CronJob'];

const REMEMBERED_MS = 60 * DAY;

export default defineRule({
  id: 'J04',
  title: 'cron job without success',
  summary: 'No run of a CronJob has succeeded for three periods, although runs were started.',
  kind: 'CronJob',
  domain: 'job',
  settings: {
    periods: counting(3, 'periods without a success'),
    grace: lasting(5 * MINUTE, 'on top of them and of the longest past run'),
    least: lasting(15 * MINUTE, 'it is never told sooner than so long after a success'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['L', 'X', 'E'],
  actions: ['rerun', 'describe'],
  drill: { cause: 'no run has succeeded since 1 Jan 03:00 UTC', severity: 'high' },
  judge(cronJob, at) {
    const resumedAt = at.memory.changes('suspend', cronJob.spec.suspend, REMEMBERED_MS).at(-1) ?? 0;
    const { lastScheduleTime, lastSuccessfulTime } = cronJob.status;
    // A run that was never started is J03's to tell.
    if (cronJob.spec.suspend || lastScheduleTime === undefined || lastScheduleTime <= (lastSuccessfulTime ?? 0))
      return [];
    const due = dueAt(cronJob, at, resumedAt);
    // Not said before it is near: a finding that waits would keep the incident of a failed run open.
    if (due === undefined || at.now < due.at - MINUTE) return [];
    return [
      {
        since: due.from,
        holdMs: due.at - due.from,
        severity: 'high',
        cause:
          lastSuccessfulTime === undefined
            ? 'no run has ever succeeded'
            : `no run has succeeded since ${moment(lastSuccessfulTime)}`,
        causeClass: 'schedule',
        facts: [
          { label: 'Schedule', value: cronJob.spec.schedule },
          { label: 'Last run', value: moment(lastScheduleTime) },
        ],
      },
    ];
  },
});

/** When the patience begins and ends. It is counted on the calendar, so that a pause over the weekend is one period. */
function dueAt(cronJob: CronJob, at: Judging, resumedAt: number): { from: number; at: number } | undefined {
  const { metadata, status, spec } = cronJob;
  const schedule = scheduleOf(spec);
  const from = Math.max(status.lastSuccessfulTime ?? metadata.creationTimestamp, resumedAt);
  // Looked up only when it may matter: calendars and time zones are not cheap.
  if (!schedule || at.now < from + at.setting('least')) return undefined;
  const next = nextFire(schedule, from);
  const following = next && nextFire(schedule, next);
  const last = next && fireAfter(schedule, next, at.setting('periods') - 1);
  if (next === undefined || following === undefined || last === undefined) return undefined;
  // As far into the last period as the success was into its own.
  const into = Math.max(0, following - next - (next - from));
  const longestRun = pastDurations(metadata.uid, at.sight).at(-1) ?? 0;
  const due = Math.max(last + into + longestRun, from + at.setting('least')) + at.setting('grace');
  // A long pause that nobody saw ends with a run: that one may finish first.
  const afterRun = status.active.length > 0 ? (status.lastScheduleTime ?? 0) + at.setting('least') + longestRun : 0;
  return { from, at: Math.max(due, afterRun) };
}
