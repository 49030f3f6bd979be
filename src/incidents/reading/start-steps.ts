import { counting, type Finding, type Judging, lasting, MINUTE, SECOND } from '../rule.ts';
import type { SeenPod } from '../seen/pod.ts';
import { ailmentOf, waitingSince } from './ailments.ts';
import { type PodContainer, runningSince } from './containers.ts';
import { crashLoop } from './crash-loops.ts';

/** Holds of an init container or a sidecar: each class of ailment waits as long as it does in a main container. */
export const START_STEP_SETTINGS = {
  crashHold: lasting(MINUTE, 'after the second restart'),
  window: lasting(10 * MINUTE, 'within which restarts count as a loop'),
  restarts: counting(3, 'restarts within the window that are a loop, in back-off or not'),
  waitHold: lasting(2 * MINUTE, 'while an image or a Secret may still come'),
  certainHold: lasting(15 * SECOND, 'when the image cannot: not found, no access, a name that is not valid'),
  startHold: lasting(30 * SECOND, 'when its command cannot be run'),
} as const;

/** The part of a finding that the ailment decides. */
export type StartStep = Pick<Finding, 'since' | 'holdMs' | 'cause' | 'causeClass' | 'shares' | 'lookAgainAt'>;

/** What ails a container that runs before the main ones, with the hold of its class. The rule must have `START_STEP_SETTINGS`. */
export function startStep(container: PodContainer, pod: SeenPod, at: Judging): StartStep | undefined {
  // Asked before anything else: its memory of restarts must have no gap.
  const loop = crashLoop(container, pod, at, { restarts: at.setting('restarts'), windowMs: at.setting('window') });
  const events = at.sight.events(pod.metadata.uid);
  const ailment = ailmentOf(container, pod, events);
  if (ailment === undefined) return undefined;
  const { kind, cause, shares, isCertain } = ailment;
  const isWaiting = kind === 'image' || kind === 'config';
  const said = { cause, causeClass: isWaiting ? ailment.causeClass : ('init' as const), shares };
  if (isWaiting) {
    const holdMs = at.setting(kind === 'image' && isCertain ? 'certainHold' : 'waitHold');
    return { ...said, since: waitingSince(container, events, at), holdMs };
  }
  if (kind === 'start' && !runningSince(container.status)) return { ...said, holdMs: at.setting('startHold') };
  if (loop === undefined) return undefined;
  return {
    ...said,
    cause: `${cause}, ${loop.restarts} ${loop.restarts === 1 ? 'restart' : 'restarts'}`,
    since: loop.since,
    holdMs: at.setting('crashHold'),
    lookAgainAt: loop.lookAgainAt,
  };
}
