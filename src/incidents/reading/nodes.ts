import type { SeenPod } from '../seen/pod.ts';
import type { SeenNode } from '../seen/surroundings.ts';
import type { Sight } from '../sight.ts';

/** Whole names or, with a final `/`, beginnings of taints that say: an autoscaler or the cloud is taking this node away on purpose. */
const LEAVING = [
  'ToBeDeletedByClusterAutoscaler',
  'DeletionCandidateOfClusterAutoscaler',
  'karpenter.sh/disrupted',
  'karpenter.sh/disruption',
  'aws-node-termination-handler/',
  'cloud.google.com/impending-node-termination',
  'spot.io/',
];

const STANDARD_CONDITIONS = new Set(['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']);
/**
 * Conditions for which True is the good state: etcd members of k3s and RKE2, and, by their endings, those of EKS' node monitoring agent
 * (`KernelReady`, `NetworkingReady`) and others that report health instead of problems.
 */
const GOOD_WHEN_TRUE =
  /^(EtcdIsVoter|EtcdIsLearner|Schedulable|Updated)$|(?<!Not|Un)(Ready|Healthy|Available|Succeeded|OK|Ok)$/;
const FLATCAR = 'flatcar-linux-update.v1.flatcar-linux.net/';

type NodeCondition = SeenNode['status']['conditions'][number];

export function conditionOfNode(node: SeenNode, type: string): NodeCondition | undefined {
  return node.status.conditions.find((condition) => condition.type === type);
}

/** Since when a node is not ready, epoch ms; undefined: it is. A node that has never reported counts from its creation. */
export function notReadySince(node: SeenNode): number | undefined {
  const ready = conditionOfNode(node, 'Ready');
  if (ready?.status === 'True') return undefined;
  return ready?.lastTransitionTime || node.metadata.creationTimestamp;
}

/** An autoscaler, Karpenter or a spot-termination handler has announced that the node goes. */
export function isLeaving(node: SeenNode): boolean {
  return node.spec.taints.some(({ key }) =>
    LEAVING.some((name) => (name.endsWith('/') ? key.startsWith(name) : key === name)),
  );
}

/** Cordoned by something that reboots or upgrades nodes: Flatcar's update operator, kured, the system upgrade controller, Shipmate. */
export function isUpdating(node: SeenNode, sight: Sight): boolean {
  if (!node.spec.unschedulable) return false;
  const { annotations, labels } = node.metadata;
  return (
    annotations[`${FLATCAR}reboot-in-progress`] === 'true' ||
    annotations[`${FLATCAR}reboot-ok`] === 'true' ||
    labels[`${FLATCAR}before-reboot`] === 'true' ||
    labels[`${FLATCAR}after-reboot`] === 'true' ||
    annotations['weave.works/kured-reboot-in-progress'] !== undefined ||
    annotations['shipmate/reboot-in-progress'] !== undefined ||
    hasUpgradePod(node, sight)
  );
}

/** The Job pods of rancher/system-upgrade-controller run on the node that they upgrade. */
function hasUpgradePod(node: SeenNode, sight: Sight): boolean {
  for (const pod of sight.podsOnNode(node.metadata.name)) {
    if (pod.metadata.labels['upgrade.cattle.io/plan'] !== undefined && isUnfinished(pod)) return true;
  }
  return false;
}

/** Pods on a node that somebody would miss: not finished, and not there only because the node is (DaemonSets, static pods). */
export function podsAtRisk(node: SeenNode, sight: Sight): readonly SeenPod[] {
  return [...sight.podsOnNode(node.metadata.name)].filter((pod) => isUnfinished(pod) && !belongsToNode(pod));
}

export function isUnfinished(pod: SeenPod): boolean {
  return pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
}

function belongsToNode(pod: SeenPod): boolean {
  const owner = pod.metadata.owner?.kind;
  return (
    owner === 'DaemonSet' || owner === 'Node' || pod.metadata.annotations['kubernetes.io/config.mirror'] !== undefined
  );
}

/** A taken-out node with nothing on it: nobody is hurt, whatever it says of itself. */
export function isEmptyAndCordoned(node: SeenNode, sight: Sight): boolean {
  return node.spec.unschedulable && podsAtRisk(node, sight).length === 0;
}

/** Conditions that a problem detector has set: none of the kubelet's own, none for which True is good. */
export function problemsOf(node: SeenNode): readonly NodeCondition[] {
  return node.status.conditions.filter(
    ({ type, status }) => status === 'True' && !STANDARD_CONDITIONS.has(type) && !GOOD_WHEN_TRUE.test(type),
  );
}

/** Minor version of a kubelet (`v1.36.2+k3s1` → 36); undefined when it is not written so, or not of major version 1. */
export function minorOf(version: string): number | undefined {
  const match = /^v?1\.(\d+)/.exec(version);
  return match ? Number(match[1]) : undefined;
}

/** The newest minor version among ready nodes and how many nodes run it. */
export function newestMinor(sight: Sight): { readonly minor: number; readonly nodes: number } | undefined {
  let newest: { minor: number; nodes: number } | undefined;
  for (const node of sight.all('Node')) {
    const minor = minorOf(node.status.nodeInfo.kubeletVersion);
    if (minor === undefined || notReadySince(node) !== undefined) continue;
    if (!newest || minor > newest.minor) newest = { minor, nodes: 1 };
    else if (minor === newest.minor) newest.nodes++;
  }
  return newest;
}
