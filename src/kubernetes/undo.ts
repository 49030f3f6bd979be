import { ConflictError, NotFoundError, UsageError } from '../errors.ts';
import { digestOf } from '../ids.ts';
import { type Clock, delay } from '../time.ts';
import type { Call, Cluster, KubeObject } from './cluster.ts';
import { statusOf } from './errors.ts';
import { changedByText, FIELD_MANAGER } from './field-managers.ts';
import { REVISION, type Revision, revisionsOf } from './revisions.ts';
import type { Look } from './rollout-follow.ts';
import { rolloutVerdict } from './rollout-status.ts';
import { templateDigest, templateOf } from './template.ts';
import { findWorkload, readWorkload, type WorkloadRef, workloadName } from './workload.ts';

/**
 * Bringing an earlier template back, with kubectl's choice of revision and kubectl's patch (`pkg/polymorphichelpers/rollback.go`). The plan
 * holds no template, which may carry secrets, but digests: what is patched is what was planned, or nothing is.
 */
export interface UndoPlan {
  readonly ref: WorkloadRef;
  readonly generation: number | undefined;
  readonly revision: number;
  /** The ReplicaSet or ControllerRevision that it comes from. */
  readonly keeper: string;
  /** Of everything in the patch that comes from there. */
  readonly content: string;
  /** Of the template as the server said (in the dry run) that it would be. */
  readonly template: string;
}

export interface UndoEffect {
  readonly generation: number | undefined;
  readonly template: string;
}

/** Kept from the Deployment; all other annotations come from the ReplicaSet, as kubectl does it. */
const KEPT = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

/**
 * The revision to go back to. @param wanted 0: the one before the newest.
 * @throws NotFoundError in kubectl's words when there is none.
 */
export function chosenRevision(
  object: KubeObject,
  kind: string,
  revisions: readonly Revision[],
  wanted: number,
): Revision {
  if (wanted > 0) {
    const found = revisions.find(({ number }) => number === wanted);
    if (found) return found;
    throw new NotFoundError(`error: unable to find specified revision ${wanted} in history`, {
      hint: `There ${revisions.length === 1 ? 'is' : 'are'} ${revisions.map(({ number }) => number).join(', ') || 'none'}.`,
    });
  }
  const previous = revisions.at(-2);
  if (previous) return previous;
  throw new NotFoundError(
    kind === 'Deployment'
      ? `error: no rollout history found for deployment ${JSON.stringify(object.metadata.name)}`
      : 'error: no last revision to roll back to',
    { hint: 'Only one revision is known, so there is nothing to go back to.' },
  );
}

/** @throws UsageError in kubectl's words for a paused Deployment. */
export function requireUndoable(object: KubeObject, ref: Pick<WorkloadRef, 'resource' | 'name' | 'namespace'>): void {
  if (object.spec?.paused !== true) return;
  const { name, namespace, resource } = ref;
  throw new UsageError(
    `error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    { hint: `/k8s rollout resume ${resource.singular}/${name} -n ${namespace}` },
  );
}

/** Annotations of a Deployment that the undo will take away or set: those that are the ReplicaSet's own to give. */
export function annotationsAfter(object: KubeObject, revision: Revision): Record<string, string> {
  const kept = Object.entries(object.metadata.annotations ?? {}).filter(([key]) => KEPT.has(key));
  return Object.fromEntries([...kept, ...givenAnnotations(revision)]);
}

function givenAnnotations(revision: Revision): [string, string][] {
  return Object.entries(revision.keeper.metadata.annotations ?? {}).filter(([key]) => !KEPT.has(key));
}

/** A digest of all that the patch takes from the revision. */
export function contentDigest(kind: string, revision: Revision): string {
  return kind === 'Deployment'
    ? digestOf([revision.template, Object.fromEntries(givenAnnotations(revision))])
    : digestOf(revision.keeper.data);
}

/**
 * Asks the server to go back without doing it. @returns the digest of the template as it would be.
 * @throws as the server refuses.
 */
export async function tryUndo(
  cluster: Cluster,
  ref: WorkloadRef,
  object: KubeObject,
  revision: Revision,
  signal?: AbortSignal,
): Promise<string> {
  // Without the version: a stalled rollout's status moves all the time, and that says nothing about the rollback.
  const { resourceVersion: _, ...metadata } = object.metadata;
  const patched = await cluster.request({
    ...patchOf(ref, { ...object, metadata }, revision, { dryRun: 'All' }),
    signal,
  });
  return templateDigest(templateOf(patched));
}

const CONFLICT_MS = 10_000;

/** @throws ConflictError when the object or the revision is no longer as the plan saw it; nothing was changed then. */
export async function writeUndo(
  cluster: Cluster,
  plan: UndoPlan,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<UndoEffect> {
  const endsAt = clock() + CONFLICT_MS;
  const { kind } = plan.ref.resource;
  for (;;) {
    const object = await readWorkload(cluster, plan.ref, signal);
    const revision = (await revisionsOf(cluster, object, kind, signal)).find(
      ({ keeper }) => keeper.metadata.name === plan.keeper,
    );
    const problem = staleUndo(plan, object, revision);
    if (problem !== undefined || !revision)
      throw new ConflictError(problem ?? `Revision ${plan.revision} is gone.`, {
        hint: 'Nothing was changed. Run the command again to plan from what it is now.',
      });
    try {
      const patched = await cluster.request({ ...patchOf(plan.ref, object, revision, {}), signal });
      return { generation: patched.metadata.generation, template: templateDigest(templateOf(patched)) };
    } catch (error) {
      // Its status may have moved between the two calls; look again, the plan may still fit.
      const isMoved = error instanceof ConflictError || statusOf(error)?.code === 422;
      if (!isMoved || clock() >= endsAt) throw error;
    }
    await delay(200, signal);
  }
}

/** Why the plan no longer fits, in one sentence; undefined when it still does. Pure. */
export function staleUndo(plan: UndoPlan, object: KubeObject, revision: Revision | undefined): string | undefined {
  const name = workloadName(plan.ref);
  if (object.metadata.uid !== plan.ref.uid) return `${name} was deleted and created again since the plan was made.`;
  if (plan.generation !== undefined && object.metadata.generation !== plan.generation)
    return `${name} changed since the plan was made: generation ${object.metadata.generation}, planned ${plan.generation}${changedByText(object)}.`;
  if (revision === undefined) return `Revision ${plan.revision} of ${name} was deleted since the plan was made.`;
  if (contentDigest(plan.ref.resource.kind, revision) !== plan.content)
    return `Revision ${plan.revision} of ${name} is no longer as it was when the plan was made.`;
  return undefined;
}

export type UndoVerdict =
  | { readonly applied: true; readonly effect: UndoEffect }
  | { readonly applied: false }
  | { readonly applied: 'unknown'; readonly found: string };

/** Whether an earlier attempt had its effect. */
export async function checkUndo(cluster: Cluster, plan: UndoPlan, signal?: AbortSignal): Promise<UndoVerdict> {
  const object = await findWorkload(cluster, plan.ref, signal);
  if (!object) return { applied: 'unknown', found: `${workloadName(plan.ref)} no longer exists` };
  return undoVerdict(plan, object);
}

/**
 * The decision of `checkUndo`. Nothing moved: not applied. One step to exactly the template that was planned: applied; whoever else took
 * that same step made the same effect. Everything else is said as found.
 */
export function undoVerdict(plan: UndoPlan, object: KubeObject): UndoVerdict {
  const name = workloadName(plan.ref);
  const { uid, generation } = object.metadata;
  if (uid !== plan.ref.uid) return { applied: 'unknown', found: `${name} was deleted and created again` };
  if (generation === plan.generation) return { applied: false };
  const template = templateDigest(templateOf(object));
  const isOneStep = plan.generation === undefined || generation === plan.generation + 1;
  if (template === plan.template && isOneStep) return { applied: true, effect: { generation, template } };
  const is = template === plan.template ? 'has' : 'does not have';
  return {
    applied: 'unknown',
    found: `${name} changed meanwhile${changedByText(object)} and ${is} the template of revision ${plan.revision}`,
  };
}

/** Whether the rollback has taken hold: kubectl's rollout status, but never of a generation older than our own write. Pure. */
export function undoLook(plan: UndoPlan, effect: UndoEffect, object: KubeObject): Look {
  const { kind } = plan.ref.resource;
  const nothing = { done: 0, total: 0 };
  if (effect.generation !== undefined && (object.metadata.generation ?? 0) < effect.generation)
    return { state: 'waiting', text: `Waiting for ${kind.toLowerCase()} spec update to be observed...`, ...nothing };
  const name = workloadName(plan.ref);
  if (templateDigest(templateOf(object)) !== effect.template)
    return {
      state: 'superseded',
      text: `the template of ${name} was changed after this rollback${changedByText(object)}`,
      ...nothing,
    };
  if (object.spec?.updateStrategy?.type === 'OnDelete')
    return { state: 'done', text: `${name} rolled back; its pods change when they are deleted`, ...nothing };
  return rolloutVerdict({ ...object, kind });
}

/** kubectl's patch, and before it the proof that the object is the one that was looked at. */
function patchOf(ref: WorkloadRef, object: KubeObject, revision: Revision, query: Record<string, string>): Call {
  const { resource, namespace, name } = ref;
  const call = {
    method: 'PATCH',
    resource,
    namespace,
    name,
    query: { fieldManager: FIELD_MANAGER, ...query },
  } as const;
  const { uid, generation, resourceVersion } = object.metadata;
  if (resource.kind !== 'Deployment')
    return {
      ...call,
      contentType: 'application/strategic-merge-patch+json',
      body: { ...revision.keeper.data, metadata: { uid, resourceVersion } },
    };
  return {
    ...call,
    contentType: 'application/json-patch+json',
    body: [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'test', path: '/metadata/generation', value: generation },
      { op: 'replace', path: '/spec/template', value: revision.template },
      // `add` replaces what is there, too.
      { op: 'add', path: '/metadata/annotations', value: annotationsAfter(object, revision) },
    ],
  };
}
