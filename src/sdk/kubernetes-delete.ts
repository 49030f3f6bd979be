import { z } from 'zod';
import { UsageError } from '../errors.ts';
import type { Cluster, KubeObject } from '../kubernetes/cluster.ts';
import { type DeletePlan, deleteLook, deletePod, isDeleted, tryDelete } from '../kubernetes/delete-pod.ts';
import { selects } from '../kubernetes/disruption.ts';
import { qualifiedPlural } from '../kubernetes/names.ts';
import { followWorkload } from '../kubernetes/rollout-follow.ts';
import { lookAround } from '../kubernetes/surroundings.ts';
import { resolveOne, singleOf } from '../kubernetes/type-args.ts';
import { pinnedResource, readWorkload } from '../kubernetes/workload.ts';
import { type Arg, rest } from '../pipeline/args.ts';
import type { CommandContext, Effect, FollowContext, Outcome, Plan, Verdict } from '../pipeline/definition.ts';
import { raisedInProtected } from './kubernetes-risk.ts';
import { refuseProtected } from './kubernetes-scale.ts';

export interface DeleteArgs {
  readonly what: readonly string[];
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
}

const POD_TYPES = ['pod', 'pods', 'po', 'pods.v1.', 'pods.v1'];

/** Only pods: whatever else is named is refused before anything looks at a cluster. */
export const podWords: Arg<string[]> = rest(
  z
    .array(z.string())
    .optional()
    .default([])
    .refine(
      (words) => words.length === 0 || POD_TYPES.includes((words[0] as string).split('/')[0]?.toLowerCase() ?? ''),
      {
        error: ({ input }) =>
          `error: ${JSON.stringify((input as string[])[0]?.split('/')[0])} cannot be deleted from Slack; only pods can. Their controller makes new ones; everything else is better deleted where it is declared.`,
      },
    ) as unknown as z.ZodType<string[]>,
  { placeholder: 'pod NAME', summary: 'The pod', optional: true },
);

/** So long a pod may take to be gone before the answer says what it waits for. */
const PATIENCE_MS = 2 * 60_000;

/** Reads the pod, dry-runs on the server and freezes its deletion. Changes nothing. */
export async function planDelete(args: DeleteArgs, { clusters, signal }: CommandContext): Promise<Plan<DeletePlan>> {
  if (args.what.length === 0)
    throw new UsageError('What should be deleted?', { hint: 'For example /k8s delete pod web-7c9d5-x2x4q' });
  const { type, name } = singleOf(args.what);
  const cluster = clusters.get(args.cluster);
  const resource = await resolveOne(cluster, type);
  if (resource.kind !== 'Pod' || resource.group !== '')
    throw new UsageError(`error: ${qualifiedPlural(resource)} cannot be deleted from Slack; only pods can.`);
  const namespace = args.namespace ?? cluster.defaultNamespace;
  const pod = await readWorkload(cluster, { resource, namespace, name }, signal);
  refuseProtected(pod, `pod/${name}`);
  const data: DeletePlan = {
    ref: { cluster: cluster.name, resource: pinnedResource(resource), namespace, name, uid: pod.metadata.uid ?? '' },
  };
  const [warnings] = await Promise.all([warningsOf(cluster, pod, signal), tryDelete(cluster, data, signal)]);
  return {
    cluster: cluster.name,
    isProduction: cluster.isProduction,
    namespace,
    targets: [`pod/${name}`],
    summary: `Delete pod/${name}${ownerText(pod)}`,
    confirm: `Delete ${name}`,
    changes: [{ label: 'pod', before: String(pod.status?.phase ?? 'Unknown'), after: 'deleted' }],
    warnings,
    risk: raisedInProtected(controllerOf(pod) ? 'low' : 'high', namespace),
    data,
  };
}

function controllerOf({ metadata }: KubeObject) {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

function ownerText(pod: KubeObject): string {
  const owner = controllerOf(pod);
  return owner ? ` of ${owner.kind} ${owner.name}` : '';
}

async function warningsOf(cluster: Cluster, pod: KubeObject, signal: AbortSignal): Promise<string[]> {
  const { annotations = {}, labels = {}, deletionTimestamp, namespace } = pod.metadata;
  const owner = controllerOf(pod);
  const isMirror = annotations['kubernetes.io/config.mirror'] !== undefined;
  const { budgets } = await lookAround(cluster, namespace, signal);
  const tight = budgets.filter((one) => selects(one.spec?.selector, labels) && one.status?.disruptionsAllowed === 0);
  const finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return [
    ...(isMirror ? ['It is a static pod: its node’s kubelet makes it again from a file there.'] : []),
    ...(owner || isMirror ? [] : ['No controller owns it: nothing brings it back.']),
    ...(owner?.kind === 'Job' && !finished ? [`Job ${owner.name} counts it as failed and may start another.`] : []),
    ...(finished
      ? []
      : tight.map(
          (one) => `PodDisruptionBudget ${one.metadata.name} allows no disruption now; deleting does not ask it.`,
        )),
    ...(deletionTimestamp === undefined ? [] : ['It is terminating already.']),
  ];
}

export async function verifyDelete(data: DeletePlan, { clusters, signal }: CommandContext): Promise<Verdict> {
  const isDone = await isDeleted(clusters.get(data.ref.cluster), data, signal);
  return isDone ? { applied: true, effect: effectOf(data) } : { applied: false };
}

export async function actDelete(data: DeletePlan, { clusters, signal }: CommandContext): Promise<Effect> {
  await deletePod(clusters.get(data.ref.cluster), data, signal);
  return effectOf(data);
}

function effectOf({ ref }: DeletePlan): Effect {
  return {
    said: `pod "${ref.name}" deleted from ${ref.namespace} namespace`,
  };
}

/** Until the pod that was meant is gone; one that a controller made anew under its name is another. */
export async function followDelete(data: DeletePlan, effect: Effect, context: FollowContext): Promise<Outcome> {
  const { clusters, clock, signal, progress } = context;
  const followed = await followWorkload({
    cluster: clusters.get(data.ref.cluster),
    ref: data.ref,
    judge: deleteLook,
    onWaiting: (look) => progress({ done: look.done, total: look.total, waiting: look.text }),
    timeoutMs: PATIENCE_MS,
    clock,
    signal,
  });
  if (followed.state === 'gone') return { status: 'succeeded', title: effect.said };
  return {
    status: 'failed',
    title: `error: timed out waiting for pod/${data.ref.name}: ${followed.text}`,
    message: {
      parts: [{ kind: 'text', spans: ['It stays marked for deletion and goes when nothing holds it any more.'] }],
    },
  };
}
