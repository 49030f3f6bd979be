import {
  containersOf,
  counting,
  crashLoop,
  DAY,
  defineRule,
  exitText,
  type Finding,
  isJudged,
  isPerfect,
  type Judging,
  lasting,
  lastTermination,
  MINUTE,
  type PodContainer,
  type SeenPod,
} from '../../sdk/rules.ts';

/** Too rare to be a crash loop (P01), too often to be nothing: a line in the digest. What looped within the day was told by P01. */
export default defineRule({
  id: 'P19',
  title: 'slow restarts',
  summary: 'A container restarts every few hours.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(0, 'so many within the window are the hold'),
    window: lasting(DAY, 'within which restarts count'),
    restarts: counting(3, 'restarts within the window'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['X', 'L'],
  actions: ['logs'],
  drill: { cause: '3 restarts within a day, last: exit code 1 (app error)', severity: 'info' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod)) return [];
    return containersOf(pod)
      .filter(({ role }) => role !== 'init')
      .flatMap((container) => judgeContainer(container, pod, at));
  },
});

/** As P01 has it by default. */
const LOOP = { restarts: 3, windowMs: 10 * MINUTE };

function judgeContainer(container: PodContainer, pod: SeenPod, at: Judging): readonly Finding[] {
  const { status, name } = container;
  const ended = lastTermination(status);
  const windowMs = at.setting('window');
  if (status.restartCount === 0 || ended === undefined || at.now - ended.finishedAt >= windowMs) return [];
  const restarts = at.memory.rise(
    `daily ${name}`,
    status.restartCount,
    windowMs,
    baseline(container, pod, at, windowMs),
  );
  const isLoop = crashLoop(container, pod, at, LOOP) !== undefined;
  const hasLooped = at.memory.changes(`looped ${name}`, isLoop, windowMs).length > 0;
  // What does not run now has a trouble of its own.
  if (isLoop || hasLooped || !status.state.running || restarts < at.setting('restarts')) return [];
  return [
    {
      key: name,
      container: name,
      holdMs: at.setting('hold'),
      severity: 'info',
      cause: `${restarts} restarts within a day, last: ${exitText(ended)}`,
      causeClass: 'crash',
      facts: [{ label: 'Container', value: name }],
      lookAgainAt: ended.finishedAt + windowMs,
    },
  ];
}

/** What was restarted before anybody looked is not known, except for a pod that is younger than the window. */
function baseline({ status }: PodContainer, pod: SeenPod, at: Judging, windowMs: number): number {
  return at.now - pod.metadata.creationTimestamp < windowMs ? 0 : status.restartCount - 1;
}
