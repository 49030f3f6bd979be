import { defineRule, endedAt, failureClass, isOwnerHealthy, lasting, MINUTE } from '../../sdk/rules.ts';

/** A Job answers for its pods: a run past its pod's deadline is tried again, and J01 tells when the Job gives up. */
export default defineRule({
  id: 'P13',
  title: 'past its deadline',
  summary: 'A pod ran longer than its activeDeadlineSeconds and was ended.',
  kind: 'Pod',
  domain: 'availability',
  settings: { hold: lasting(0, 'it has happened') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['L', 'X'],
  actions: ['logs', 'rerun', 'delete-pod'],
  drill: { cause: 'ended after its deadline of 3600s', severity: 'warning' },
  judge(pod, at) {
    if (failureClass(pod) !== 'deadline' || isOwnerHealthy(pod, at.sight)) return [];
    const seconds = pod.spec.activeDeadlineSeconds;
    return [
      {
        since: endedAt(pod),
        holdMs: at.setting('hold'),
        severity: 'warning',
        cause: seconds === undefined ? 'ended after its deadline' : `ended after its deadline of ${seconds}s`,
        causeClass: 'other',
      },
    ];
  },
});
