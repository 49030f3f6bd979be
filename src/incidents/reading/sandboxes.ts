import type { CauseClass, Shared } from '../rule.ts';
import type { SeenPod } from '../seen/pod.ts';
import type { SeenEvent } from '../seen/surroundings.ts';
import type { Sight } from '../sight.ts';
import { lastWords } from './exit-codes.ts';
import { conditionOf, storageClassOf } from './pods.ts';
import { missingText } from './waiting.ts';

/** The kubelet tells a trouble that lasts again at least every two minutes (122 s); an older one may be over. */
const FRESH_MS = 3 * 60_000;
const REASONS: ReadonlySet<string> = new Set(['FailedCreatePodSandBox', 'FailedMount', 'FailedAttachVolume']);

/** Why a pod that has a node gets no sandbox or no volumes. */
export interface SandboxTrouble {
  readonly cause: string;
  readonly causeClass: CauseClass;
  readonly shares: Shared;
}

/**
 * Whether a pod waits for its sandbox or its volumes: every container is still to be made, and the kubelet says that the pod is not ready
 * for containers or has failed at a mount lately. A slow pull is neither: by then the sandbox stands.
 */
export function sandboxTrouble(pod: SeenPod, sight: Sight, now: number): SandboxTrouble | undefined {
  if (!isBeingMade(pod)) return undefined;
  const event = sight.events(pod.metadata.uid).find(({ reason }) => REASONS.has(reason));
  const isFresh = event !== undefined && now - event.lastTimestamp <= FRESH_MS;
  const ready = conditionOf(pod, 'PodReadyToStartContainers') ?? conditionOf(pod, 'PodHasNetwork');
  // Kubernetes before 1.29 has no such condition: there only what is told again and again counts.
  if (!isFresh && ready?.status !== 'False') return undefined;
  return troubleOf(event, pod, sight);
}

function isBeingMade({ status }: SeenPod): boolean {
  if (status.phase !== 'Pending' || status.containerStatuses.length === 0) return false;
  return status.containerStatuses.every(({ state }) => {
    const reason = state.waiting?.reason;
    return reason === 'ContainerCreating' || reason === 'PodInitializing';
  });
}

function troubleOf(event: SeenEvent | undefined, pod: SeenPod, sight: Sight): SandboxTrouble {
  const node = pod.spec.nodeName;
  const storageClass = storageClassOf(pod, sight);
  const shares = { ...(node !== undefined && { node }), ...(storageClass !== undefined && { storageClass }) };
  if (event === undefined) {
    const cause = `not ready for containers on ${node ?? 'its node'}: no sandbox or volumes yet`;
    return { cause, causeClass: 'volume', shares };
  }
  if (event.reason === 'FailedCreatePodSandBox')
    return {
      cause: `no sandbox on ${node ?? 'its node'}: ${sandboxWords(event.message)}`,
      causeClass: 'node',
      shares: node === undefined ? {} : { node },
    };
  const missing = missingText(event.message);
  if (missing) return { cause: `volume cannot be mounted: ${missing}`, causeClass: 'config', shares: {} };
  return { cause: volumeText(event), causeClass: 'volume', shares };
}

/** `… rpc error: code = Unknown desc = failed to setup network for sandbox "0a1b": plugin type="calico" failed (add): …`. */
function sandboxWords(message: string): string {
  const plain = message
    .replace(/^Failed to create pod sandbox: /, '')
    .replace(/rpc error: code = \w+ desc = /g, '')
    .replace(/sandbox "[0-9a-f]+"/g, 'sandbox');
  return lastWords(plain) || 'the runtime does not say why';
}

function volumeText({ reason, message }: SeenEvent): string {
  const multi = /^Multi-Attach error for volume "([^"]+)"\s*(.*)$/.exec(message);
  if (multi) return `volume "${multi[1]}" is still attached elsewhere: ${lastWords(multi[2] ?? '')}`;
  const unmounted = /unmounted volumes=\[([^\]]+)\]/.exec(message)?.[1];
  if (unmounted) return `volume ${unmounted} cannot be mounted: ${lastWords(message.split('): ').at(-1) ?? message)}`;
  const named = /for volume "([^"]+)"\s*:?\s*(.*)$/s.exec(message);
  const verb = reason === 'FailedAttachVolume' ? 'attached' : 'mounted';
  const said = lastWords((named?.[2] ?? message).replace(/rpc error: code = \w+ desc = /g, ''));
  return named ? `volume "${named[1]}" cannot be ${verb}: ${said}` : `volume cannot be ${verb}: ${said}`;
}
