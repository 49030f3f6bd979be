import type { SeenPod } from '../seen/pod.ts';
import { isStatusUnknown, shortened } from './exit-codes.ts';
import { disruptionReason } from './pods.ts';

/**
 * Why a pod is over. Each failed pod belongs to one class, the first that fits, so that one rule tells of it:
 * node loss (P12), evicted (P10), refused by the kubelet (P11), past its deadline (P13), any other (P17 when nobody owns it).
 */
export type FailureClass = 'node' | 'evicted' | 'refused' | 'deadline' | 'other';

/** Set by node and pod garbage collection and by a kubelet that shuts its node down (kubelet/nodeshutdown, controller/podgc). */
const NODE_REASONS: ReadonlySet<string> = new Set(['NodeLost', 'Terminated', 'NodeShutdown', 'Shutdown']);

/** The kubelet's admission (kubelet/lifecycle, kubelet/cm): it will not run the pod, although the scheduler has put it there. */
const REFUSED = new Set([
  'NodeAffinity',
  'NodePorts',
  'NodeName',
  'NodeUnschedulable',
  'UnexpectedAdmissionError',
  'TopologyAffinityError',
  'UnexpectedPredicateFailureType',
  'InvalidNodeInfo',
  'PodOSNotSupported',
  'PodOSSelectorNodeLabelDoesNotMatch',
  'PodFeatureUnsupported',
  'PodLevelResourcesNotAdmittedReason',
  'InitContainerRestartPolicyForbidden',
  'SupplementalGroupsPolicyNotSupported',
  'AppArmor',
  'SysctlForbidden',
  'Preempting',
]);

/** Undefined: the pod is not over, and its node has not lost it either. */
export function failureClass(pod: SeenPod): FailureClass | undefined {
  const { phase, reason } = pod.status;
  // Nearly every pod there is.
  if (reason === '' && phase !== 'Failed' && phase !== 'Unknown') return undefined;
  if (isNodeLoss(pod)) return 'node';
  if (phase !== 'Failed') return undefined;
  if (reason === 'Evicted') return 'evicted';
  if (/^OutOf/.test(reason) || REFUSED.has(reason)) return 'refused';
  return reason === 'DeadlineExceeded' ? 'deadline' : 'other';
}

/** The node is gone, not the program wrong. `ContainerStatusUnknown` with 137 belongs here: nobody saw how it ended. */
function isNodeLoss(pod: SeenPod): boolean {
  const { phase, reason, containerStatuses } = pod.status;
  if (phase === 'Unknown' || NODE_REASONS.has(reason)) return true;
  if (disruptionReason(pod) === 'DeletionByPodGC') return true;
  return reason !== 'Evicted' && containerStatuses.some(({ state }) => isStatusUnknown(state.terminated));
}

export interface Eviction {
  /** `memory`, `ephemeral-storage`, `pids`; '' when the message does not tell. */
  readonly resource: string;
  readonly cause: string;
}

/** Reads the kubelet's message of an eviction (kubelet/eviction/helpers.go). */
export function parseEviction(message: string): Eviction {
  const low = /node was low on resource: ([\w.-]+?)\.(?:\s|$)/.exec(message)?.[1];
  if (low) {
    const use = /Container (\S+) was using (\S+?), request is (\S+?),/.exec(message);
    const who = use ? ` (container ${use[1]} used ${use[2]}, request ${use[3]})` : '';
    return { resource: low, cause: `evicted: node was low on ${low}${who}` };
  }
  const pressure = /node had condition: \[([^\]]+)\]/i.exec(message)?.[1];
  if (pressure) return { resource: RESOURCES[pressure] ?? '', cause: `evicted: node had ${pressure}` };
  const isStorage = /ephemeral|emptydir/i.test(message);
  const said = shortened(message.replace(/\.\s*$/, ''), 120);
  return { resource: isStorage ? 'ephemeral-storage' : '', cause: said === '' ? 'evicted' : `evicted: ${said}` };
}

const RESOURCES: Readonly<Record<string, string>> = {
  MemoryPressure: 'memory',
  DiskPressure: 'ephemeral-storage',
  PIDPressure: 'pids',
};
