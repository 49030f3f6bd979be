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
  MINUTE,
  mainContainers,
  type PodContainer,
  type SeenPod,
} from '../../sdk/rules.ts';

/**
 * The main containers only: an init container that fails is P15, a native sidecar P16. A container that waits for its image (P03), cannot
 * be configured (P04) or started (P20), was killed for memory (P02) or by its own probe (P09) is told of there and not here.
 *
 * `CrashLoopBackOff` alone is no safe test (kubernetes-mixin PR#674): containers alternate with Running, so restarts count as well.
 */
export default defineRule({
  id: 'P01',
  title: 'crash loop',
  summary: 'A container starts and ends again and again.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(MINUTE, 'after the second restart'),
    window: lasting(10 * MINUTE, 'within which restarts count as a loop'),
    restarts: counting(3, 'restarts within the window that are a loop, in back-off or not'),
    highAfter: counting(5, 'restarts within an hour from which it is high'),
  },
  // The kubelet starts its back-off anew after ten quiet minutes: before that nobody can say that it is over.
  resolveAfterMs: 10 * MINUTE,
  evidence: ['L', 'X', 'I', 'R', 'C'],
  actions: ['logs', 'rollback', 'restart'],
  source: 'kubernetes-mixin KubePodCrashLooping',
  drill: { cause: 'exit code 1 (app error), 5 restarts: cannot connect to db:5432', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod)) return [];
    return mainContainers(pod).flatMap((container) => judgeContainer(container, pod, at));
  },
});

function judgeContainer(container: PodContainer, pod: SeenPod, at: Judging): readonly Finding[] {
  if (container.status.restartCount === 0) return [];
  // Asked before anything else: its memory of restarts must have no gap.
  const loop = crashLoop(container, pod, at, { restarts: at.setting('restarts'), windowMs: at.setting('window') });
  const ailment = ailmentOf(container, pod, at.sight.events(pod.metadata.uid));
  if (!loop || ailment?.kind !== 'crash') return [];
  return [
    {
      key: container.name,
      container: container.name,
      since: loop.since,
      holdMs: at.setting('hold'),
      severity: loop.restarts >= at.setting('highAfter') ? 'high' : 'warning',
      cause: withRestarts(ailment.cause, loop.restarts),
      causeClass: ailment.causeClass,
      facts: [
        { label: 'Container', value: container.name },
        { label: 'Restarts', value: `${container.status.restartCount}` },
      ],
      lookAgainAt: loop.lookAgainAt,
    },
  ];
}

/** `exit code 1 (app error), 5 restarts: last words`. */
function withRestarts(cause: string, restarts: number): string {
  const count = `${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
  const exit = /^exit code -?\d+(?: \([^)]*\))?/.exec(cause)?.[0];
  return exit === undefined ? `${cause}, ${count}` : `${exit}, ${count}${cause.slice(exit.length)}`;
}
