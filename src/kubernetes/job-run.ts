import { ConflictError } from '../errors.ts';
import { digestOf } from '../ids.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { changedByText, FIELD_MANAGER } from './field-managers.ts';
import type { Look } from './rollout-follow.ts';
import { conditionOf } from './rollout-status.ts';
import { findWorkload, readWorkload, type WorkloadRef, workloadName } from './workload.ts';

/**
 * Starting a Job by hand, from a CronJob (as `kubectl create job --from`, `pkg/cmd/create/create_job.go`) or once more from a Job. The plan
 * holds a digest instead of the spec, which may carry secrets.
 */
export interface RunPlan {
  /** The CronJob or Job that it is made from. */
  readonly from: WorkloadRef;
  readonly namespace: string;
  readonly name: string;
  /** Of everything that the new Job takes from there. */
  readonly content: string;
  /** The change that makes it, by which it is known again after a crash. */
  readonly mark: string;
}

const JOBS = { group: 'batch', version: 'v1', plural: 'jobs', singular: 'job', kind: 'Job', namespaced: true };
const MARK = 'shipmate/change';
/** Names the Job that this one repeats: alert rule J01 takes that one for mended when this one succeeds. */
const RERUN_OF = 'shipmate/rerun-of';
const INSTANTIATE = 'cronjob.kubernetes.io/instantiate';

/** Labels that the Job controller gives to each Job and its pods: a new Job gets its own. */
const OWN_LABELS = new Set([
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
]);
const OWN_ANNOTATIONS = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'batch.kubernetes.io/job-tracking',
  'batch.kubernetes.io/cronjob-scheduled-timestamp',
  MARK,
]);

/** What a new Job takes from its source. Pure. */
export function jobContent(source: KubeObject, kind: string): KubeObject {
  return kind === 'CronJob' ? fromCronJob(source) : fromJob(source);
}

export function contentDigest(source: KubeObject, kind: string): string {
  return digestOf(jobContent(source, kind));
}

function fromCronJob(source: KubeObject): KubeObject {
  const { metadata = {}, spec = {} } = source.spec?.jobTemplate ?? {};
  const { name = '', uid = '' } = source.metadata;
  return {
    metadata: {
      annotations: { [INSTANTIATE]: 'manual', ...metadata.annotations },
      ...(metadata.labels && { labels: metadata.labels }),
      // Without blockOwnerDeletion, for which one would need a right on the CronJob's finalizers.
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }],
    },
    spec,
  };
}

function fromJob(source: KubeObject): KubeObject {
  const { labels, annotations, ownerReferences } = source.metadata;
  const { selector: _, template = {}, ...spec } = source.spec ?? {};
  const cronJob = ownerReferences?.find(({ kind, controller }) => kind === 'CronJob' && controller === true);
  return {
    metadata: {
      annotations: { ...without(annotations, OWN_ANNOTATIONS), ...(cronJob && { [INSTANTIATE]: 'manual' }) },
      ...(labels && { labels: without(labels, OWN_LABELS) }),
      ...(cronJob && {
        ownerReferences: [
          {
            apiVersion: cronJob.apiVersion,
            kind: cronJob.kind,
            name: cronJob.name,
            uid: cronJob.uid,
            controller: true,
          },
        ],
      }),
    },
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: { ...template.metadata, labels: without(template.metadata?.labels, OWN_LABELS) },
      },
    },
  };
}

function without(map: Readonly<Record<string, string>> | undefined, left: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !left.has(key)));
}

/** Asks the server without doing it: quota, admission and rights speak before anybody confirms. */
export async function tryRun(cluster: Cluster, plan: RunPlan, source: KubeObject, signal?: AbortSignal): Promise<void> {
  await post(cluster, plan, source, { dryRun: 'All' }, signal);
}

/** @returns the new Job's uid. @throws ConflictError when the source is not as planned, or the name is taken; nothing was started then. */
export async function startRun(cluster: Cluster, plan: RunPlan, signal?: AbortSignal): Promise<string> {
  const source = await readWorkload(cluster, plan.from, signal);
  const name = workloadName(plan.from);
  const hint = 'Nothing was started. Run the command again to plan from what it is now.';
  if (source.metadata.uid !== plan.from.uid)
    throw new ConflictError(`${name} was deleted and created again since the plan was made.`, { hint });
  if (contentDigest(source, plan.from.resource.kind) !== plan.content)
    throw new ConflictError(`${name} changed since the plan was made${changedByText(source)}.`, { hint });
  return (await post(cluster, plan, source, {}, signal)).metadata.uid ?? '';
}

export type RunVerdict =
  | { readonly applied: true; readonly uid: string }
  | { readonly applied: false }
  | { readonly applied: 'unknown'; readonly found: string };

/** Whether an earlier attempt had its effect: a Job of that name that carries this change's mark. */
export async function checkRun(cluster: Cluster, plan: RunPlan, signal?: AbortSignal): Promise<RunVerdict> {
  const job = await findWorkload(cluster, { resource: JOBS, namespace: plan.namespace, name: plan.name }, signal);
  if (!job) return { applied: false };
  if (job.metadata.annotations?.[MARK] === plan.mark) return { applied: true, uid: job.metadata.uid ?? '' };
  return { applied: 'unknown', found: `there is another job.batch/${plan.name}, not made by this` };
}

/** How far a Job is. Pure. */
export function runLook(job: KubeObject): Look {
  const name = `job.batch/${job.metadata.name}`;
  const { succeeded = 0, failed = 0, active = 0 } = job.status ?? {};
  const total: number = job.spec?.completions ?? 1;
  const found = conditionOf(job, 'Failed');
  if (found?.status === 'True')
    return {
      state: 'failed',
      text: `${name} failed: ${found.message || found.reason || 'no reason given'}`,
      done: succeeded,
      total,
    };
  if (conditionOf(job, 'Complete')?.status === 'True')
    return { state: 'done', text: `${name} completed`, done: total, total };
  const retries = failed > 0 ? `, ${failed} failed so far` : '';
  return { state: 'waiting', text: `${name} is running (${active} active${retries})`, done: succeeded, total };
}

/** The new Job, for following it. */
export function runRef(plan: RunPlan, uid: string): WorkloadRef {
  return { cluster: plan.from.cluster, resource: JOBS, namespace: plan.namespace, name: plan.name, uid };
}

async function post(
  cluster: Cluster,
  plan: RunPlan,
  source: KubeObject,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<KubeObject> {
  const { metadata, spec } = jobContent(source, plan.from.resource.kind);
  return cluster.request({
    method: 'POST',
    resource: JOBS,
    namespace: plan.namespace,
    query: { fieldManager: FIELD_MANAGER, ...query },
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        ...metadata,
        name: plan.name,
        namespace: plan.namespace,
        annotations: {
          ...metadata.annotations,
          ...(plan.from.resource.kind === 'Job' && { [RERUN_OF]: plan.from.name }),
          [MARK]: plan.mark,
        },
      },
      spec,
    },
    signal,
  });
}
