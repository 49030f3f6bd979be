import { ConflictError } from '../errors.ts';
import { type Clock, delay } from '../time.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { changedByText, FIELD_MANAGER, isScaledByUs, replicasSetByText } from './field-managers.ts';
import { findWorkload, readWorkload, type WorkloadRef, workloadName } from './workload.ts';

/**
 * Scaling through `/scale` with preconditions. What the plan showed is what is compared: the object's uid, its generation (any change of
 * its wishes moves it, a change of its status does not) and the replicas. The write itself carries the resourceVersion just read.
 */
export interface ScalePlan {
  readonly ref: WorkloadRef;
  readonly generation: number | undefined;
  readonly from: number;
  readonly to: number;
}

export interface ScaleEffect {
  /** The generation our write made; anything older that is seen later is stale. */
  readonly generation: number | undefined;
}

export interface Scale {
  readonly object: KubeObject;
  readonly replicas: number;
  /** Pods there are now, ready or not. */
  readonly current: number;
}

/** The scale subresource. The server leaves `spec.replicas` out when it is 0. @throws NotFoundError when the object is gone. */
export async function readScale(cluster: Cluster, ref: ScaleTarget, signal?: AbortSignal): Promise<Scale> {
  const { resource, namespace, name } = ref;
  const object = await cluster.request({ resource, namespace, name, subresource: 'scale', signal });
  return { object, replicas: object.spec?.replicas ?? 0, current: object.status?.replicas ?? 0 };
}

type ScaleTarget = Pick<WorkloadRef, 'resource' | 'namespace' | 'name'>;

/** Asks the server to scale without doing it (`dryRun=All`): admission, validation and rights speak before anybody confirms. */
export async function tryScale(
  cluster: Cluster,
  ref: ScaleTarget,
  replicas: number,
  signal?: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await putScale(cluster, ref, (await readScale(cluster, ref, signal)).object, replicas, { dryRun: 'All' }, signal);
      return;
    } catch (error) {
      // Its status moves between the two calls while a rollout runs; that says nothing about the scaling.
      if (!(error instanceof ConflictError) || attempt === 3) throw error;
    }
  }
}

/** How long a busy object may make us look again before we give up; nothing has been changed by then. */
const CONFLICT_MS = 10_000;

/**
 * Scales, if the object is still as the plan saw it.
 * @throws ConflictError when it is not, saying what it is now and who changed it; nothing was changed then.
 */
export async function writeScale(
  cluster: Cluster,
  plan: ScalePlan,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<ScaleEffect> {
  const endsAt = clock() + CONFLICT_MS;
  for (;;) {
    const object = await readWorkload(cluster, plan.ref, signal);
    const scale = await readScale(cluster, plan.ref, signal);
    const problem = staleReason(plan, object, scale.replicas);
    if (problem !== undefined)
      throw new ConflictError(problem, {
        hint: 'Nothing was changed. Run the command again to plan from what it is now.',
      });
    // The generation was read before the scale: equal versions prove that it belongs to what we are about to replace.
    const isSame = object.metadata.resourceVersion === scale.object.metadata.resourceVersion;
    try {
      if (isSame) {
        await putScale(cluster, plan.ref, scale.object, plan.to, {}, signal);
        return { generation: plan.generation === undefined ? undefined : plan.generation + 1 };
      }
    } catch (error) {
      if (!(error instanceof ConflictError) || clock() >= endsAt) throw error;
    }
    if (clock() >= endsAt)
      throw new ConflictError(`${workloadName(plan.ref)} kept changing for ${CONFLICT_MS / 1_000} s.`, {
        hint: 'Nothing was changed. Run the command again in a moment.',
      });
    await delay(200, signal);
  }
}

/** Why the plan no longer fits the object, in one sentence; undefined when it still does. Pure. */
export function staleReason(plan: ScalePlan, object: KubeObject, replicas: number): string | undefined {
  const name = workloadName(plan.ref);
  if (object.metadata.uid !== plan.ref.uid) return `${name} was deleted and created again since the plan was made.`;
  if (replicas !== plan.from)
    return `Expected replicas to be ${plan.from}, was ${replicas}: ${name} changed since the plan was made${replicasSetByText(object)}.`;
  if (plan.generation !== undefined && object.metadata.generation !== plan.generation)
    return `${name} changed since the plan was made: generation ${object.metadata.generation}, planned ${plan.generation}${changedByText(object)}.`;
  return undefined;
}

export type ScaleVerdict =
  | { readonly applied: true; readonly effect: ScaleEffect }
  | { readonly applied: false }
  | { readonly applied: 'unknown'; readonly found: string };

/** Whether an earlier attempt had its effect: looks, changes nothing. */
export async function checkScale(cluster: Cluster, plan: ScalePlan, signal?: AbortSignal): Promise<ScaleVerdict> {
  const object = await findWorkload(cluster, plan.ref, signal);
  if (!object) return { applied: 'unknown', found: `${workloadName(plan.ref)} no longer exists` };
  return scaleVerdict(plan, object, (await readScale(cluster, plan.ref, signal)).replicas);
}

/**
 * The decision of `checkScale`. Only two pictures are certain: nothing moved (not applied), or exactly one step that gave the replicas
 * wished for and is signed by Shipmate. Everything else is said as found.
 */
export function scaleVerdict(plan: ScalePlan, object: KubeObject, replicas: number): ScaleVerdict {
  const name = workloadName(plan.ref);
  if (object.metadata.uid !== plan.ref.uid)
    return { applied: 'unknown', found: `${name} was deleted and created again` };
  const { generation } = object.metadata;
  const steps = generation === undefined || plan.generation === undefined ? undefined : generation - plan.generation;
  const isOurs = isScaledByUs(object);
  if (replicas === plan.from && (steps === 0 || (steps === undefined && !isOurs))) return { applied: false };
  if (replicas === plan.to && isOurs && (steps === 1 || steps === undefined))
    return { applied: true, effect: { generation } };
  const moved =
    steps === undefined ? '' : `; its spec changed ${steps === 1 ? 'once' : `${steps} times`} since the plan`;
  return {
    applied: 'unknown',
    found: `${name} has ${replicas} replicas now (planned ${plan.from} → ${plan.to})${replicasSetByText(object)}${moved}`,
  };
}

async function putScale(
  cluster: Cluster,
  ref: ScaleTarget,
  scale: KubeObject,
  replicas: number,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<void> {
  const { resource, namespace, name } = ref;
  await cluster.request({
    method: 'PUT',
    resource,
    namespace,
    name,
    subresource: 'scale',
    query: { fieldManager: FIELD_MANAGER, ...query },
    body: { ...scale, spec: { ...scale.spec, replicas } },
    signal,
  });
}
