import { conditionNamed, countersOf, podsByAge, type Rolling } from '../reading/rollouts.ts';
import type { Finding } from '../rule.ts';
import type { SeenPod } from '../seen/pod.ts';
import type { Sight } from '../sight.ts';
import { place, podFault } from './faults.ts';
import { suspects } from './suspects.ts';

/** A pod that has been on its node for less than this and complains of nothing is starting, ms. */
const STARTING_MS = 180_000;

/**
 * What is to be said about a workload that has too few pods although it rolls nothing out: how many, why, and which pod shows it.
 * @param missing `available` or `ready`: what is counted.
 */
export function outageFinding(
  workload: Rolling,
  sight: Sight,
  now: number,
  missing: 'available' | 'ready',
): Pick<Finding, 'cause' | 'causeClass' | 'facts' | 'shares' | 'about' | 'container'> {
  const counters = countersOf(workload);
  const all = suspects(workload, sight, now).filter(({ causeClass }) => causeClass !== 'unknown');
  const [first] = all;
  const count = counters[missing] === 0 ? `none of ${counters.desired}` : `${counters[missing]} of ${counters.desired}`;
  const said = `${count} pods ${missing}`;
  const ref = first?.pod?.metadata;
  return {
    cause: first ? `${said}: ${first.what}` : said,
    causeClass: first?.causeClass ?? 'unknown',
    shares: first?.shares ?? {},
    container: first?.container,
    ...(ref && { about: { apiVersion: 'v1', kind: 'Pod', namespace: ref.namespace, name: ref.name, uid: ref.uid } }),
    facts: all.map(({ what, pods }) => ({
      label: 'Cause',
      value: pods.length > 1 ? `${pods.length} pods: ${what}` : what,
    })),
  };
}

/**
 * Until when the youngest pods may still be starting, epoch ms; undefined when none is. A pod that was moved away by a drain comes up
 * elsewhere without any fault: that is no outage yet.
 */
export function startingUntil(workload: Rolling, sight: Sight, now: number): number | undefined {
  const { newest, older } = podsByAge(workload, sight);
  const ends = [...newest, ...older]
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter((pod) => {
      const fault = podFault(pod, sight);
      return fault === undefined || place(fault) >= place({ causeClass: 'probe' });
    })
    .map((pod) => scheduledAt(pod) + STARTING_MS)
    .filter((end) => end > now);
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** When it got its node; as long as it has none, when it was created. */
function scheduledAt({ metadata, status }: SeenPod): number {
  const scheduled = conditionNamed(status.conditions, 'PodScheduled');
  const at = scheduled?.status === 'True' ? scheduled.lastTransitionTime : 0;
  return Math.max(at, metadata.creationTimestamp);
}

/** A node is on its way for one of its pods: the autoscaler said so, or others are preempted for it. */
export function awaitsNode(workload: Rolling, sight: Sight): boolean {
  return sight
    .podsOf(workload)
    .some(
      ({ metadata, status, spec }) =>
        spec.nodeName === undefined &&
        (Boolean(status.nominatedNodeName) ||
          sight.events(metadata.uid).some(({ reason }) => reason === 'TriggeredScaleUp' || reason === 'Nominated')),
    );
}
