import { faultOf } from '../kubelet/faults.ts';
import type { Json, Obj } from '../object.ts';
import type { World } from '../world.ts';
import { note, toItself, writeStatus } from './act.ts';
import { isFinished, withCondition } from './pods.ts';
import { parseQuantity } from './quantity.ts';
import { Queue } from './queue.ts';

const MANAGER = 'kube-scheduler';

interface Room {
  node: Obj;
  cpu: number;
  memory: number;
  pods: number;
  count: number;
}

/** Puts pods on nodes that fit them, the emptiest first; says why none does in the scheduler's own words. */
export function startScheduler(world: World): void {
  const waiting = new Set<string>();
  const queue: Queue = new Queue(
    world,
    [
      {
        key: 'pods',
        toKeys: (change) => (change.type === 'DELETED' ? [] : change.object.spec.nodeName ? [] : toItself(change)),
      },
    ],
    (ids) => {
      const rooms = roomsOf(world);
      for (const id of ids) {
        const [namespace, name] = id.split('/') as [string, string];
        const pod = world.store.get('pods', namespace, name);
        waiting.delete(id);
        if (
          !pod ||
          pod.spec.nodeName ||
          pod.metadata.deletionTimestamp ||
          isFinished(pod) ||
          pod.spec.schedulingGates?.length > 0
        )
          continue;
        if (!schedule(world, pod, rooms)) waiting.add(id);
      }
    },
  );
  const retry = (): void => {
    for (const id of waiting) queue.add(id);
  };
  world.store.listen('nodes', (change) => {
    const spec = (node: Obj | undefined): string =>
      JSON.stringify([node?.spec, node?.metadata.labels, node?.status?.allocatable]);
    if (spec(change.object) !== spec(change.previous)) retry();
  });
  world.store.listen('pods', (change) => {
    if (change.type === 'DELETED') retry();
  });
}

function roomsOf(world: World): Room[] {
  const rooms = new Map<string, Room>();
  for (const node of world.store.list('nodes')) {
    const { cpu, memory, pods } = node.status?.allocatable ?? { cpu: '8', memory: '32Gi', pods: '110' };
    rooms.set(node.metadata.name, {
      node,
      cpu: parseQuantity(cpu),
      memory: parseQuantity(memory),
      pods: parseQuantity(pods),
      count: 0,
    });
  }
  for (const pod of world.store.list('pods')) {
    const room = rooms.get(pod.spec.nodeName);
    if (!room || isFinished(pod)) continue;
    take(room, requestsOf(pod));
  }
  return [...rooms.values()];
}

function take(room: Room, requests: { cpu: number; memory: number }): void {
  room.cpu -= requests.cpu;
  room.memory -= requests.memory;
  room.pods -= 1;
  room.count += 1;
}

interface Requests {
  cpu: number;
  memory: number;
}

// By spec, which a pod's many status changes share: every pass looks at every pod.
const known = new WeakMap<object, Requests>();

function requestsOf(pod: Obj): Requests {
  let requests = known.get(pod.spec);
  if (!requests) {
    requests = { cpu: 0, memory: 0 };
    for (const container of pod.spec.containers) {
      requests.cpu += parseQuantity(container.resources?.requests?.cpu ?? '0');
      requests.memory += parseQuantity(container.resources?.requests?.memory ?? '0');
    }
    known.set(pod.spec, requests);
  }
  return requests;
}

function schedule(world: World, pod: Obj, rooms: Room[]): boolean {
  const requests = requestsOf(pod);
  const refusals = new Map<string, number>();
  let best: Room | undefined;
  for (const room of rooms) {
    const why = refusal(pod, room, requests);
    if (why.length === 0) {
      if (!best || room.count < best.count) best = room;
    } else for (const one of why) refusals.set(one, (refusals.get(one) ?? 0) + 1);
  }
  if (best) {
    bind(world, pod, best);
    take(best, requests);
    return true;
  }
  const total = rooms.length;
  const parts = [...refusals].map(([text, count]) => `${count} ${text}`).sort();
  const tail =
    total === 0
      ? ''
      : ` preemption: 0/${total} nodes are available: ${total} ${isCrowded(refusals) ? 'No preemption victims found for incoming pod' : 'Preemption is not helpful for scheduling'}.`;
  const message =
    total === 0 ? 'no nodes available to schedule pods' : `0/${total} nodes are available: ${parts.join(', ')}.${tail}`;
  const condition = { type: 'PodScheduled', status: 'False', lastProbeTime: null, reason: 'Unschedulable', message };
  const conditions = withCondition(pod.status?.conditions, condition, world.timestamp());
  writeStatus(world, 'pods', pod, { ...pod.status, conditions }, MANAGER);
  note(world, { about: pod, type: 'Warning', reason: 'FailedScheduling', message, component: 'default-scheduler' });
  return false;
}

function isCrowded(refusals: Map<string, number>): boolean {
  return [...refusals.keys()].some((text) => text.startsWith('Insufficient') || text === 'Too many pods');
}

function bind(world: World, pod: Obj, { node }: Room): void {
  const { name } = node.metadata;
  const condition = { type: 'PodScheduled', status: 'True', lastProbeTime: null };
  const conditions = withCondition(pod.status?.conditions, condition, world.timestamp());
  const bound: Obj = {
    ...pod,
    metadata: { ...pod.metadata },
    spec: { ...pod.spec, nodeName: name },
    status: { ...pod.status, conditions },
  };
  world.store.put('pods', bound);
  const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${name}`;
  note(world, { about: bound, reason: 'Scheduled', message, component: 'default-scheduler' });
}

/** Why a node will not do, in the words of the scheduler's plugins; the first plugin that objects speaks, resources speak together. */
function refusal(pod: Obj, room: Room, requests: { cpu: number; memory: number }): string[] {
  const { node } = room;
  if (faultOf(pod)?.name === 'unschedulable') return ["node(s) didn't match Pod's node affinity/selector"];
  const isTolerated = (taint: Json): boolean => (pod.spec.tolerations ?? []).some((one: Json) => tolerates(one, taint));
  if (node.spec?.unschedulable && !isTolerated({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })) {
    return ['node(s) were unschedulable'];
  }
  const blocking = (node.spec?.taints ?? []).find(
    (taint: Json) => taint.effect !== 'PreferNoSchedule' && !isTolerated(taint),
  );
  if (blocking) return [`node(s) had untolerated taint {${blocking.key}: ${blocking.value ?? ''}}`];
  if (!matchesNode(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  const why: string[] = [];
  if (room.pods < 1) why.push('Too many pods');
  if (requests.cpu > room.cpu) why.push('Insufficient cpu');
  if (requests.memory > room.memory) why.push('Insufficient memory');
  return why;
}

export function tolerates(toleration: Json, taint: Json): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return toleration.key !== undefined && (toleration.value ?? '') === (taint.value ?? '');
}

/** Whether nodeSelector and required node affinity admit a node. */
export function matchesNode(pod: Obj | Json, node: Obj): boolean {
  const labels = node.metadata.labels ?? {};
  const selector: Record<string, string> = pod.spec.nodeSelector ?? {};
  if (!Object.entries(selector).every(([key, value]) => labels[key] === value)) return false;
  const terms: Json[] | undefined =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms) return true;
  return terms.some((term) =>
    (term.matchExpressions ?? []).every((one: Json) => matchesExpression(labels[one.key], one)),
  );
}

function matchesExpression(value: string | undefined, { operator, values }: Json): boolean {
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  return operator === 'Gt' ? Number(value) > Number(values[0]) : Number(value) < Number(values[0]);
}
