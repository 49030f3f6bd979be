import {
  conditionOf,
  containersOf,
  defineRule,
  isJudged,
  isPerfect,
  type Judging,
  lasting,
  latestFailure,
  MINUTE,
  ownerHealth,
  type PodContainer,
  type ProbeKind,
  probeBudgetMs,
  probeOf,
  probeText,
  runningSince,
  type SeenPod,
} from '../../sdk/rules.ts';

/**
 * Every container runs, and still the pod does not serve. It counts from the youngest container's start: between two crashes a pod looks
 * the same, and that is P01. A pod whose container has ended (RestartPolicy Never, a batch beside a sidecar) is not judged
 * (cluster-monitoring-operator#72), nor one that its own kubelet calls ready while its node is lost (kube-prometheus#2637).
 */
export default defineRule({
  id: 'P08',
  title: 'not ready',
  summary: 'A pod runs, but is not ready to serve.',
  kind: 'Pod',
  domain: 'availability',
  settings: { hold: lasting(5 * MINUTE, 'or the time that its own probes and minReadySeconds allow, if longer') },
  resolveAfterMs: 5 * MINUTE,
  evidence: ['E', 'L', 'N'],
  actions: ['logs', 'restart', 'describe'],
  source: 'kubernetes-mixin KubePodNotReady',
  drill: { cause: 'readiness probe http GET :8080/healthz fails: HTTP 503', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod) || pod.status.phase !== 'Running') return [];
    const ready = conditionOf(pod, 'Ready');
    if (ready?.status !== 'False') return [];
    const running = containersOf(pod).filter(({ role }) => role !== 'init');
    const starts = running.map(({ status }) => runningSince(status));
    if (starts.length === 0 || starts.some((start) => start === undefined)) return [];
    const ill = running.filter(({ status, role }) => role === 'main' && !status.ready);
    if (ill.length === 0 && ready.reason !== 'ReadinessGatesNotReady') return [];
    const health = ownerHealth(pod, at.sight);
    const minReadyMs = (health?.minReadySeconds ?? 0) * 1_000;
    return [
      {
        since: Math.max(ready.lastTransitionTime, ...(starts as number[])),
        holdMs: Math.max(at.setting('hold'), probeBudgetMs(pod), minReadyMs),
        severity: health !== undefined && health.available < health.minimum ? 'high' : 'warning',
        cause: ill.length === 0 ? gateText(pod) : causeOf(pod, ill, at),
        causeClass: 'probe',
        container: ill[0]?.name,
        facts: [
          ...(ill.length > 0 ? [{ label: 'Not ready', value: ill.map(({ name }) => name).join(', ') }] : []),
          ...(health ? [{ label: 'Available', value: `${health.available} of ${health.desired}` }] : []),
        ],
      },
    ];
  },
});

function causeOf(pod: SeenPod, ill: readonly PodContainer[], at: Judging): string {
  const [first] = ill;
  if (first === undefined) return 'not ready';
  const failure = latestFailure(at.sight.events(pod.metadata.uid), ['readiness', 'startup']);
  const kind: ProbeKind = failure?.kind ?? (isStarting(first) ? 'startup' : 'readiness');
  const probe = probeOf(first, kind);
  if (probe === undefined && failure === undefined) return `container ${first.name} runs, but is not ready`;
  return `${probeText(kind, probe, failure)}${ill.length > 1 ? ` (${ill.length} containers)` : ''}`;
}

function isStarting({ status, spec }: PodContainer): boolean {
  return spec.startupProbe !== undefined && !status.started;
}

/** Something outside the pod has not said yes: a load balancer, a service mesh. */
function gateText(pod: SeenPod): string {
  const closed = pod.spec.readinessGates.filter((gate) => conditionOf(pod, gate)?.status !== 'True');
  return `readiness gate ${closed.join(', ') || 'of the pod'} is not passed`;
}
