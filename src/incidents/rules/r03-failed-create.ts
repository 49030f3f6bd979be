import { counting, defineRule, failedCreate, lasting, MINUTE, SECOND } from '../../sdk/rules.ts';

/**
 * The API server refuses the pods: quota, admission webhook, pod security, limit range, a service account that does not exist. Whatever the
 * number of replicas is: one that has pods already cannot replace them.
 */
export default defineRule<'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job'>({
  id: 'R03',
  title: 'pods cannot be created',
  summary:
    'The API server refuses to create pods: ReplicaFailure is True with FailedCreate, or events say so again and again.',
  kind: 'Deployment',
  alsoKinds: ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'],
  domain: 'rollout',
  settings: {
    hold: lasting(60 * SECOND, 'while it may pass by itself'),
    events: counting(3, 'FailedCreate events of a StatefulSet, DaemonSet or Job that count'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E', 'C', 'R'],
  actions: ['rollback', 'describe'],
  source: 'k8sgpt#1748',
  drill: { cause: 'quota compute is full: asks for pods=1, used pods=10, limit pods=10', severity: 'high' },
  judge(object, at) {
    // Its Deployment speaks for it.
    if (object.kind === 'ReplicaSet' && object.metadata.owner?.kind === 'Deployment') return [];
    const failure = failedCreate(object, at.sight, at.setting('events'));
    if (!failure) return [];
    return [
      {
        since: failure.since,
        holdMs: at.setting('hold'),
        severity: 'high',
        cause: failure.what,
        causeClass: 'admission',
        shares: failure.shares,
        facts: [{ label: 'Refused by', value: failure.by }],
      },
    ];
  },
});
