import {
  countersSince,
  counterText,
  counting,
  defineRule,
  deploymentProgress,
  isDaemonSetRolling,
  isStatefulSetRolling,
  type Judging,
  lasting,
  MINUTE,
  podFault,
  podsByAge,
  type Rolling,
  revisionsOf,
  stallVerdict,
  verdictFinding,
} from '../../sdk/rules.ts';

type Judged = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/**
 * Long before the deadline: a new pod cannot come up (image, configuration, init container, command; or it has failed again and again) and
 * nothing else moves. A rollout that is merely slow has no such pod. When the controller gives up, R01 takes over.
 */
export default defineRule<Judged>({
  id: 'R02',
  title: 'doomed rollout',
  summary: 'A rollout will not finish by itself: new pods cannot come up, and no counter moves.',
  kind: 'Deployment',
  alsoKinds: ['StatefulSet', 'DaemonSet'],
  domain: 'rollout',
  settings: {
    hold: lasting(2 * MINUTE, 'without any counter moving'),
    tries: counting(3, 'restarts after which a crashing new pod counts, too'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['D', 'I', 'C', 'L', 'X', 'E', 'N'],
  actions: ['rollback', 'pause', 'logs', 'describe'],
  drill: {
    cause:
      'new image "registry.example.com/shop/web:9" cannot be pulled: not found (registry.example.com); 2 of 3 old pods still serve; gives up at 03:10 UTC',
    severity: 'warning',
  },
  judge(workload, at) {
    if (!isUnderWay(workload, at)) return [];
    const since = countersSince(at.memory, counterText(workload), revisionName(workload, at));
    if (!hasDoomedPod(workload, at)) return [];
    return [
      {
        ...verdictFinding(stallVerdict(workload, at.sight, at.now, since)),
        since: Math.max(since, at.memory.since('doomed', true)),
        holdMs: at.setting('hold'),
        severity: 'warning',
      },
    ];
  },
});

function isUnderWay(workload: Parameters<typeof counterText>[0], { sight, now }: Judging): boolean {
  if (workload.kind === 'Deployment') return deploymentProgress(workload, sight, now) === 'rolling';
  if (workload.kind === 'StatefulSet') return isStatefulSetRolling(workload, sight);
  return workload.kind === 'DaemonSet' && isDaemonSetRolling(workload);
}

/** Counters that are equal in two rollouts have moved all the same. */
function revisionName(workload: Rolling, { sight }: Judging): string {
  if (workload.kind === 'StatefulSet') return workload.status.updateRevision;
  return revisionsOf(workload, sight)[0]?.metadata.name ?? String(workload.metadata.generation);
}

function hasDoomedPod(workload: Rolling, at: Judging): boolean {
  const tries = at.setting('tries');
  return podsByAge(workload, at.sight).newest.some((pod) => {
    const fault = podFault(pod, at.sight);
    return fault !== undefined && (fault.recovers === 'no' || (fault.failures ?? 0) >= tries);
  });
}
