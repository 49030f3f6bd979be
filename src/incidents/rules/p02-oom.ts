import {
  ailmentOf,
  counting,
  defineRule,
  disruptionReason,
  type Finding,
  HOUR,
  isJudged,
  isOutOfMemory,
  isPerfect,
  type Judging,
  lasting,
  lastTermination,
  mainContainers,
  type PodContainer,
  type SeenPod,
  siblings,
} from '../../sdk/rules.ts';

/**
 * `OOMKilled` literally. Exit code 137 alone is a SIGKILL by anybody (robusta#1071), and a pod that is being moved away is told of by those
 * who move it (kubewatch#109: pods of a node that was scaled down were reported as out of memory).
 */
export default defineRule({
  id: 'P02',
  title: 'out of memory',
  summary: 'A container was killed because it used more memory than it may.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(0, 'it has happened: there is nothing to wait for'),
    quiet: lasting(HOUR, 'without another, and it is over; kills within it are counted per owner'),
    highAfter: counting(3, 'kills of one owner within that time from which it is high'),
  },
  // `quiet` is the hold-down: the finding itself lasts as long.
  resolveAfterMs: 0,
  evidence: ['X', 'R', 'N', 'L'],
  actions: ['logs', 'describe', 'restart'],
  drill: { cause: 'out of memory: killed at its limit of 256Mi', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod) || disruptionReason(pod) !== '') return [];
    return mainContainers(pod).flatMap((container) => judgeContainer(container, pod, at));
  },
});

function judgeContainer(container: PodContainer, pod: SeenPod, at: Judging): readonly Finding[] {
  const ended = lastTermination(container.status);
  const quiet = at.setting('quiet');
  if (ended === undefined || !isOutOfMemory(ended) || at.now - ended.finishedAt >= quiet) return [];
  const ailment = ailmentOf(container, pod, []);
  if (ailment?.kind !== 'oom') return [];
  const kills = ownKills(container.name, ended.finishedAt, at, quiet) + killsOfOthers(pod, container.name, at, quiet);
  return [
    {
      key: container.name,
      container: container.name,
      since: ended.finishedAt,
      holdMs: at.setting('hold'),
      severity: kills >= at.setting('highAfter') ? 'high' : 'warning',
      cause: kills > 1 ? `${ailment.cause}, ${kills} times within the hour` : ailment.cause,
      causeClass: ailment.causeClass,
      facts: [
        { label: 'Container', value: container.name },
        { label: 'Memory', value: memoryText(container) },
      ],
      lookAgainAt: ended.finishedAt + quiet,
    },
  ];
}

/**
 * A change is noted for each kill but the very first that was ever seen; then the kill at the beginning of this series is not among them.
 */
function ownKills(container: string, finishedAt: number, at: Judging, quiet: number): number {
  const began = at.memory.since(`series ${container}`, true);
  const times = at.memory.changes(`killed ${container}`, finishedAt, quiet);
  const isFirstMissing = at.now - began < quiet && !times.includes(began);
  return Math.max(1, times.length + (isFirstMissing ? 1 : 0));
}

/** In the other containers and pods of the same owner: how each ended last. */
function killsOfOthers(pod: SeenPod, container: string, at: Judging, quiet: number): number {
  let kills = 0;
  for (const one of siblings(pod, at.sight)) {
    for (const status of one.status.containerStatuses) {
      if (one.metadata.uid === pod.metadata.uid && status.name === container) continue;
      const ended = lastTermination(status);
      if (ended && isOutOfMemory(ended) && at.now - ended.finishedAt < quiet) kills++;
    }
  }
  return kills;
}

function memoryText({ spec }: PodContainer): string {
  return `request ${spec.requests.memory ?? 'none'}, limit ${spec.limits.memory ?? 'none'}`;
}
