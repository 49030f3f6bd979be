import { clone, controllerOf, hashOf, isSame, type Json, type Obj } from '../object.ts';
import type { Change } from '../store.ts';
import type { World } from '../world.ts';
import { change, erase, make, note, ownerReference, toController, toItself, writeStatus } from './act.ts';
import { deadlineLeft, deploymentStatus } from './deployment-status.ts';
import { isActive, scaled } from './pods.ts';
import { eachKey, type Queue } from './queue.ts';

const KEY = 'deployments.apps';
const SETS = 'replicasets.apps';
const MANAGER = 'kube-controller-manager';
const COMPONENT = 'deployment-controller';
const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

/** Rolls Deployments out through ReplicaSets; follows k8s.io/kubernetes/pkg/controller/deployment. */
export function startDeployments(world: World): void {
  const watching = [
    { key: KEY, toKeys: toItself },
    { key: SETS, toKeys: toController('Deployment') },
    // With strategy Recreate the new pods wait for the last of the old ones to be gone.
    { key: 'pods', toKeys: (change: Change) => (change.type === 'DELETED' ? toGrandparent(world, change) : []) },
  ];
  eachKey(world, watching, (namespace, name, queue) => {
    const deployment = world.store.get(KEY, namespace, name);
    if (deployment && !deployment.metadata.deletionTimestamp) reconcile(world, deployment, queue);
  });
}

function toGrandparent(world: World, { object }: Change): string[] {
  const owner = controllerOf(object);
  const set = owner?.kind === 'ReplicaSet' ? world.store.get(SETS, object.metadata.namespace, owner.name) : undefined;
  const deployment = set && controllerOf(set);
  return deployment ? [`${object.metadata.namespace}/${deployment.name}`] : [];
}

function reconcile(world: World, deployment: Obj, queue: Queue): void {
  const setsOf = (): Obj[] => world.store.owned(SETS, deployment.metadata.uid);
  const { spec } = deployment;
  let current = findNewSet(deployment, setsOf());
  let created: string | undefined;
  if (!current && !spec.paused) {
    current = createNewSet(world, deployment, setsOf());
    created = current?.metadata.name;
  } else if (current && !spec.paused) current = raiseRevision(world, current, setsOf());
  const revision = current?.metadata.annotations?.[REVISION];
  if (revision && deployment.metadata.annotations?.[REVISION] !== revision) {
    change(
      world,
      KEY,
      deployment,
      (draft) => {
        draft.metadata.annotations = { ...draft.metadata.annotations, [REVISION]: revision };
      },
      MANAGER,
    );
  }
  const old = setsOf().filter((set) => set.metadata.uid !== current?.metadata.uid);
  if (spec.paused || isScaling(deployment, setsOf())) scaleActive(world, deployment, current, old);
  if (!spec.paused && current) {
    if (spec.strategy?.type === 'Recreate') recreate(world, deployment, current, old);
    else rollingUpdate(world, deployment, current, old);
  }
  finish(world, deployment, current?.metadata.uid, created, queue);
}

function finish(
  world: World,
  deployment: Obj,
  currentUid: string | undefined,
  created: string | undefined,
  queue: Queue,
): void {
  const { namespace, name } = deployment.metadata;
  const latest = world.store.get(KEY, namespace, name);
  if (!latest) return;
  const sets = world.store.owned(SETS, latest.metadata.uid);
  const current = sets.find((set) => set.metadata.uid === currentUid);
  const status = deploymentStatus(world, latest, current, sets, created);
  const written = writeStatus(world, KEY, latest, status, MANAGER);
  const left = deadlineLeft(world, written);
  if (left !== undefined) queue.addAfter(`${namespace}/${name}`, left);
  const isComplete = status.conditions.some((one: Json) => one.reason === 'NewReplicaSetAvailable');
  if (isComplete) {
    const spare = sets
      .filter((set) => set.metadata.uid !== currentUid && set.spec.replicas === 0 && (set.status?.replicas ?? 0) === 0)
      .sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of spare.slice(0, Math.max(0, spare.length - latest.spec.revisionHistoryLimit)))
      erase(world, SETS, set);
  }
}

function revisionOf(set: Obj): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function withoutHash(template: Json): Json {
  const { [HASH]: _, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}

function findNewSet(deployment: Obj, sets: Obj[]): Obj | undefined {
  const wanted = withoutHash(deployment.spec.template);
  return sets.find((set) => isSame(withoutHash(set.spec.template), wanted));
}

const NOT_COPIED = [
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  'deployment.kubernetes.io/revision-history',
];

function copiedAnnotations(deployment: Obj): Record<string, string> {
  return Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.includes(key)),
  );
}

function sizeAnnotations(deployment: Obj): Record<string, string> {
  const { replicas } = deployment.spec;
  return {
    'deployment.kubernetes.io/desired-replicas': String(replicas),
    'deployment.kubernetes.io/max-replicas': String(replicas + surgeOf(deployment)),
  };
}

function surgeOf({ spec }: Obj): number {
  return spec.strategy?.type === 'Recreate' ? 0 : scaled(spec.strategy?.rollingUpdate?.maxSurge, spec.replicas, 'up');
}

function maxUnavailableOf(deployment: Obj): number {
  const value = scaled(deployment.spec.strategy?.rollingUpdate?.maxUnavailable, deployment.spec.replicas, 'down');
  return value === 0 && surgeOf(deployment) === 0 ? 1 : Math.min(value, deployment.spec.replicas);
}

function createNewSet(world: World, deployment: Obj, sets: Obj[]): Obj | undefined {
  const template = clone(deployment.spec.template);
  const hash = hashOf(template);
  template.metadata ??= {};
  template.metadata.labels = { ...template.metadata.labels, [HASH]: hash };
  const { spec } = deployment;
  const isFirst = sets.length === 0;
  const total = sets.reduce((sum, set) => sum + set.spec.replicas, 0);
  const room = Math.max(0, spec.replicas + surgeOf(deployment) - total);
  const isRecreate = spec.strategy?.type === 'Recreate';
  const replicas = isFirst ? spec.replicas : isRecreate ? 0 : Math.min(spec.replicas, room);
  const revision = Math.max(0, ...sets.map(revisionOf)) + 1;
  const name = `${deployment.metadata.name}-${hash}`;
  const set = make(
    world,
    SETS,
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name,
        namespace: deployment.metadata.namespace,
        labels: template.metadata.labels,
        annotations: { ...copiedAnnotations(deployment), ...sizeAnnotations(deployment), [REVISION]: String(revision) },
        ownerReferences: [ownerReference(deployment)],
      },
      spec: {
        replicas,
        ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
        selector: {
          ...spec.selector,
          matchLabels: { ...spec.selector.matchLabels, [HASH]: hash },
        },
        template,
      },
    },
    MANAGER,
  );
  if (set && replicas > 0) noteScaling(world, deployment, set, 0, replicas);
  return set ?? world.store.get(SETS, deployment.metadata.namespace, name);
}

/** An old template that is wanted again (rollout undo) gets the next revision; its old number goes to the history. */
function raiseRevision(world: World, set: Obj, sets: Obj[]): Obj {
  const highest = Math.max(0, ...sets.filter((one) => one.metadata.uid !== set.metadata.uid).map(revisionOf));
  if (revisionOf(set) > highest) return set;
  return change(
    world,
    SETS,
    set,
    (draft) => {
      const history = draft.metadata.annotations?.['deployment.kubernetes.io/revision-history'];
      draft.metadata.annotations = {
        ...draft.metadata.annotations,
        [REVISION]: String(highest + 1),
        'deployment.kubernetes.io/revision-history': [history, revisionOf(set)].filter(Boolean).join(','),
      };
    },
    MANAGER,
  );
}

function isScaling(deployment: Obj, sets: Obj[]): boolean {
  return sets.some((set) => {
    const desired = set.metadata.annotations?.['deployment.kubernetes.io/desired-replicas'];
    return set.spec.replicas > 0 && desired !== undefined && Number(desired) !== deployment.spec.replicas;
  });
}

/** A new size while nothing (or a rollout) is going on: one active set takes it all, several share it by their sizes. */
function scaleActive(world: World, deployment: Obj, current: Obj | undefined, old: Obj[]): void {
  const active = [...old, ...(current ? [current] : [])].filter((set) => set.spec.replicas > 0);
  const only = active.length === 0 ? (current ?? old.at(-1)) : active.length === 1 ? active[0] : undefined;
  if (only) return void scaleSet(world, deployment, only, deployment.spec.replicas);
  const total = active.reduce((sum, set) => sum + set.spec.replicas, 0);
  let toAdd = deployment.spec.replicas + (deployment.spec.replicas > 0 ? surgeOf(deployment) : 0) - total;
  if (deployment.spec.replicas === 0) toAdd = -total;
  const bySize = [...active].sort((a, b) => b.spec.replicas - a.spec.replicas);
  const shares = bySize.map((set) => Math.trunc((set.spec.replicas * toAdd) / total));
  shares[0] = (shares[0] as number) + toAdd - shares.reduce((sum, share) => sum + share, 0);
  bySize.forEach((set, index) => {
    scaleSet(world, deployment, set, Math.max(0, set.spec.replicas + (shares[index] as number)));
  });
}

function rollingUpdate(world: World, deployment: Obj, newSet: Obj, oldSets: Obj[]): void {
  const fresh = (set: Obj): Obj => world.store.get(SETS, set.metadata.namespace, set.metadata.name) ?? set;
  const { replicas } = deployment.spec;
  const old = oldSets.map(fresh);
  let current = fresh(newSet);
  const total = (): number => [current, ...old].reduce((sum, set) => sum + set.spec.replicas, 0);
  if (current.spec.replicas > replicas) current = scaleSet(world, deployment, current, replicas);
  else {
    const room = replicas + surgeOf(deployment) - total();
    const wanted = Math.min(replicas, current.spec.replicas + Math.max(0, room));
    current = scaleSet(world, deployment, current, wanted);
  }
  const minAvailable = replicas - maxUnavailableOf(deployment);
  const newUnavailable = current.spec.replicas - (current.status?.availableReplicas ?? 0);
  let canLose = total() - minAvailable - newUnavailable;
  if (canLose <= 0) return;
  const active = old
    .filter((set) => set.spec.replicas > 0)
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
  // Broken old pods go first: they are no loss.
  const sizes = new Map(active.map((set) => [set, set.spec.replicas as number]));
  for (const set of active) {
    const unhealthy = Math.max(0, set.spec.replicas - (set.status?.availableReplicas ?? 0));
    const drop = Math.min(canLose, unhealthy);
    sizes.set(set, set.spec.replicas - drop);
    canLose -= drop;
  }
  const available = [current, ...active].reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
  let healthy = Math.max(0, available - minAvailable);
  for (const set of active) {
    const drop = Math.min(healthy, sizes.get(set) as number);
    sizes.set(set, (sizes.get(set) as number) - drop);
    healthy -= drop;
  }
  for (const [set, size] of sizes) scaleSet(world, deployment, set, size);
}

function recreate(world: World, deployment: Obj, current: Obj, old: Obj[]): void {
  for (const set of old) scaleSet(world, deployment, set, 0);
  const isBusy = old.some((set) =>
    world.store.owned('pods', set.metadata.uid).some((pod) => isActive(pod) || pod.metadata.deletionTimestamp),
  );
  if (!isBusy) scaleSet(world, deployment, current, deployment.spec.replicas);
}

function scaleSet(world: World, deployment: Obj, set: Obj, replicas: number): Obj {
  const before = world.store.get(SETS, set.metadata.namespace, set.metadata.name);
  if (!before) return set;
  const after = change(
    world,
    SETS,
    set,
    (draft) => {
      draft.spec.replicas = replicas;
      draft.metadata.annotations = { ...draft.metadata.annotations, ...sizeAnnotations(deployment) };
    },
    MANAGER,
  );
  if (before.spec.replicas !== replicas) noteScaling(world, deployment, after, before.spec.replicas, replicas);
  return after;
}

function noteScaling(world: World, deployment: Obj, set: Obj, from: number, to: number): void {
  const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${set.metadata.name} from ${from} to ${to}`;
  note(world, { about: deployment, reason: 'ScalingReplicaSet', message, component: COMPONENT });
}
