import { counting, defineRule, disruptionReason, HOUR, lasting, type SeenPod } from '../../sdk/rules.ts';

/**
 * Judged at the ReplicaSet: the scheduler deletes what it preempts, so that the pods themselves are gone before three of them can be
 * counted. Once is what priorities are for; again and again means that this workload never gets room.
 */
export default defineRule({
  id: 'P18',
  title: 'preempted',
  summary: 'Pods of a workload are preempted again and again by others of higher priority.',
  kind: 'ReplicaSet',
  domain: 'availability',
  settings: {
    hold: lasting(0, 'so many within the window are the hold'),
    window: lasting(HOUR, 'within which preemptions count'),
    preemptions: counting(3, 'preemptions within the window'),
  },
  resolveAfterMs: HOUR,
  evidence: ['E', 'R'],
  actions: ['describe', 'scale'],
  drill: { cause: '3 pods preempted within 1h (priority class batch-low)', severity: 'info' },
  judge(replicaSet, at) {
    let visible = 0;
    let victim: SeenPod | undefined;
    for (const pod of at.sight.ownedBy('Pod', replicaSet.metadata.uid)) {
      if (disruptionReason(pod) !== 'PreemptionByScheduler') continue;
      visible++;
      victim = pod;
    }
    // Each rise of those that are visible is one more: a fall is a victim that is gone.
    const count = at.memory.rise('victims', visible, at.setting('window'), 0);
    if (count < at.setting('preemptions')) return [];
    const { availableReplicas } = replicaSet.status;
    const priority = victim?.spec.priorityClassName;
    return [
      {
        holdMs: at.setting('hold'),
        severity: availableReplicas < replicaSet.spec.replicas ? 'warning' : 'info',
        cause: `${count} pods preempted within the hour`,
        causeClass: 'disruption',
        facts: priority === undefined ? [] : [{ label: 'Priority class', value: priority }],
      },
    ];
  },
});
