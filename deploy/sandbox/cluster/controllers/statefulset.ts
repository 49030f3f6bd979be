import { clone, type Json, type Obj } from '../object.ts';
import type { World } from '../world.ts';
import { erase, make, note, podFrom, toController, toItself, writeStatus } from './act.ts';
import { isActive, isAvailable, isFinished, isReady } from './pods.ts';
import { eachKey, type Queue } from './queue.ts';
import { currentRevision, revisionsOf } from './revisions.ts';

const KEY = 'statefulsets.apps';
const MANAGER = 'kube-controller-manager';
const COMPONENT = 'statefulset-controller';
const REVISION_LABEL = 'controller-revision-hash';

/** Keeps numbered pods, in order unless told otherwise; rolls updates from the highest number down to the partition. */
export function startStatefulSets(world: World): void {
  const watching = [
    { key: KEY, toKeys: toItself },
    { key: 'pods', toKeys: toController('StatefulSet') },
  ];
  eachKey(world, watching, (namespace, name, queue) => {
    const set = world.store.get(KEY, namespace, name);
    if (!set) return;
    if (!set.metadata.deletionTimestamp) reconcile(world, set, queue);
  });
}

function ordinalOf(pod: Obj): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);
}

function reconcile(world: World, set: Obj, queue: Queue): void {
  const before = set.status ?? {};
  const inUse = new Set<string>([before.currentRevision, before.updateRevision].filter(Boolean));
  const update = currentRevision(world, set, inUse);
  if (!update) return;
  const updateName = update.metadata.name;
  const currentName: string = before.currentRevision ?? updateName;
  const revisions = new Map(revisionsOf(world, set).map((revision) => [revision.metadata.name, revision]));
  const start: number = set.spec.ordinals?.start ?? 0;
  const replicas: number = set.spec.replicas;
  const isOrdered = set.spec.podManagementPolicy !== 'Parallel';
  const partition: number = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const pods = world.store.owned('pods', set.metadata.uid);
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));

  const isSettled = (pod: Obj | undefined): boolean => pod !== undefined && isActive(pod) && isReady(pod);
  let isBlocked = false;
  for (let ordinal = start; ordinal < start + replicas && !isBlocked; ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (pod && isFinished(pod) && !pod.metadata.deletionTimestamp) erase(world, 'pods', pod);
    if (!pod) {
      const revision = ordinal < start + partition ? (revisions.get(currentName) ?? update) : update;
      create(world, set, ordinal, revision);
    }
    if (isOrdered && !isSettled(pod)) isBlocked = true;
  }
  const extra = pods
    .filter((pod) => ordinalOf(pod) >= start + replicas || ordinalOf(pod) < start)
    .sort((a, b) => ordinalOf(b) - ordinalOf(a));
  const leaving = extra.some((pod) => pod.metadata.deletionTimestamp);
  if (!isBlocked || !isOrdered) {
    for (const pod of isOrdered ? (leaving ? [] : extra.slice(0, 1)) : extra.filter(isActive)) drop(world, set, pod);
  }
  const isRolling = set.spec.updateStrategy?.type !== 'OnDelete';
  if (isRolling && extra.length === 0) roll(world, set, byOrdinal, updateName, start, replicas, partition);
  report(world, set, currentName, updateName, queue);
}

/** One pod at a time, from the top, each only when those above it are ready. A broken pod of an old revision is replaced all the same. */
function roll(
  world: World,
  set: Obj,
  byOrdinal: Map<number, Obj>,
  update: string,
  start: number,
  replicas: number,
  partition: number,
): void {
  for (let ordinal = start + replicas - 1; ordinal >= start + partition; ordinal--) {
    const pod = byOrdinal.get(ordinal);
    if (!pod || pod.metadata.deletionTimestamp) return;
    if (pod.metadata.labels?.[REVISION_LABEL] !== update) {
      drop(world, set, pod);
      return;
    }
    if (!isReady(pod)) return;
  }
}

function create(world: World, set: Obj, ordinal: number, revision: Obj): void {
  const { $patch: _, ...template } = clone(revision.data.spec.template);
  const name = `${set.metadata.name}-${ordinal}`;
  const pod = podFrom(set, template, name, {
    'apps.kubernetes.io/pod-index': String(ordinal),
    [REVISION_LABEL]: revision.metadata.name,
    'statefulset.kubernetes.io/pod-name': name,
  });
  pod.spec.hostname = name;
  pod.spec.subdomain = set.spec.serviceName;
  for (const claim of set.spec.volumeClaimTemplates ?? []) {
    const claimName = `${claim.metadata.name}-${name}`;
    pod.spec.volumes = [
      ...(pod.spec.volumes ?? []),
      { name: claim.metadata.name, persistentVolumeClaim: { claimName } },
    ];
    if (world.store.get('persistentvolumeclaims', set.metadata.namespace, claimName)) continue;
    const metadata = { name: claimName, namespace: set.metadata.namespace, labels: set.spec.selector.matchLabels };
    make(world, 'persistentvolumeclaims', { metadata, spec: clone(claim.spec) }, MANAGER);
    const message = `create Claim ${claimName} Pod ${name} in StatefulSet ${set.metadata.name} success`;
    note(world, { about: set, reason: 'SuccessfulCreate', message, component: COMPONENT });
  }
  if (!make(world, 'pods', pod, MANAGER)) return;
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  note(world, { about: set, reason: 'SuccessfulCreate', message, component: COMPONENT });
}

function drop(world: World, set: Obj, pod: Obj): void {
  if (pod.metadata.deletionTimestamp) return;
  erase(world, 'pods', pod);
  const message = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  note(world, { about: set, reason: 'SuccessfulDelete', message, component: COMPONENT });
}

function report(world: World, set: Obj, currentName: string, updateName: string, queue: Queue): void {
  const latest = world.store.get(KEY, set.metadata.namespace, set.metadata.name);
  if (!latest) return;
  const pods = world.store.owned('pods', set.metadata.uid).filter((pod) => !isFinished(pod));
  const living = pods.filter(isActive);
  const of = (revision: string): number =>
    living.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === revision).length;
  const ready = living.filter(isReady).length;
  const minReadySeconds: number = set.spec.minReadySeconds ?? 0;
  const available = living.filter((pod) => isAvailable(world, pod, minReadySeconds)).length;
  if (available < ready) queue.addAfter(`${set.metadata.namespace}/${set.metadata.name}`, 1_000);
  const updated = of(updateName);
  const isDone = updated === set.spec.replicas && ready === set.spec.replicas && pods.length === updated;
  const status: Json = {
    observedGeneration: latest.metadata.generation,
    replicas: pods.length,
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    availableReplicas: available,
    currentRevision: isDone ? updateName : currentName,
    updateRevision: updateName,
    collisionCount: 0,
  };
  const current = of(status.currentRevision);
  if (current > 0) status.currentReplicas = current;
  if (updated > 0) status.updatedReplicas = updated;
  writeStatus(world, KEY, latest, status, MANAGER);
}
