import {
  ailmentOf,
  counting,
  crashLoop,
  defineRule,
  type Finding,
  isJudged,
  isPerfect,
  type Judging,
  lasting,
  lastTermination,
  MINUTE,
  mainContainers,
  type PodContainer,
  type SeenPod,
} from '../../sdk/rules.ts';

/**
 * The kubelet kills the container because a probe fails. Told of here, not as a crash loop (P01): the exit code is the kill's, not the
 * program's. Once the events that say so are gone (an hour), it is a crash loop like any other.
 */
export default defineRule({
  id: 'P09',
  title: 'killed by probe',
  summary: 'A liveness or startup probe has a container killed again and again.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(0, 'so many kills within the window are the hold'),
    kills: counting(2, 'kills within the window'),
    window: lasting(10 * MINUTE, 'within which they count'),
  },
  resolveAfterMs: 15 * MINUTE,
  evidence: ['L', 'E', 'R'],
  actions: ['logs', 'restart', 'describe'],
  drill: { cause: 'liveness probe http GET :8080/livez fails: timeout, 2 kills', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod)) return [];
    return mainContainers(pod).flatMap((container) => judgeContainer(container, pod, at));
  },
});

function judgeContainer(container: PodContainer, pod: SeenPod, at: Judging): readonly Finding[] {
  const { status, name } = container;
  if (status.restartCount === 0) return [];
  const windowMs = at.setting('window');
  const loop = crashLoop(container, pod, at, { restarts: at.setting('kills'), windowMs });
  const ailment = ailmentOf(container, pod, at.sight.events(pod.metadata.uid));
  if (!loop || ailment?.kind !== 'probe') return [];
  const { cpu } = container.spec.limits;
  return [
    {
      key: name,
      container: name,
      since: lastTermination(status)?.finishedAt,
      holdMs: at.setting('hold'),
      severity: 'warning',
      cause: `${ailment.cause}, ${loop.restarts} ${loop.restarts === 1 ? 'kill' : 'kills'} within the hour`,
      causeClass: 'probe',
      facts: [
        { label: 'Container', value: name },
        // A throttled program answers late: the first thing to look at when only the timeout fails.
        { label: 'CPU limit', value: cpu ?? 'none' },
      ],
      lookAgainAt: loop.lookAgainAt,
    },
  ];
}
