import {
  countersSince,
  counterText,
  defineRule,
  isObserved,
  isReady,
  lasting,
  MINUTE,
  ordinalOf,
  podFault,
  podsByAge,
  readinessBudgetMs,
  revisionHash,
  type SeenPod,
  type SeenStatefulSet,
  type Sight,
  stallVerdict,
  updateTarget,
  verdictFinding,
} from '../../sdk/rules.ts';

/**
 * The forced-rollback trap (kubernetes#67250): the template has been fixed, but a pod of a broken revision is in the way. The controller
 * waits until it is ready before it replaces anything, and it never will be: only deleting it helps. From 1.35 on this can hold
 * `podManagementPolicy: Parallel`, too (prometheus-operator#8205).
 */
export default defineRule({
  id: 'S02',
  title: 'update deadlocked',
  summary:
    'A StatefulSet’s fixed template is never rolled out: a broken pod of an older revision must be deleted by hand.',
  kind: 'StatefulSet',
  domain: 'rollout',
  settings: { hold: lasting(3 * MINUTE, 'without any counter moving') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['D', 'X', 'L', 'E'],
  actions: ['delete-pod', 'logs', 'describe'],
  source: 'kubernetes#67250, prometheus-operator#8205',
  drill: {
    cause:
      'delete pod db-1: it is of the older revision db-6d5f and cannot become ready (exit code 1 (app error)), and the controller waits for it',
    severity: 'high',
  },
  judge(set, at) {
    const blocking = blockingPod(set, at.sight);
    if (!blocking) return [];
    const { metadata, spec } = blocking.pod;
    const since = countersSince(at.memory, counterText(set), set.status.updateRevision);
    const { facts = [] } = verdictFinding(stallVerdict(set, at.sight, at.now, since));
    return [
      {
        since: Math.max(since, at.memory.since('blocking', metadata.uid)),
        // One that only is not ready yet may need the time that its probes give it.
        holdMs: Math.max(
          at.setting('hold'),
          blocking.causeClass === 'probe' ? readinessBudgetMs(set.spec.template) : 0,
        ),
        severity: 'high',
        cause: `delete pod ${metadata.name}: it is of the older revision ${revisionHash(blocking.pod)} and cannot become ready (${blocking.why}), and the controller waits for it`,
        causeClass: blocking.causeClass,
        about: { apiVersion: 'v1', kind: 'Pod', namespace: metadata.namespace, name: metadata.name, uid: metadata.uid },
        container: blocking.container,
        facts: [
          { label: 'Revisions', value: `${revisionHash(blocking.pod)} → ${set.status.updateRevision}` },
          { label: 'Blocking pod', value: `${metadata.name} on ${spec.nodeName ?? 'no node yet'}` },
          ...facts.filter(({ label }) => label === 'Pods' || label === 'Image' || label === 'Changed'),
        ],
      },
    ];
  },
});

/** The lowest-numbered pod that is not ready: the controller goes no further while it is not, and it is of an older revision. */
function blockingPod(set: SeenStatefulSet, sight: Sight) {
  const { updateStrategy, replicas, partition } = set.spec;
  if (updateStrategy !== 'RollingUpdate' || replicas === 0 || !isObserved(set)) return undefined;
  if (set.status.updatedReplicas >= updateTarget(set)) return undefined;
  const { newest, older } = podsByAge(set, sight);
  const [pod] = [...newest, ...older].filter(isWaiting).sort((a, b) => ordinalOf(a) - ordinalOf(b));
  // Below the partition a pod keeps its old template anyway: that is no rollback.
  if (!pod || !older.includes(pod) || ordinalOf(pod) < partition) return undefined;
  const fault = podFault(pod, sight);
  if (!fault || fault.causeClass === 'node') return undefined;
  return { pod, why: fault.what, causeClass: fault.causeClass, container: fault.container };
}

function isWaiting(pod: SeenPod): boolean {
  return pod.metadata.deletionTimestamp === undefined && !isReady(pod);
}
