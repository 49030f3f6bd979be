import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { bigObject, bigPod } from '../big-cluster.ts';
import type { Stored } from './api-server.ts';

/** The cluster that is measured: 200 nodes, 500 Deployments of 10 pods, and one Deployment of 100; all of it healthy. */
export const NODES = 200;
export const SETS = 500;
const PODS_PER_SET = 10;
const LARGE_SET = SETS;
const LARGE_PODS = 100;
/** So many Deployments have one pod on the first node. */
export const ON_FIRST_NODE = 110;

type Json = Record<string, unknown>;

export interface PodRef {
  /** Its Deployment. */
  readonly set: number;
  /** Which one of it. */
  readonly index: number;
}

export const LARGE: readonly PodRef[] = Array.from({ length: LARGE_PODS }, (_, index) => ({ set: LARGE_SET, index }));
export const FIRST_NODE: readonly PodRef[] = Array.from({ length: ON_FIRST_NODE }, (_, set) => ({ set, index: 0 }));

export function everything(): Stored[] {
  const spaces = Array.from({ length: 40 }, (_, n): Stored => {
    const name = `team-${n}`;
    const metadata = {
      name,
      uid: `0000000a-0000-4000-8000-${String(n).padStart(12, '0')}`,
      creationTimestamp: CREATED,
    };
    const spec = { finalizers: ['kubernetes'] };
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata, spec, status: { phase: 'Active' } };
    return { path: `namespaces/${name}`, object: object as never };
  });
  const nodes = Array.from({ length: NODES }, (_, n): Stored => {
    const object = node(n);
    return { path: `minions/${object.metadata.name}`, object: object as never };
  });
  const sets = Array.from({ length: SETS + 1 }, (_, set) => [
    stored('deployments', 'apps/v1', 'Deployment', workload('deployments', set)),
    stored('replicasets', 'apps/v1', 'ReplicaSet', workload('replicasets', set)),
    ...Array.from({ length: podsOf(set) }, (_none, index) => stored('pods', 'v1', 'Pod', pod({ set, index }))),
  ]).flat();
  return [...spaces, ...nodes, ...sets];
}

const CREATED = '2026-01-01T00:00:00Z';

function stored(plural: string, apiVersion: string, kind: string, object: KubeObject): Stored {
  const { namespace, name } = object.metadata;
  const { resourceVersion: _given, ...metadata } = object.metadata;
  return { path: `${plural}/${namespace}/${name}`, object: { apiVersion, kind, ...object, metadata } as never };
}

function podsOf(set: number): number {
  return set === LARGE_SET ? LARGE_PODS : PODS_PER_SET;
}

/** Numbers as the big cluster of the other benches has them: twenty to a set, and the large one's beyond all others. */
function numberOf({ set, index }: PodRef): number {
  return index < 20 ? set * 20 + index : 100_000 + index;
}

function pod(ref: PodRef): KubeObject {
  const like = bigPod(ref.set * 20) as KubeObject & { spec: Json; status: Json };
  const own = bigPod(numberOf(ref)) as KubeObject & { spec: Json; status: Json };
  const spec = { ...like.spec, nodeName: `worker-${nodeOf(ref)}` };
  const { labels, ownerReferences, namespace } = like.metadata;
  return {
    ...own,
    metadata: { ...own.metadata, labels, ownerReferences, namespace, name: podName(ref) },
    spec,
  } as never;
}

export function podName(ref: PodRef): string {
  const { name = '' } = bigPod(ref.set * 20).metadata;
  return `${name.slice(0, name.lastIndexOf('-'))}-${String(ref.index).padStart(5, 'x')}`;
}

/** The first node holds one pod each of some Deployments and no other. */
function nodeOf({ set, index }: PodRef): number {
  if (index === 0 && set < ON_FIRST_NODE) return 0;
  return 1 + ((set * 7 + index) % (NODES - 1));
}

export function podPath(ref: PodRef): string {
  return `/api/v1/namespaces/${namespaceOf(ref.set)}/pods/${podName(ref)}/status`;
}

function namespaceOf(set: number): string {
  return `team-${set % 40}`;
}

export function deploymentPath(set: number): string {
  return `/apis/apps/v1/namespaces/${namespaceOf(set)}/deployments/service-${set}/status`;
}

function workload(plural: string, set: number): KubeObject {
  const count = podsOf(set);
  const like = bigObject(plural, set) as KubeObject & { spec: Json; status: Json };
  const spec = { ...like.spec, replicas: count };
  return { ...like, spec, status: { ...like.status, ...deploymentStatus(plural, count, count) } } as never;
}

function deploymentStatus(plural: string, count: number, available: number): Json {
  const status = { observedGeneration: 1, replicas: count, readyReplicas: available, availableReplicas: available };
  if (plural !== 'deployments') return status;
  const condition = (type: string, isTrue: boolean, reason: string): Json => ({
    ...{ type, status: isTrue ? 'True' : 'False', reason, message: '' },
    ...{ lastUpdateTime: CREATED, lastTransitionTime: CREATED },
  });
  const conditions = [
    condition('Available', true, 'MinimumReplicasAvailable'),
    condition('Progressing', true, 'NewReplicaSetAvailable'),
  ];
  return { ...status, updatedReplicas: count, unavailableReplicas: count - available, conditions };
}

/** What the Deployment controller would write. */
export function withAvailable(set: number, available: number): object {
  return { status: deploymentStatus('deployments', podsOf(set), available) };
}

function node(n: number): KubeObject {
  const like = bigObject('nodes', n) as KubeObject & { status: Json };
  const size = { cpu: '32', memory: '256Gi', pods: '110' };
  const { resourceVersion: _given, ...metadata } = like.metadata;
  const status = { ...like.status, allocatable: size, capacity: size, nodeInfo: { kubeletVersion: 'v1.36.3' } };
  return { apiVersion: 'v1', kind: 'Node', ...like, metadata, status } as never;
}

export function nodePath(n: number): string {
  return `/api/v1/nodes/worker-${n}/status`;
}

/** What the kubelet says when its runtime is down. */
export function nodeNotReady(): object {
  return nodeCondition({ status: 'False', reason: 'KubeletNotReady', message: 'container runtime is down' });
}

export function nodeReady(): object {
  return nodeCondition({ status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' });
}

function nodeCondition(condition: Json): object {
  const at = new Date().toISOString().replace(/\.\d+/, '');
  return { status: { conditions: [{ type: 'Ready', lastHeartbeatTime: at, lastTransitionTime: at, ...condition }] } };
}
