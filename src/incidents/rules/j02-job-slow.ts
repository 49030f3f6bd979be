import {
  counting,
  cronJobOf,
  defineRule,
  type Finding,
  HOUR,
  humanDuration,
  isOver,
  type Judging,
  lasting,
  MINUTE,
  moment,
  type ObjectRef,
  p95,
  pastDurations,
  type SeenByKind,
  type SeenPod,
  stuckPod,
} from '../../sdk/rules.ts';

type Job = SeenByKind['Job'];

interface Limit {
  readonly ms: number;
  readonly why: string;
}

export default defineRule({
  id: 'J02',
  title: 'job slow',
  summary:
    'A Job runs for far longer than it should (12 h, nearly its deadline, 3 times its past runs), or its pod cannot start.',
  kind: 'Job',
  domain: 'job',
  settings: {
    start: lasting(5 * MINUTE, 'how long its pod may fail to start: image or configuration'),
    longest: lasting(12 * HOUR, 'no Job should run for longer'),
    deadlinePercent: counting(90, 'share of activeDeadlineSeconds after which it is told'),
    timesUsual: counting(3, 'times the 95th percentile of its past successful runs'),
    pastRuns: counting(3, 'so many past runs tell what is usual'),
    least: lasting(10 * MINUTE, 'a Job that runs for less is never slow'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['L', 'E'],
  actions: ['logs', 'describe'],
  source: 'KubeJobNotCompleted (kubernetes-mixin), with the deadline and past runs added',
  drill: { cause: 'runs since 1 Jan 03:00 UTC, 3 times as long as usual (12m)', severity: 'warning' },
  judge(job, at) {
    const { startTime, active } = job.status;
    if (startTime === undefined || active === 0 || job.spec.suspend || isOver(job)) return [];
    return [...cannotStart(job, at), ...slow(job, at, startTime)];
  },
});

/** Pods of Jobs are not judged by themselves, and one that never starts never fails: this is the only rule that sees it. */
function cannotStart(job: Job, at: Judging): readonly Finding[] {
  const stuck = stuckPod(job, at.sight);
  if (!stuck) return [];
  return [
    {
      key: 'start',
      holdMs: at.setting('start'),
      severity: 'warning',
      cause: `cannot start: ${stuck.ailment.cause}`,
      causeClass: stuck.ailment.causeClass,
      shares: stuck.ailment.shares,
      about: addressOf(stuck.pod),
      container: stuck.container,
    },
  ];
}

function slow(job: Job, at: Judging, startTime: number): readonly Finding[] {
  const limit = limitOf(job, at);
  // Not said before it is near: a finding that waits would keep the incident of an earlier run open.
  if (at.now < startTime + limit.ms - MINUTE) return [];
  return [
    {
      since: startTime,
      holdMs: limit.ms,
      severity: 'warning',
      cause: `runs since ${moment(startTime)}, ${limit.why}`,
      causeClass: 'schedule',
      facts: [{ label: 'Started', value: moment(startTime) }],
      about: firstActivePod(job, at),
    },
  ];
}

/** The one that is reached first. */
function limitOf(job: Job, at: Judging): Limit {
  const longest = at.setting('longest');
  const limits: Limit[] = [{ ms: longest, why: `for more than ${humanDuration(longest)}` }];
  const least = at.setting('least');
  const deadline = (job.spec.activeDeadlineSeconds ?? 0) * 1_000;
  // A short deadline leaves nobody the time to do something about it.
  if (deadline >= least) {
    const why = `its deadline of ${humanDuration(deadline)} (activeDeadlineSeconds) is near`;
    limits.push({ ms: (deadline * at.setting('deadlinePercent')) / 100, why });
  }
  const cronJob = cronJobOf(job);
  const past = cronJob === undefined ? [] : pastDurations(cronJob, at.sight);
  const usual = p95(past);
  if (usual !== undefined && past.length >= at.setting('pastRuns')) {
    const times = at.setting('timesUsual');
    limits.push({
      ms: Math.max(times * usual, least),
      why: `${times} times as long as usual (${humanDuration(usual)})`,
    });
  }
  return limits.reduce((first, limit) => (limit.ms < first.ms ? limit : first));
}

function firstActivePod(job: Job, { sight }: Judging): ObjectRef | undefined {
  const pod = sight.podsOf(job).find(({ status }) => status.phase === 'Running' || status.phase === 'Pending');
  return pod && addressOf(pod);
}

function addressOf({ metadata: { namespace, name, uid } }: SeenPod): ObjectRef {
  return { apiVersion: 'v1', kind: 'Pod', namespace, name, uid };
}
