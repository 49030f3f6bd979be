import {
  ailmentOf,
  defineRule,
  exitText,
  type Finding,
  isJudged,
  isPerfect,
  type Judging,
  lasting,
  lastTermination,
  mainContainers,
  type PodContainer,
  runningSince,
  SECOND,
  type SeenPod,
} from '../../sdk/rules.ts';

/**
 * The command itself: not found, not executable, refused by the runtime. Told of here, not as a crash loop (P01), because no restart helps.
 * An init container is P15, a sidecar P16.
 */
export default defineRule({
  id: 'P20',
  title: 'cannot start',
  summary: 'A container’s command cannot be run at all.',
  kind: 'Pod',
  domain: 'availability',
  settings: { hold: lasting(30 * SECOND, 'and a run that is longer did start') },
  resolveAfterMs: 2 * 60 * SECOND,
  evidence: ['X', 'I', 'E'],
  actions: ['rollback', 'describe'],
  drill: { cause: 'command cannot be run: "serve": executable file not found in $PATH', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod)) return [];
    return mainContainers(pod).flatMap((container) => judgeContainer(container, pod, at));
  },
});

function judgeContainer(container: PodContainer, pod: SeenPod, at: Judging): readonly Finding[] {
  const ended = lastTermination(container.status);
  if (!ended || ailmentOf(container, pod, [])?.kind !== 'start') return [];
  const started = runningSince(container.status);
  const hold = at.setting('hold');
  if (started !== undefined && at.now - started >= hold) return [];
  const first = at.memory.since(`refused ${container.name}`, true);
  return [
    {
      key: container.name,
      container: container.name,
      since: Math.min(first, ended.finishedAt || first),
      holdMs: hold,
      severity: 'warning',
      cause: ailmentOf(container, pod, [])?.cause ?? exitText(ended),
      causeClass: 'config',
      facts: [
        { label: 'Container', value: container.name },
        { label: 'Image', value: container.image },
        { label: 'Exit', value: exitText(ended) },
      ],
      lookAgainAt: started === undefined ? undefined : started + hold,
    },
  ];
}
