import { UsageError } from '../errors.ts';
import type { Cluster, KubeObject, Resource } from '../kubernetes/cluster.ts';
import { qualifiedPlural } from '../kubernetes/names.ts';
import { currentRevision, type Revision, revisionsOf } from '../kubernetes/revisions.ts';
import { ROLLOUT_KINDS } from '../kubernetes/rollout-status.ts';
import { imagesOf, templateDigest, templateOf } from '../kubernetes/template.ts';
import { templateDiff } from '../kubernetes/template-diff.ts';
import { resolveOne, singleOf } from '../kubernetes/type-args.ts';
import {
  annotationsAfter,
  chosenRevision,
  contentDigest,
  requireUndoable,
  tryUndo,
  type UndoPlan,
} from '../kubernetes/undo.ts';
import { templateUndoersOf } from '../kubernetes/undoers.ts';
import { pinnedResource, readWorkload, type WorkloadRef, workloadName } from '../kubernetes/workload.ts';
import type { CommandContext, NothingToDo, Plan } from '../pipeline/definition.ts';
import { placeOf } from './kubernetes-args.ts';
import { raisedInProtected } from './kubernetes-risk.ts';
import { refuseProtected } from './kubernetes-scale.ts';

export type UndoData = UndoPlan & {
  readonly timeoutMs: number;
  /** Image references that start to run with it. */
  readonly images: readonly string[];
};

const DEFAULT_TIMEOUT_MS = 10 * 60_000;
const FIELDS_SHOWN = 12;

export interface UndoArgs {
  readonly what: readonly string[];
  readonly toRevision?: number | undefined;
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
  readonly timeout?: number | undefined;
}

/** Reads the history, dry-runs on the server and freezes a rollback. Changes nothing. */
export async function planUndo(
  args: UndoArgs,
  { clusters, signal }: CommandContext,
): Promise<Plan<UndoData> | NothingToDo> {
  const { cluster, object, ref, revisions } = await readHistory(
    args,
    { clusters, signal },
    'What should be rolled back?',
    'undo',
  );
  const { kind } = ref.resource;
  const whole = workloadName(ref);
  refuseProtected(object, whole);
  const wanted = args.toRevision ?? 0;
  const revision = chosenRevision(object, kind, revisions, wanted);
  requireUndoable(object, ref);
  const template = templateOf(object);
  // kubectl's answer, with the number that it would have chosen.
  if (templateDigest(template) === templateDigest(revision.template))
    return {
      nothingToDo: {
        status: 'no-change',
        title: `${whole} skipped rollback (current template already matches revision ${revision.number})`,
        parts: [{ kind: 'text', spans: [placeOf(cluster, ref.namespace)] }],
      },
    };
  const now = currentRevision(object, revisions);
  const running = new Set(imagesOf(template));
  const data: UndoData = {
    ref,
    generation: object.metadata.generation,
    revision: revision.number,
    keeper: revision.keeper.metadata.name ?? '',
    content: contentDigest(kind, revision),
    template: await tryUndo(cluster, ref, object, revision, signal),
    timeoutMs: args.timeout ?? DEFAULT_TIMEOUT_MS,
    images: imagesOf(revision.template).filter((image) => !running.has(image)),
  };
  return {
    cluster: cluster.name,
    isProduction: cluster.isProduction,
    ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
    targets: [whole],
    summary: `Roll ${whole} back to revision ${revision.number}`,
    confirm: `Roll back ${ref.name}`,
    changes: changesOf(object, kind, now, revision),
    warnings: warningsOf(object, ref, revision),
    risk: raisedInProtected('high', ref.namespace),
    ...(now === undefined ? {} : { undo: undoLine(cluster, ref, now.number) }),
    data,
  };
}

export interface History {
  readonly cluster: Cluster;
  readonly object: KubeObject;
  readonly ref: WorkloadRef;
  readonly revisions: readonly Revision[];
}

/**
 * The workload that was named, and its rollout history.
 * @param verb for the example in the hint, and for kubectl's refusal of other kinds.
 */
export async function readHistory(
  args: Pick<UndoArgs, 'what' | 'namespace' | 'cluster'>,
  { clusters, signal }: Pick<CommandContext, 'clusters' | 'signal'>,
  question: string,
  verb: 'undo' | 'history',
): Promise<History> {
  if (args.what.length === 0) throw new UsageError(question, { hint: `For example /k8s rollout ${verb} deploy/web` });
  const { type, name } = singleOf(args.what);
  const cluster = clusters.get(args.cluster);
  const resource = await resolveOne(cluster, type);
  requireHistory(resource, verb);
  const namespace = args.namespace ?? cluster.defaultNamespace;
  const object = await readWorkload(cluster, { resource, namespace, name }, signal);
  const ref = {
    cluster: cluster.name,
    resource: pinnedResource(resource),
    namespace,
    name,
    uid: object.metadata.uid ?? '',
  };
  return { cluster, object, ref, revisions: await revisionsOf(cluster, object, resource.kind, signal) };
}

function requireHistory(resource: Resource, verb: 'undo' | 'history'): void {
  if ((ROLLOUT_KINDS as readonly string[]).includes(resource.kind) && resource.group === 'apps') return;
  const what = verb === 'undo' ? 'rollbacker' : 'history viewer';
  throw new UsageError(`error: no ${what} has been implemented for ${JSON.stringify(kindName(resource))}`, {
    hint: `Deployments, DaemonSets and StatefulSets keep a rollout history; ${qualifiedPlural(resource)} do not.`,
  });
}

function kindName({ kind, group }: Resource): string {
  return group === '' ? kind : `${kind}.${group}`;
}

/** What the person reads before the yes: the revision, then the fields of the template, then annotations that come or go. */
function changesOf(object: KubeObject, kind: string, now: Revision | undefined, revision: Revision): Plan['changes'] {
  const fields = templateDiff(templateOf(object), revision.template).map(({ path, before, after }) => ({
    label: path.replace(/^spec\./, ''),
    before,
    after,
  }));
  const annotations = kind === 'Deployment' ? annotationChanges(object, revision) : [];
  const all = [...fields, ...annotations];
  const more = all.length - FIELDS_SHOWN;
  return [
    {
      label: 'revision',
      before: now === undefined ? 'not known yet' : String(now.number),
      after: `that of ${revision.number}`,
    },
    ...all.slice(0, FIELDS_SHOWN),
    ...(more > 0 ? [{ label: 'and more', before: `${more} fields`, after: 'as they were' }] : []),
  ];
}

/** kubectl replaces the Deployment's own annotations by the ReplicaSet's; who looks only at the template is surprised. */
function annotationChanges(object: KubeObject, revision: Revision): Plan['changes'] {
  const before = object.metadata.annotations ?? {};
  const after = annotationsAfter(object, revision);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => before[key] !== after[key])
    .map((key) => ({ label: `annotation ${key}`, before: short(before[key]), after: short(after[key]) }));
}

function short(text: string | undefined): string {
  if (text === undefined) return 'not set';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function warningsOf(object: KubeObject, ref: WorkloadRef, revision: Revision): string[] {
  const { kind } = ref.resource;
  const strategy: string | undefined = object.spec?.strategy?.type ?? object.spec?.updateStrategy?.type;
  const isOrdered = kind === 'StatefulSet' && object.spec?.podManagementPolicy !== 'Parallel';
  const ready = object.status?.readyReplicas ?? 0;
  return [
    ...templateUndoersOf(object),
    ...(strategy === 'Recreate' ? ['Its strategy is Recreate: all pods stop before new ones start.'] : []),
    ...(strategy === 'OnDelete' ? ['Its update strategy is OnDelete: pods change only when they are deleted.'] : []),
    ...(isOrdered && ready < (object.spec?.replicas ?? 1)
      ? ['A StatefulSet waits for its broken pod even after a rollback: that pod may have to be deleted by hand.']
      : []),
    ...(imagesOf(revision.template).join() === imagesOf(templateOf(object)).join()
      ? ['The images are the same in both revisions: only settings go back.']
      : []),
  ];
}

function undoLine(cluster: Cluster, ref: WorkloadRef, revision: number): string {
  const { resource, name, namespace } = ref;
  return `/k8s rollout undo ${resource.singular}/${name} --to-revision=${revision} -n ${namespace} --cluster ${cluster.name}`;
}
