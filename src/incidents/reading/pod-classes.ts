import type { SeenPod } from '../seen/pod.ts';
import type { Sight } from '../sight.ts';
import { hasAilment } from './ailments.ts';
import { conditionOf } from './pods.ts';
import { sandboxTrouble } from './sandboxes.ts';

/** No node takes it: the scheduler has tried and said so. */
export function isUnschedulable(pod: SeenPod): boolean {
  const scheduled = conditionOf(pod, 'PodScheduled');
  return pod.status.phase === 'Pending' && scheduled?.status === 'False' && scheduled.reason === 'Unschedulable';
}

/**
 * Whether another rule tells why this pod is pending (P03, P04, P05, P06, P15, P16, P20), now or at the end of its hold: what is left is
 * P07.
 */
export function hasPendingClass(pod: SeenPod, sight: Sight, now: number): boolean {
  if (isUnschedulable(pod) || hasAilment(pod, sight)) return true;
  return isInitializing(pod) || sandboxTrouble(pod, sight, now) !== undefined;
}

/** Its init containers run, or have failed: P15 judges those. */
function isInitializing({ status }: SeenPod): boolean {
  return status.initContainerStatuses.some(
    ({ state, lastState }) => state.running !== undefined || lastState.terminated !== undefined,
  );
}
