import type { CauseClass, Judging, Shared } from '../rule.ts';
import type { SeenPod } from '../seen/pod.ts';
import type { SeenEvent } from '../seen/surroundings.ts';
import type { Sight } from '../sight.ts';
import {
  CONFIG_REASONS,
  containersOf,
  IMAGE_REASONS,
  isCannotStart,
  lastTermination,
  type PodContainer,
} from './containers.ts';
import { exitText, isOutOfMemory, isStatusUnknown, lastWords } from './exit-codes.ts';
import { latestFailure, probeKill, probeOf, probeText } from './probes.ts';
import { configText, imageText, missingText } from './waiting.ts';

/**
 * What ails one container. A container has one ailment at a time, the first in this order, so that no two rules tell of the same thing:
 *
 *   image   waits because its image cannot be had                  P03
 *   start   its command cannot be run at all                       P20
 *   config  cannot be made from its configuration, or a hook fails P04
 *   oom     its last run ended as OOMKilled, literally             P02
 *   probe   its last run was ended by a liveness or startup probe  P09
 *   crash   its last run ended otherwise, and it is to run         P01
 *
 * The same in an init container is P15, in a native sidecar P16, whatever it is. How long and how often is for the rules to judge: this
 * looks at the present only and remembers nothing.
 */
export interface Ailment {
  readonly kind: 'image' | 'start' | 'config' | 'oom' | 'probe' | 'crash';
  /** One line: what and why. */
  readonly cause: string;
  readonly causeClass: CauseClass;
  /** It will not pass by itself. */
  readonly isCertain: boolean;
  readonly shares: Shared;
}

/** @param events about the pod, the newest first. */
export function ailmentOf(container: PodContainer, pod: SeenPod, events: readonly SeenEvent[]): Ailment | undefined {
  const { state } = container.status;
  const waiting = state.waiting;
  if (waiting && IMAGE_REASONS.has(waiting.reason)) {
    const text = imageText(container.image, waiting, events, pod.spec.nodeName);
    return { kind: 'image', causeClass: 'image', ...text };
  }
  const ended = lastTermination(container.status);
  if (isCannotStart(ended) && ended) return cannotStart(ended);
  if (waiting && CONFIG_REASONS.has(waiting.reason)) {
    const isCertain = missingText(waiting.message) !== undefined;
    return { kind: 'config', causeClass: 'config', cause: configText(waiting), isCertain, shares: {} };
  }
  if (ended === undefined || isStatusUnknown(ended)) return undefined;
  return ending(container, ended, events);
}

type Termination = NonNullable<ReturnType<typeof lastTermination>>;

function cannotStart(ended: Termination): Ailment {
  const said = startFailure(ended.message);
  const cause = `command cannot be run: ${said === '' ? exitText(ended) : said}`;
  return { kind: 'start', causeClass: 'config', cause, isCertain: true, shares: {} };
}

/** The runtimes wrap it many times: `… exec: "serve": executable file not found in $PATH: unknown`. */
function startFailure(message: string): string {
  const exec = /exec:? (?:failed: )?"([^"]+)":? (?:stat \S+: )?(.*?)(?:: unknown)?$/m.exec(message.trim());
  return exec ? `"${exec[1]}": ${exec[2]}` : lastWords(message);
}

/** Longer than any sensible grace period: the kill is told before the container has ended. */
const KILL_TO_END_MS = 5 * 60_000;

function ending(container: PodContainer, ended: Termination, events: readonly SeenEvent[]): Ailment | undefined {
  if (isOutOfMemory(ended)) {
    const limit = container.spec.limits.memory;
    const cause = `out of memory: killed at its limit${limit ? ` of ${limit}` : ' (no memory limit: the node ran out)'}`;
    return { kind: 'oom', causeClass: 'oom', cause, isCertain: false, shares: {} };
  }
  const probe = probeKill(events, container.name, ended.finishedAt - KILL_TO_END_MS);
  if (probe) {
    const failure = latestFailure(events, [probe]);
    const cause = probeText(probe, probeOf(container, probe), failure);
    return { kind: 'probe', causeClass: 'probe', cause, isCertain: false, shares: {} };
  }
  const isFinished = ended.exitCode === 0 && container.status.state.waiting?.reason !== 'CrashLoopBackOff';
  if (isFinished) return undefined;
  const said = lastWords(ended.message);
  const cause = `${exitText(ended)}${said ? `: ${said}` : ''}`;
  return { kind: 'crash', causeClass: 'crash', cause, isCertain: false, shares: {} };
}

/**
 * Since when a container waits in vain, epoch ms: the first event of it where the container never ran (the waiting state itself has no
 * time), else the moment of the first asking.
 */
export function waitingSince(container: PodContainer, events: readonly SeenEvent[], at: Judging): number {
  const { status, name, image } = container;
  const first = at.memory.since(`waits ${name}`, true);
  if (status.restartCount > 0 || lastTermination(status)) return first;
  const told = events.filter(
    ({ reason, message }) => reason === 'Failed' && (message.includes(image) || isConfig(message)),
  );
  return Math.min(first, ...told.map(({ firstTimestamp }) => firstTimestamp).filter((time) => time > 0));
}

function isConfig(message: string): boolean {
  return missingText(message) !== undefined;
}

/** Whether a container of this pod is down for a reason that a rule tells of, whatever its hold says. */
export function hasAilment(pod: SeenPod, sight: Sight): boolean {
  const down = containersOf(pod).filter(({ status, role }) => isDown(status) && !(role === 'init' && isDone(status)));
  if (down.length === 0) return false;
  const events = sight.events(pod.metadata.uid);
  return down.some((container) => ailmentOf(container, pod, events) !== undefined);
}

function isDown({ state }: PodContainer['status']): boolean {
  return state.running === undefined;
}

function isDone({ state }: PodContainer['status']): boolean {
  return state.terminated?.exitCode === 0;
}
