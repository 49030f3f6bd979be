import {
  counting,
  defineRule,
  endedAt,
  exitText,
  failureClass,
  lasting,
  lastTermination,
  lastWords,
  MINUTE,
  type SeenPod,
} from '../../sdk/rules.ts';

/** Nobody makes it again, and often nobody waits for it: somebody's `kubectl run`. Evictions, deadlines and lost nodes are told elsewhere. */
export default defineRule({
  id: 'P17',
  title: 'bare pod failed',
  summary: 'A pod that no controller owns has failed.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(0, 'it has happened'),
    important: counting(0, '1 where it matters, usually by annotation: then it is a warning'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['L', 'X'],
  actions: ['logs', 'delete-pod'],
  drill: { cause: 'exit code 1 (app error)', severity: 'info' },
  judge(pod, at) {
    if (pod.metadata.owner !== undefined || pod.spec.restartPolicy === 'Always') return [];
    if (failureClass(pod) !== 'other') return [];
    return [
      {
        since: endedAt(pod),
        holdMs: at.setting('hold'),
        severity: at.setting('important') > 0 ? 'warning' : 'info',
        cause: causeOf(pod),
        causeClass: 'crash',
      },
    ];
  },
});

function causeOf({ status }: SeenPod): string {
  const ended = [...status.initContainerStatuses, ...status.containerStatuses]
    .map(lastTermination)
    .find((termination) => termination !== undefined && termination.exitCode !== 0);
  if (ended === undefined) return status.reason === '' ? 'failed' : `failed: ${status.reason}`;
  const said = lastWords(ended.message);
  return said === '' ? exitText(ended) : `${exitText(ended)}: ${said}`;
}
