import { UsageError } from '../errors.ts';
import type { Cluster, KubeObject } from '../kubernetes/cluster.ts';
import { listObjects } from '../kubernetes/list.ts';
import { qualifiedPlural } from '../kubernetes/names.ts';
import { conditionOf } from '../kubernetes/rollout-status.ts';
import { checkToggle, isSet, type TogglePlan, tryToggle, writeToggle } from '../kubernetes/toggle.ts';
import { resolveOne, singleOf } from '../kubernetes/type-args.ts';
import { pinnedResource, readWorkload, type WorkloadRef, workloadName } from '../kubernetes/workload.ts';
import type { CommandContext, Effect, NothingToDo, Plan, Verdict } from '../pipeline/definition.ts';
import { placeOf } from './kubernetes-args.ts';
import { raisedInProtected } from './kubernetes-risk.ts';
import { refuseProtected } from './kubernetes-scale.ts';

/** Beside the plan, kubectl's word for what was done: `paused`. */
export type ToggleData = TogglePlan & { readonly done: string };

interface Place {
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
}

/** Plans `rollout pause` or `rollout resume`. */
export async function planPause(
  args: Place & { readonly what: readonly string[] },
  to: boolean,
  { clusters, signal }: CommandContext,
): Promise<Plan<ToggleData> | NothingToDo> {
  const verb = to ? 'pause' : 'resume';
  if (args.what.length === 0)
    throw new UsageError(`What should be ${to ? 'paused' : 'resumed'}?`, {
      hint: `For example /k8s rollout ${verb} deploy/web`,
    });
  const { type, name } = singleOf(args.what);
  const cluster = clusters.get(args.cluster);
  const resource = await resolveOne(cluster, type);
  if (resource.kind !== 'Deployment' || resource.group !== 'apps')
    throw new UsageError(
      `error: ${qualifiedPlural(resource)} ${JSON.stringify(name)} ${to ? 'pausing' : 'resuming'} is not supported`,
      { hint: 'Only Deployments can be paused.' },
    );
  const namespace = args.namespace ?? cluster.defaultNamespace;
  const object = await readWorkload(cluster, { resource, namespace, name }, signal);
  const ref = refOf(cluster, pinnedResource(resource), namespace, object);
  refuseProtected(object, workloadName(ref));
  if (isSet(object, 'paused') === to) return nothingToDo(cluster, ref, `is ${to ? 'already paused' : 'not paused'}`);
  const data: ToggleData = { ref, generation: object.metadata.generation, field: 'paused', to, done: `${verb}d` };
  await tryToggle(cluster, data, signal);
  const isRolling = (object.status?.updatedReplicas ?? 0) < (object.spec?.replicas ?? 1);
  return {
    ...frame(
      cluster,
      ref,
      `${to ? 'Pause' : 'Resume'} the rollout of ${workloadName(ref)}`,
      `${to ? 'Pause' : 'Resume'} ${name}`,
    ),
    changes: [{ label: 'paused', before: String(!to), after: String(to) }],
    warnings: [
      ...(to && isRolling ? ['A rollout is under way: old and new pods stay side by side until it is resumed.'] : []),
      ...(to ? ['While it is paused it can be neither rolled back nor restarted.'] : []),
      ...(!to && isRolling ? ['The rollout goes on at once, with whatever its template has become.'] : []),
    ],
    risk: raisedInProtected('low', namespace),
    undo: `/k8s rollout ${to ? 'resume' : 'pause'} deployment/${name} -n ${namespace} --cluster ${cluster.name}`,
    data,
  };
}

const NODES = { group: '', version: 'v1', plural: 'nodes', singular: 'node', kind: 'Node', namespaced: false };

/** Plans `cordon` or `uncordon`. */
export async function planCordon(
  args: Place & { readonly node: string },
  to: boolean,
  { clusters, signal }: CommandContext,
): Promise<Plan<ToggleData> | NothingToDo> {
  const cluster = clusters.get(args.cluster);
  // `cordon node/n1` is kubectl's, too.
  const name = args.node.replace(/^(?:nodes?|no)\//, '');
  const object = await readWorkload(cluster, { resource: NODES, namespace: undefined, name }, signal);
  const ref = refOf(cluster, NODES, undefined, object);
  const done = to ? 'cordoned' : 'uncordoned';
  refuseProtected(object, workloadName(ref));
  if (isSet(object, 'unschedulable') === to) return nothingToDo(cluster, ref, `already ${done}`);
  const data: ToggleData = { ref, field: 'unschedulable', to, done };
  const [others] = await Promise.all([
    listObjects(cluster, NODES, { namespace: undefined, signal }),
    tryToggle(cluster, data, signal),
  ]);
  const isLast = to && !others.some((node) => node.metadata.name !== name && takesPods(node));
  return {
    ...frame(
      cluster,
      ref,
      `${to ? 'Cordon' : 'Uncordon'} ${workloadName(ref)}`,
      `${to ? 'Cordon' : 'Uncordon'} ${name}`,
    ),
    changes: [{ label: 'schedulable', before: String(to), after: String(!to) }],
    warnings: [
      ...(isLast ? ['No other node takes new pods: nothing can be scheduled any more.'] : []),
      ...(to ? ['Pods that run there stay; only new ones go elsewhere.'] : []),
      ...(to ? [] : rebooters(object)),
    ],
    risk: isLast ? 'high' : 'low',
    undo: `/k8s ${to ? 'uncordon' : 'cordon'} ${name} --cluster ${cluster.name}`,
    data,
  };
}

/** Looks whether an earlier attempt had its effect. */
export async function verifyToggle(data: ToggleData, { clusters, signal }: CommandContext): Promise<Verdict> {
  const verdict = await checkToggle(clusters.get(data.ref.cluster), data, signal);
  return verdict.applied === true ? { applied: true, effect: effectOf(data) } : verdict;
}

export async function actToggle(data: ToggleData, { clusters, clock, signal }: CommandContext): Promise<Effect> {
  await writeToggle(clusters.get(data.ref.cluster), data, { clock, signal });
  return effectOf(data);
}

function effectOf(data: ToggleData): Effect {
  return { said: `${workloadName(data.ref)} ${data.done}` };
}

function refOf(
  cluster: Cluster,
  resource: WorkloadRef['resource'],
  namespace: string | undefined,
  { metadata }: KubeObject,
): WorkloadRef {
  return { cluster: cluster.name, resource, namespace, name: metadata.name ?? '', uid: metadata.uid ?? '' };
}

function frame(cluster: Cluster, ref: WorkloadRef, summary: string, confirm: string) {
  return {
    cluster: cluster.name,
    isProduction: cluster.isProduction,
    ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
    targets: [workloadName(ref)],
    summary,
    confirm,
  };
}

function nothingToDo(cluster: Cluster, ref: WorkloadRef, text: string): NothingToDo {
  return {
    nothingToDo: { status: 'no-change', title: `${workloadName(ref)} ${text} · ${placeOf(cluster, ref.namespace)}` },
  };
}

function takesPods(node: KubeObject): boolean {
  return node.spec?.unschedulable !== true && conditionOf(node, 'Ready')?.status === 'True';
}

/** Who has cordoned it for a reboot and counts on it. */
function rebooters({ metadata: { annotations = {} } }: KubeObject): string[] {
  const found = [
    ['weave.works/kured-reboot-in-progress', 'kured'],
    ['flatcar-linux-update.v1.flatcar-linux.net/reboot-in-progress', 'the Flatcar update operator'],
  ].filter(([key]) => annotations[key as string] !== undefined && annotations[key as string] !== 'false');
  return found.map(([, who]) => `A reboot by ${who} is under way there: it cordons by itself and counts on it.`);
}
