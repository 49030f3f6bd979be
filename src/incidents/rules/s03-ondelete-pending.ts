import { defineRule, HOUR, isObserved, lasting, MINUTE, podsByAge, someOf } from '../../sdk/rules.ts';

/**
 * With OnDelete, pods get the new template when somebody deletes them. The revisions in the status never become equal again (the controller
 * completes updates of RollingUpdate only), so the pods are counted.
 */
export default defineRule({
  id: 'S03',
  title: 'update waits for deletes',
  summary: 'A StatefulSet of strategy OnDelete has had pods of an older revision for long.',
  kind: 'StatefulSet',
  domain: 'rollout',
  settings: { hold: lasting(24 * HOUR, 'with pods of an older revision') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['D', 'C'],
  actions: ['delete-pod', 'rollback'],
  drill: { cause: '2 of 3 pods wait to be deleted for the newest revision: db-0, db-1', severity: 'info' },
  judge(set, at) {
    const { updateStrategy, replicas } = set.spec;
    const { currentRevision, updateRevision, updatedReplicas } = set.status;
    if (updateStrategy !== 'OnDelete' || replicas === 0 || !isObserved(set)) return [];
    if (currentRevision === updateRevision || updatedReplicas >= replicas) return [];
    const older = podsByAge(set, at.sight).older.map(({ metadata }) => metadata.name);
    const names = older.length > 0 ? `: ${someOf(older)}` : '';
    return [
      {
        since: at.memory.since('revision', updateRevision),
        holdMs: at.setting('hold'),
        severity: 'info',
        cause: `${replicas - updatedReplicas} of ${replicas} pods wait to be deleted for the newest revision${names}`,
        causeClass: 'other',
      },
    ];
  },
});
