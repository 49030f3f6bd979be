import { faultOf } from '../kubelet/faults.ts';
import { hashOf, isSame, type Json, type Obj } from '../object.ts';
import type { World } from '../world.ts';
import { change, erase, make, note, toItself, writeStatus } from './act.ts';
import { disrupt, isFinished, withCondition } from './pods.ts';
import { eachKey } from './queue.ts';

const LEASE_EVERY_MS = 10_000;
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const EVICT_AFTER_MS = 300_000;

/** Brings nodes to life: addresses, capacity, leases; makes one NotReady while its fault annotation says so. */
export function startNodes(world: World): void {
  eachKey(world, [{ key: 'nodes', toKeys: toItself }], (_, name, queue) => {
    const node = world.store.get('nodes', undefined, name);
    if (!node || node.metadata.deletionTimestamp) return;
    const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' };
    const isReady = faultOf(node)?.name !== 'not-ready';
    const taints: Json[] = node.spec?.taints ?? [];
    const wanted = taints.filter(
      (taint) => taint.key !== UNREACHABLE && taint.key !== 'node.kubernetes.io/unschedulable',
    );
    if (node.spec?.unschedulable)
      wanted.push(
        taints.find((taint) => taint.key === 'node.kubernetes.io/unschedulable') ?? {
          key: 'node.kubernetes.io/unschedulable',
          effect: 'NoSchedule',
          timeAdded: world.timestamp(),
        },
      );
    if (!isReady) {
      for (const effect of ['NoSchedule', 'NoExecute']) {
        wanted.push(
          taints.find((taint) => taint.key === UNREACHABLE && taint.effect === effect) ?? {
            key: UNREACHABLE,
            effect,
            timeAdded: world.timestamp(),
          },
        );
      }
    }
    const isLabelled = Object.keys(labels).every((key) => node.metadata.labels?.[key] !== undefined);
    if (!isSame(wanted, taints) || !isLabelled) {
      change(
        world,
        'nodes',
        node,
        (draft) => {
          draft.metadata.labels = { ...labels, ...draft.metadata.labels };
          draft.spec ??= {};
          draft.spec.taints = wanted;
          if (wanted.length === 0) delete draft.spec.taints;
        },
        'kube-controller-manager',
      );
    }
    const current = world.store.get('nodes', undefined, name);
    if (!current) return;
    const wasReady = current.status?.conditions?.find((one: Json) => one.type === 'Ready')?.status;
    writeStatus(
      world,
      'nodes',
      current,
      nodeStatus(world, current, isReady),
      isReady ? 'kubelet' : 'kube-controller-manager',
    );
    if (!isReady && wasReady === 'True') {
      note(world, {
        about: current,
        reason: 'NodeNotReady',
        message: `Node ${name} status is now: NodeNotReady`,
        component: 'node-controller',
      });
      losePods(world, name);
      queue.addAfter(name, EVICT_AFTER_MS);
    } else if (!isReady) evictLost(world, current, () => queue.addAfter(name, 10_000));
    if (isReady && wasReady !== 'True') {
      renewLease(world, current);
      note(world, {
        about: current,
        reason: 'NodeReady',
        message: `Node ${name} status is now: NodeReady`,
        component: 'kubelet',
        host: name,
      });
    }
  });
  renewLeases(world);
}

// Leases beat as timestamps run: clients compare them with their own clock.
function renewLeases(world: World): void {
  for (const node of world.store.list('nodes')) if (faultOf(node)?.name !== 'not-ready') renewLease(world, node);
  world.afterStamped(LEASE_EVERY_MS, () => renewLeases(world));
}

function renewLease(world: World, node: Obj): void {
  const { name, uid } = node.metadata;
  const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: world.microTimestamp() };
  const lease = world.store.get('leases.coordination.k8s.io', 'kube-node-lease', name);
  if (lease) world.store.put('leases.coordination.k8s.io', { ...lease, metadata: { ...lease.metadata }, spec });
  else {
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }];
    const metadata = { name, namespace: 'kube-node-lease', ownerReferences };
    make(world, 'leases.coordination.k8s.io', { metadata, spec }, 'kubelet');
  }
}

function nodeStatus(world: World, node: Obj, isReady: boolean): Json {
  const { name, uid } = node.metadata;
  const before = node.status ?? {};
  const now = world.timestamp();
  let conditions: Json[] = before.conditions ?? [];
  const healthy: Record<string, [string, string]> = {
    MemoryPressure: ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    DiskPressure: ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    PIDPressure: ['KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  };
  const seen = (type: string): Json => conditions.find((one) => one.type === type);
  const put = (type: string, status: string, reason: string, message: string): void => {
    const old = seen(type);
    const lastHeartbeatTime = old?.status === status ? (old.lastHeartbeatTime ?? now) : now;
    conditions = withCondition(
      conditions,
      { type, status, lastHeartbeatTime, lastTransitionTime: now, reason, message },
      now,
    );
  };
  for (const [type, [reason, message]] of Object.entries(healthy)) {
    if (!isReady) put(type, 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.');
    else if (seen(type)?.status !== 'True') put(type, 'False', reason, message);
  }
  if (isReady) put('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status');
  else put('Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.');
  const capacity = before.capacity ?? { cpu: '8', memory: '32Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  const octet = (Number.parseInt(uid.replaceAll('-', '').slice(0, 6), 16) % 250) + 2;
  return {
    ...before,
    capacity,
    allocatable: before.allocatable ?? capacity,
    conditions,
    addresses: before.addresses ?? [
      { type: 'InternalIP', address: `172.18.0.${octet}` },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: before.daemonEndpoints ?? { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: before.nodeInfo ?? {
      machineID: hashOf(uid),
      systemUUID: uid,
      bootID: world.newUid(),
      kernelVersion: '6.12.0-practice',
      osImage: 'Flatcar Container Linux by Kinvolk 4081.2.0',
      containerRuntimeVersion: 'containerd://2.1.4',
      kubeletVersion: 'v1.36.0',
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
  };
}

function podsOn(world: World, node: string): Obj[] {
  return world.store.list('pods').filter((pod) => pod.spec.nodeName === node);
}

function losePods(world: World, node: string): void {
  const now = world.timestamp();
  for (const pod of podsOn(world, node)) {
    if (isFinished(pod) || !pod.status?.conditions) continue;
    const conditions = withCondition(
      pod.status.conditions,
      { type: 'Ready', status: 'False', lastProbeTime: null },
      now,
    );
    writeStatus(world, 'pods', pod, { ...pod.status, conditions }, 'kube-controller-manager');
    note(world, {
      about: pod,
      type: 'Warning',
      reason: 'NodeNotReady',
      message: 'Node is not ready',
      component: 'node-controller',
    });
  }
}

/** Pods on a lost node are told to go when their toleration is over; nobody is there to carry it out. */
function evictLost(world: World, node: Obj, lookAgain: () => void): void {
  const since = (node.spec?.taints ?? []).find((taint: Json) => taint.key === UNREACHABLE)?.timeAdded;
  if (world.elapsedSince(since) < EVICT_AFTER_MS) {
    lookAgain();
    return;
  }
  for (const pod of podsOn(world, node.metadata.name)) {
    const isTolerant = (pod.spec.tolerations ?? []).some(
      (one: Json) =>
        (one.key === UNREACHABLE || one.key === undefined) &&
        one.tolerationSeconds === undefined &&
        (!one.effect || one.effect === 'NoExecute'),
    );
    if (isTolerant || pod.metadata.deletionTimestamp) continue;
    note(world, {
      about: pod,
      reason: 'TaintManagerEviction',
      message: `Marking for deletion Pod ${pod.metadata.namespace}/${pod.metadata.name}`,
      component: 'taint-eviction-controller',
    });
    disrupt(world, pod, 'DeletionByTaintManager', 'Taint manager: deleting due to NoExecute taint');
    erase(world, 'pods', pod);
  }
}
