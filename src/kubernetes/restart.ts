import { UsageError } from '../errors.ts';
import type { Clock } from '../time.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { changedByText, FIELD_MANAGER } from './field-managers.ts';
import { qualifiedPlural } from './names.ts';
import type { Look } from './rollout-follow.ts';
import { ROLLOUT_KINDS, rolloutVerdict } from './rollout-status.ts';
import { whilePlanned } from './while-planned.ts';
import { findWorkload, type WorkloadRef, workloadName } from './workload.ts';

/** The annotation that `kubectl rollout restart` sets on the pod template; ours reads the same in every tool. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** A restart is idempotent by its time: the plan fixes the annotation's value, so a second write of it changes nothing. */
export interface RestartPlan {
  readonly ref: WorkloadRef;
  readonly generation: number | undefined;
  /** RFC 3339, seconds, UTC. */
  readonly restartedAt: string;
}
export interface RestartEffect {
  readonly generation: number | undefined;
}

/** @throws UsageError in kubectl's words for kinds that cannot be restarted and for paused Deployments. */
export function requireRestartable(object: KubeObject, ref: Pick<WorkloadRef, 'resource' | 'name'>): void {
  const subject = `error: ${qualifiedPlural(ref.resource)} ${JSON.stringify(ref.name)}`;
  if (!(ROLLOUT_KINDS as readonly string[]).includes(ref.resource.kind) || ref.resource.group !== 'apps')
    throw new UsageError(`${subject} restarting is not supported`, {
      hint: 'Deployments, DaemonSets and StatefulSets can be restarted.',
    });
  if (object.spec?.paused === true)
    throw new UsageError(`${subject} can't restart paused deployment (run rollout resume first)`);
}

/** The template's restart annotation, if it has one. */
export function restartedAtOf(object: KubeObject): string | undefined {
  return object.spec?.template?.metadata?.annotations?.[RESTARTED_AT];
}

/** A time as the annotation's value: whole seconds, UTC. */
export function restartTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Asks the server to restart without doing it: admission and rights speak before anybody confirms. */
export async function tryRestart(cluster: Cluster, plan: RestartPlan, signal?: AbortSignal): Promise<void> {
  await patchTemplate(cluster, plan, { uid: plan.ref.uid }, { dryRun: 'All' }, signal);
}

/** @throws ConflictError when the object is no longer as the plan saw it; nothing was changed then. */
export async function writeRestart(
  cluster: Cluster,
  plan: RestartPlan,
  within: { clock: Clock; signal: AbortSignal },
): Promise<RestartEffect> {
  const stale = (object: KubeObject): string | undefined => staleRestart(plan, object);
  return await whilePlanned(
    cluster,
    plan.ref,
    stale,
    async (seen) => ({
      generation: (await patchTemplate(cluster, plan, seen, {}, within.signal)).metadata.generation,
    }),
    within,
  );
}

/** Why the plan no longer fits, in one sentence; undefined when it still does. Pure. */
export function staleRestart(plan: RestartPlan, object: KubeObject): string | undefined {
  const name = workloadName(plan.ref);
  if (object.metadata.uid !== plan.ref.uid) return `${name} was deleted and created again since the plan was made.`;
  if (plan.generation !== undefined && object.metadata.generation !== plan.generation)
    return `${name} changed since the plan was made: generation ${object.metadata.generation}, planned ${plan.generation}${changedByText(object)}.`;
  return undefined;
}

export type RestartVerdict =
  | { readonly applied: true; readonly effect: RestartEffect }
  | { readonly applied: false }
  | { readonly applied: 'unknown'; readonly found: string };

/** Whether an earlier attempt had its effect: the annotation carries this plan's own time. */
export async function checkRestart(cluster: Cluster, plan: RestartPlan, signal?: AbortSignal): Promise<RestartVerdict> {
  const object = await findWorkload(cluster, plan.ref, signal);
  if (!object) return { applied: 'unknown', found: `${workloadName(plan.ref)} no longer exists` };
  return restartVerdict(plan, object);
}

export function restartVerdict(plan: RestartPlan, object: KubeObject): RestartVerdict {
  const name = workloadName(plan.ref);
  if (object.metadata.uid !== plan.ref.uid)
    return { applied: 'unknown', found: `${name} was deleted and created again` };
  if (restartedAtOf(object) === plan.restartedAt)
    return { applied: true, effect: { generation: object.metadata.generation } };
  if (object.metadata.generation === plan.generation) return { applied: false };
  return {
    applied: 'unknown',
    found: `${name} changed meanwhile${changedByText(object)} and its restart time is ${restartedAtOf(object) ?? 'not set'}`,
  };
}

async function patchTemplate(
  cluster: Cluster,
  plan: RestartPlan,
  metadata: { uid: string | undefined; resourceVersion?: string | undefined },
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<KubeObject> {
  const { resource, namespace, name } = plan.ref;
  return cluster.request({
    method: 'PATCH',
    resource,
    namespace,
    name,
    query: { fieldManager: FIELD_MANAGER, ...query },
    contentType: 'application/strategic-merge-patch+json',
    body: { metadata, spec: { template: { metadata: { annotations: { [RESTARTED_AT]: plan.restartedAt } } } } },
    signal,
  });
}

/** Whether a restart has taken hold: kubectl's rollout status, but never of a generation older than our own write. Pure. */
export function restartLook(plan: RestartPlan, effect: RestartEffect, object: KubeObject): Look {
  const { kind } = plan.ref.resource;
  if (effect.generation !== undefined && (object.metadata.generation ?? 0) < effect.generation)
    return {
      state: 'waiting',
      text: `Waiting for ${kind.toLowerCase()} spec update to be observed...`,
      done: 0,
      total: 0,
    };
  const restartedAt = restartedAtOf(object);
  if (restartedAt !== plan.restartedAt)
    return {
      state: 'superseded',
      text: `the template of ${workloadName(plan.ref)} was changed after this restart${changedByText(object)}`,
      done: 0,
      total: 0,
    };
  if (object.spec?.updateStrategy?.type === 'OnDelete')
    return {
      state: 'done',
      text: `${workloadName(plan.ref)} restarted; its pods change when they are deleted`,
      done: 0,
      total: 0,
    };
  return rolloutVerdict({ ...object, kind });
}
