import type { SeenPod, SeenProbe } from '../seen/pod.ts';
import type { SeenEvent } from '../seen/surroundings.ts';
import type { PodContainer } from './containers.ts';
import { shortened } from './exit-codes.ts';

export type ProbeKind = 'liveness' | 'readiness' | 'startup';

/** What a probe found, from the words of an Unhealthy event (kubelet/prober). */
export interface ProbeFailure {
  readonly kind: ProbeKind;
  /** `HTTP 503`, `timeout`, `connection refused`, `exit text …`. */
  readonly what: string;
}

export function probeOf(container: PodContainer, kind: ProbeKind): SeenProbe | undefined {
  if (kind === 'liveness') return container.spec.livenessProbe;
  return kind === 'readiness' ? container.spec.readinessProbe : container.spec.startupProbe;
}

/** Reads `Readiness probe failed: HTTP probe failed with statuscode: 503` and its like; undefined for other events. */
export function parseUnhealthy(event: Pick<SeenEvent, 'reason' | 'message'>): ProbeFailure | undefined {
  if (event.reason !== 'Unhealthy' && event.reason !== 'ProbeError') return undefined;
  const found = /^(Liveness|Readiness|Startup) probe (?:failed|errored|error)[^:]*:?\s*/i.exec(event.message);
  if (!found) return undefined;
  return {
    kind: (found[1] as string).toLowerCase() as ProbeKind,
    what: whatFailed(event.message.slice(found[0].length)),
  };
}

function whatFailed(text: string): string {
  const status = /statuscode: (\d{3})/i.exec(text)?.[1];
  if (status) return `HTTP ${status}`;
  if (/connection refused/i.test(text)) return 'connection refused';
  if (/context deadline exceeded|timed out|timeout/i.test(text)) return 'timeout';
  if (/connection reset/i.test(text)) return 'connection reset';
  if (/no route to host/i.test(text)) return 'no route to host';
  return shortened(text, 80) || 'failed';
}

/** The newest failure of one of these kinds that an event tells. Events of several containers of one pod look alike. */
export function latestFailure(events: readonly SeenEvent[], kinds: readonly ProbeKind[]): ProbeFailure | undefined {
  for (const event of events) {
    const failure = parseUnhealthy(event);
    if (failure && kinds.includes(failure.kind)) return failure;
  }
  return undefined;
}

/** `Container web failed liveness probe, will be restarted` (kuberuntime_manager.go), however the versions word it. */
const KILLING = /Container (\S+) failed (liveness|startup) probe/i;

/** The kubelet killed this container because of a probe, not longer ago than `sinceMs` (epoch): which probe; undefined when not. */
export function probeKill(events: readonly SeenEvent[], container: string, sinceMs: number): ProbeKind | undefined {
  for (const event of events) {
    if (event.reason !== 'Killing' || event.lastTimestamp < sinceMs) continue;
    const found = KILLING.exec(event.message);
    if (found?.[1]?.replace(/[",]/g, '') === container) return (found[2] as string).toLowerCase() as ProbeKind;
  }
  return undefined;
}

/** `readiness probe http GET :8080/healthz fails: HTTP 503`. */
export function probeText(kind: ProbeKind, probe: SeenProbe | undefined, failure: ProbeFailure | undefined): string {
  const where = probe ? ` ${probe.what}` : '';
  return `${kind} probe${where} fails${failure ? `: ${failure.what}` : ''}`;
}

/** How long a pod that starts well may take until it is ready, by its own probes, ms. */
export function probeBudgetMs(pod: SeenPod): number {
  return Math.max(
    0,
    ...pod.spec.containers.map(({ startupProbe, readinessProbe }) => budget(startupProbe) + budget(readinessProbe)),
  );
}

function budget(probe: SeenProbe | undefined): number {
  if (!probe) return 0;
  return (probe.initialDelaySeconds + (probe.periodSeconds + probe.timeoutSeconds) * probe.failureThreshold) * 1_000;
}
