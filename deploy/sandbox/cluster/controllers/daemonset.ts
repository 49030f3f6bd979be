import { type Json, type Obj, randomSuffix } from '../object.ts';
import type { World } from '../world.ts';
import { erase, make, note, podFrom, toController, toItself, writeStatus } from './act.ts';
import { isActive, isAvailable, isFinished, isReady, scaled } from './pods.ts';
import { eachKey } from './queue.ts';
import { currentRevision } from './revisions.ts';
import { matchesNode, tolerates } from './scheduler.ts';

const KEY = 'daemonsets.apps';
const MANAGER = 'kube-controller-manager';
const COMPONENT = 'daemonset-controller';
const REVISION_LABEL = 'controller-revision-hash';
/** What every daemon pod puts up with; source: `AddOrUpdateDaemonPodTolerations`. */
const TOLERATED: readonly [string, string][] = [
  ['node.kubernetes.io/not-ready', 'NoExecute'],
  ['node.kubernetes.io/unreachable', 'NoExecute'],
  ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
  ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
  ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
  ['node.kubernetes.io/unschedulable', 'NoSchedule'],
];
const TOLERATIONS = TOLERATED.map(([key, effect]) => ({ key, operator: 'Exists', effect }));

/** Keeps one pod on every node that admits it; rolls updates within maxUnavailable. */
export function startDaemonSets(world: World): void {
  const watching = [
    { key: KEY, toKeys: toItself },
    { key: 'pods', toKeys: toController('DaemonSet') },
    {
      key: 'nodes',
      toKeys: () => world.store.list(KEY).map((set) => `${set.metadata.namespace}/${set.metadata.name}`),
    },
  ];
  eachKey(world, watching, (namespace, name) => {
    const set = world.store.get(KEY, namespace, name);
    if (set && !set.metadata.deletionTimestamp) reconcile(world, set);
  });
}

function reconcile(world: World, set: Obj): void {
  const revision = currentRevision(world, set, new Set());
  if (!revision) return;
  const hash = revision.metadata.labels?.['controller.kubernetes.io/hash'] ?? '';
  const pods = world.store.owned('pods', set.metadata.uid);
  const eligible = world.store.list('nodes').filter((node) => admits(set, node));
  const names = new Set(eligible.map((node) => node.metadata.name));
  for (const node of eligible) {
    const here = pods.filter((pod) => pod.spec.nodeName === node.metadata.name);
    for (const pod of here.filter((one) => isFinished(one) && !one.metadata.deletionTimestamp))
      erase(world, 'pods', pod);
    if (here.length === 0) create(world, set, node, hash);
  }
  for (const pod of pods) if (!names.has(pod.spec.nodeName) && isActive(pod)) drop(world, set, pod);
  if (set.spec.updateStrategy?.type !== 'OnDelete') roll(world, set, pods, hash, eligible.length);
  report(world, set, hash, eligible.length, names);
}

function admits(set: Obj, node: Obj): boolean {
  const template = set.spec.template;
  const tolerations: Json[] = [...(template.spec.tolerations ?? []), ...TOLERATIONS];
  const isTolerated = (taint: Json): boolean =>
    taint.effect === 'PreferNoSchedule' || tolerations.some((one) => tolerates(one, taint));
  // A node that is unreachable keeps its daemon pods.
  const taints: Json[] = (node.spec?.taints ?? []).filter(
    (taint: Json) => taint.key !== 'node.kubernetes.io/unreachable',
  );
  return matchesNode(template, node) && taints.every(isTolerated);
}

function create(world: World, set: Obj, node: Obj, hash: string): void {
  const pod = podFrom(set, set.spec.template, `${set.metadata.name}-${randomSuffix()}`, {
    [REVISION_LABEL]: hash,
    'pod-template-generation': String(set.metadata.generation ?? 1),
  });
  pod.spec.nodeName = node.metadata.name;
  pod.spec.tolerations = [...(pod.spec.tolerations ?? []), ...TOLERATIONS];
  const made = make(world, 'pods', pod, MANAGER);
  if (!made) return;
  const message = `Created pod: ${made.metadata.name}`;
  note(world, { about: set, reason: 'SuccessfulCreate', message, component: COMPONENT });
}

function drop(world: World, set: Obj, pod: Obj): void {
  erase(world, 'pods', pod);
  const message = `Deleted pod: ${pod.metadata.name}`;
  note(world, { about: set, reason: 'SuccessfulDelete', message, component: COMPONENT });
}

function roll(world: World, set: Obj, pods: Obj[], hash: string, wanted: number): void {
  const old = pods.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] !== hash && isActive(pod));
  if (old.length === 0) return;
  const available = pods.filter((pod) => isActive(pod) && isReady(pod)).length;
  const maxUnavailable = Math.max(1, scaled(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable, wanted, 'up'));
  const unready = old.filter((pod) => !isReady(pod));
  for (const pod of unready) drop(world, set, pod);
  const room = maxUnavailable - (wanted - available);
  for (const pod of old.filter(isReady).slice(0, Math.max(0, room))) drop(world, set, pod);
}

function report(world: World, set: Obj, hash: string, wanted: number, nodes: ReadonlySet<string>): void {
  const latest = world.store.get(KEY, set.metadata.namespace, set.metadata.name);
  if (!latest) return;
  const pods = world.store.owned('pods', set.metadata.uid).filter(isActive);
  const placed = pods.filter((pod) => nodes.has(pod.spec.nodeName));
  const available = placed.filter((pod) => isAvailable(world, pod, 0)).length;
  const updated = placed.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === hash).length;
  const status: Json = {
    currentNumberScheduled: placed.length,
    numberMisscheduled: pods.length - placed.length,
    desiredNumberScheduled: wanted,
    numberReady: placed.filter(isReady).length,
    observedGeneration: latest.metadata.generation,
  };
  if (updated > 0) status.updatedNumberScheduled = updated;
  if (available > 0) status.numberAvailable = available;
  if (wanted - available > 0) status.numberUnavailable = wanted - available;
  writeStatus(world, KEY, latest, status, MANAGER);
}
