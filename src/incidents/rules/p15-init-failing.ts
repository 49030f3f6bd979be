import {
  conditionOf,
  containersOf,
  defineRule,
  type Finding,
  isJudged,
  isPerfect,
  type Judging,
  lasting,
  MINUTE,
  type PodContainer,
  runningSince,
  type SeenPod,
  START_STEP_SETTINGS,
  type StartStep,
  startStep,
} from '../../sdk/rules.ts';

/**
 * Whatever ails an init container is told here and in no other rule, with the cause class of what it is: an image that cannot be pulled
 * is `image`, so that it is grouped with others of its registry. Init containers with `restartPolicy: Always` are P16.
 */
export default defineRule({
  id: 'P15',
  title: 'init container failing',
  summary: 'A pod does not start because one of its init containers fails or does not end.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    ...START_STEP_SETTINGS,
    runHold: lasting(15 * MINUTE, 'while it runs'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['L', 'X', 'E', 'I'],
  actions: ['logs', 'rollback', 'describe'],
  drill: { cause: 'init container migrate (1 of 2): exit code 1 (app error), 4 restarts', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod)) return [];
    if (conditionOf(pod, 'Initialized')?.status === 'True') return [];
    return containersOf(pod)
      .filter(({ role }) => role === 'init')
      .flatMap((container) => judgeContainer(container, pod, at));
  },
});

function judgeContainer(container: PodContainer, pod: SeenPod, at: Judging): readonly Finding[] {
  const held = startStep(container, pod, at) ?? running(container, at);
  if (held === undefined) return [];
  const { name, step, steps } = container;
  return [
    {
      key: name,
      container: name,
      severity: 'warning',
      facts: [
        { label: 'Init container', value: `${name}, step ${step} of ${steps}` },
        { label: 'Image', value: container.image },
      ],
      ...held,
      cause: `init container ${name} (${step} of ${steps}): ${held.cause}`,
    },
  ];
}

/** Waiting for another service is what many init containers are for: only the time tells. */
function running({ status }: PodContainer, at: Judging): StartStep | undefined {
  const since = runningSince(status);
  if (since === undefined) return undefined;
  return { since, holdMs: at.setting('runHold'), cause: 'runs and does not end', causeClass: 'init', shares: {} };
}
