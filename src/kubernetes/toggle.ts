import type { Clock } from '../time.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { changedByText, FIELD_MANAGER } from './field-managers.ts';
import { type Seen, whilePlanned } from './while-planned.ts';
import { findWorkload, type WorkloadRef, workloadName } from './workload.ts';

/** Setting one yes-or-no field of `spec`: what `rollout pause`, `rollout resume`, `cordon` and `uncordon` do. */
export interface TogglePlan {
  readonly ref: WorkloadRef;
  /** Absent for kinds that have none, such as nodes: then the field alone decides. */
  readonly generation?: number | undefined;
  readonly field: 'paused' | 'unschedulable';
  readonly to: boolean;
}

export function isSet(object: KubeObject, field: TogglePlan['field']): boolean {
  return object.spec?.[field] === true;
}

/** Asks the server without doing it: admission and rights speak before anybody confirms. */
export async function tryToggle(cluster: Cluster, plan: TogglePlan, signal?: AbortSignal): Promise<void> {
  await patchField(cluster, plan, { uid: plan.ref.uid }, { dryRun: 'All' }, signal);
}

/** @throws ConflictError when the object is no longer as the plan saw it; nothing was changed then. */
export async function writeToggle(
  cluster: Cluster,
  plan: TogglePlan,
  within: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  const stale = (object: KubeObject): string | undefined => staleToggle(plan, object);
  const write = async (seen: Seen): Promise<void> => void (await patchField(cluster, plan, seen, {}, within.signal));
  await whilePlanned(cluster, plan.ref, stale, write, within);
}

/** Why the plan no longer fits, in one sentence; undefined when it still does. Pure. */
export function staleToggle(plan: TogglePlan, object: KubeObject): string | undefined {
  const name = workloadName(plan.ref);
  const { uid, generation } = object.metadata;
  if (uid !== plan.ref.uid) return `${name} was deleted and created again since the plan was made.`;
  if (isSet(object, plan.field) === plan.to)
    return `Somebody else was quicker: ${name} is as wished already${changedByText(object)}.`;
  if (plan.generation !== undefined && generation !== plan.generation)
    return `${name} changed since the plan was made: generation ${generation}, planned ${plan.generation}${changedByText(object)}.`;
  return undefined;
}

export type ToggleVerdict =
  | { readonly applied: true }
  | { readonly applied: false }
  | { readonly applied: 'unknown'; readonly found: string };

/** Whether an earlier attempt had its effect: the field says so, whoever set it. */
export async function checkToggle(cluster: Cluster, plan: TogglePlan, signal?: AbortSignal): Promise<ToggleVerdict> {
  const object = await findWorkload(cluster, plan.ref, signal);
  const name = workloadName(plan.ref);
  if (!object) return { applied: 'unknown', found: `${name} no longer exists` };
  if (object.metadata.uid !== plan.ref.uid)
    return { applied: 'unknown', found: `${name} was deleted and created again` };
  return { applied: isSet(object, plan.field) === plan.to };
}

async function patchField(
  cluster: Cluster,
  plan: TogglePlan,
  metadata: { uid: string | undefined; resourceVersion?: string | undefined },
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<void> {
  const { resource, namespace, name } = plan.ref;
  await cluster.request({
    method: 'PATCH',
    resource,
    namespace,
    name,
    query: { fieldManager: FIELD_MANAGER, ...query },
    contentType: 'application/strategic-merge-patch+json',
    // As kubectl does it: what is not so is not there.
    body: { metadata, spec: { [plan.field]: plan.to ? true : null } },
    signal,
  });
}
