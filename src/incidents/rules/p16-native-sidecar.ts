import {
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
  SECOND,
  type SeenPod,
  type SeenProbe,
  START_STEP_SETTINGS,
  type StartStep,
  startStep,
} from '../../sdk/rules.ts';

/**
 * Whatever ails a native sidecar (an init container with `restartPolicy: Always`) is told here and in no other rule. How it ends once the
 * main containers are done is nobody's business: the kubelet stops it then, and 255 or 137 is how many of them go.
 */
export default defineRule({
  id: 'P16',
  title: 'sidecar failing',
  summary: 'A native sidecar restarts again and again, or keeps the pod from starting.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    ...START_STEP_SETTINGS,
    startedHold: lasting(5 * MINUTE, 'while it runs but has not started by its startup probe, or what that allows'),
  },
  resolveAfterMs: 10 * MINUTE,
  evidence: ['L', 'X', 'E'],
  actions: ['logs', 'describe'],
  drill: { cause: 'sidecar proxy: exit code 1 (app error), 4 restarts', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod) || isMainDone(pod)) return [];
    return containersOf(pod)
      .filter(({ role }) => role === 'sidecar')
      .flatMap((container) => judgeContainer(container, pod, at));
  },
});

function isMainDone({ status }: SeenPod): boolean {
  const { containerStatuses } = status;
  return containerStatuses.length > 0 && containerStatuses.every(({ state }) => state.terminated !== undefined);
}

function judgeContainer(container: PodContainer, pod: SeenPod, at: Judging): readonly Finding[] {
  const held = startStep(container, pod, at) ?? starting(container, at);
  if (held === undefined) return [];
  const { name } = container;
  return [
    {
      key: name,
      container: name,
      severity: 'warning',
      facts: [
        { label: 'Sidecar', value: name },
        { label: 'Image', value: container.image },
      ],
      ...held,
      cause: `sidecar ${name}: ${held.cause}`,
    },
  ];
}

/** It runs, but its startup probe has not passed: the containers after it wait. */
function starting({ status, spec }: PodContainer, at: Judging): StartStep | undefined {
  const since = runningSince(status);
  if (since === undefined || status.started) return undefined;
  const what = spec.startupProbe ? `startup probe ${spec.startupProbe.what} does not pass` : 'has not started';
  return {
    since,
    holdMs: Math.max(at.setting('startedHold'), budgetMs(spec.startupProbe)),
    cause: `${what}, and the pod waits for it`,
    causeClass: 'init',
    shares: {},
  };
}

function budgetMs(probe: SeenProbe | undefined): number {
  if (!probe) return 0;
  return (probe.initialDelaySeconds + (probe.periodSeconds + probe.timeoutSeconds) * probe.failureThreshold) * SECOND;
}
