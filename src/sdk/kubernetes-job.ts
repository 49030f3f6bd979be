import { UsageError } from '../errors.ts';
import { idOf } from '../ids.ts';
import type { KubeObject } from '../kubernetes/cluster.ts';
import { checkRun, contentDigest, type RunPlan, runLook, runRef, startRun, tryRun } from '../kubernetes/job-run.ts';
import { qualifiedPlural } from '../kubernetes/names.ts';
import { followWorkload } from '../kubernetes/rollout-follow.ts';
import { imagesOf } from '../kubernetes/template.ts';
import { resolveOne, singleOf } from '../kubernetes/type-args.ts';
import { pinnedResource, readWorkload, workloadName } from '../kubernetes/workload.ts';
import type { CommandContext, Effect, FollowContext, Outcome, Plan, Verdict } from '../pipeline/definition.ts';
import { outcomeOf } from './kubernetes-outcome.ts';
import { raisedInProtected } from './kubernetes-risk.ts';
import { refuseProtected } from './kubernetes-scale.ts';

export type RunData = RunPlan & { readonly timeoutMs: number; readonly images: readonly string[] };

export interface RunArgs {
  /** What it is made from, as typed: `cronjob/backup`, `job/import`. */
  readonly from: readonly string[];
  readonly kind: 'CronJob' | 'Job';
  /** The new Job's name; one is made up without. */
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
  readonly timeout?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 2 * 60_000;

/** Reads what the Job is made from, dry-runs on the server and freezes it. Starts nothing. */
export async function planRun(args: RunArgs, { clusters, signal, invocation }: CommandContext): Promise<Plan<RunData>> {
  const { type, name } = singleOf(args.from);
  const cluster = clusters.get(args.cluster);
  const resource = await resolveOne(cluster, type);
  if (resource.kind !== args.kind || resource.group !== 'batch')
    throw args.kind === 'CronJob'
      ? new UsageError('error: from must be an existing cronjob', {
          hint: `${qualifiedPlural(resource)} are none. A Job is run again with /k8s rerun job/NAME`,
        })
      : new UsageError(`error: ${qualifiedPlural(resource)} cannot be run again`, {
          hint: `Jobs can; a CronJob is started with /k8s create job --from=cronjob/${name}`,
        });
  const namespace = args.namespace ?? cluster.defaultNamespace;
  const source = await readWorkload(cluster, { resource, namespace, name }, signal);
  const from = {
    cluster: cluster.name,
    resource: pinnedResource(resource),
    namespace,
    name,
    uid: source.metadata.uid ?? '',
  };
  const whole = workloadName(from);
  refuseProtected(source, whole);
  if (source.spec?.manualSelector === true)
    throw new UsageError(
      `error: ${whole} selects its pods by hand (manualSelector), so it cannot be run a second time.`,
    );
  const template = (args.kind === 'CronJob' ? source.spec?.jobTemplate?.spec?.template : source.spec?.template) ?? {};
  const data: RunData = {
    from,
    namespace,
    name: args.name ?? madeUpName(name, args.kind, invocation),
    content: contentDigest(source, args.kind),
    mark: invocation,
    timeoutMs: args.timeout ?? DEFAULT_TIMEOUT_MS,
    images: imagesOf(template),
  };
  await tryRun(cluster, data, source, signal);
  return {
    cluster: cluster.name,
    isProduction: cluster.isProduction,
    namespace,
    targets: [`job.batch/${data.name}`],
    summary: args.kind === 'CronJob' ? `Start job ${data.name} from ${whole}` : `Run ${whole} again as ${data.name}`,
    confirm: args.kind === 'CronJob' ? `Start ${name}` : `Run ${name} again`,
    changes: [{ label: 'job', before: 'not there', after: `${data.name} (${data.images.join(', ')})` }],
    warnings: warningsOf(source, args.kind),
    risk: raisedInProtected(cluster.isProduction ? 'high' : 'low', namespace),
    data,
  };
}

/** The same invocation makes the same name. Names of Jobs that make pods have at most 63 characters. */
function madeUpName(name: string, kind: RunArgs['kind'], invocation: string): string {
  const word = kind === 'CronJob' ? 'manual' : 'again';
  const base = name.replace(/-(?:manual|again)-[a-z0-9]{5}$/, '').slice(0, 63 - word.length - 7);
  return `${base.replace(/[^a-z0-9]+$/, '')}-${word}-${idOf(invocation, name).slice(-5)}`;
}

function warningsOf(source: KubeObject, kind: RunArgs['kind']): string[] {
  const active: number = kind === 'CronJob' ? (source.status?.active ?? []).length : (source.status?.active ?? 0);
  const forbids = source.spec?.concurrencyPolicy === 'Forbid';
  return [
    ...(active > 0 && kind === 'Job' ? ['It is still running: two of them will run side by side.'] : []),
    ...(active > 0 && kind === 'CronJob'
      ? [
          `A run of it is going on${forbids ? ', and its concurrencyPolicy forbids two: a run started by hand is not held back by that' : ''}.`,
        ]
      : []),
    ...(source.spec?.suspend === true
      ? [
          kind === 'CronJob'
            ? 'The CronJob is suspended; this runs it all the same.'
            : 'The Job is suspended, and so will the new one be.',
        ]
      : []),
  ];
}

export async function verifyRun(data: RunData, { clusters, signal }: CommandContext): Promise<Verdict> {
  const verdict = await checkRun(clusters.get(data.from.cluster), data, signal);
  return verdict.applied === true ? { applied: true, effect: effectOf(data, verdict.uid) } : verdict;
}

export async function actRun(data: RunData, { clusters, signal }: CommandContext): Promise<Effect> {
  return effectOf(data, await startRun(clusters.get(data.from.cluster), data, signal));
}

function effectOf(data: RunData, uid: string): Effect {
  return { said: `job.batch/${data.name} created`, data: { uid } };
}

/** Until the Job has ended; one that takes longer was started all the same. */
export async function followRun(data: RunData, effect: Effect, context: FollowContext): Promise<Outcome> {
  const { clusters, clock, signal, progress } = context;
  const cluster = clusters.get(data.from.cluster);
  const ref = runRef(data, (effect.data as { uid: string }).uid);
  const followed = await followWorkload({
    cluster,
    ref,
    judge: runLook,
    onWaiting: (look) => progress({ done: look.done, total: look.total, waiting: look.text }),
    timeoutMs: data.timeoutMs,
    clock,
    signal,
  });
  if (followed.state !== 'timeout') return outcomeOf(cluster, ref, followed, signal);
  return {
    status: 'succeeded',
    title: `${effect.said}; ${followed.text}`,
    message: {
      parts: [{ kind: 'text', spans: [`It goes on by itself: /k8s get job/${data.name} -n ${data.namespace}`] }],
    },
  };
}
