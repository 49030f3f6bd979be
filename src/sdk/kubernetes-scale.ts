import { PermissionError, UsageError } from '../errors.ts';
import type { Cluster, KubeObject, Resource } from '../kubernetes/cluster.ts';
import { availabilityNotes } from '../kubernetes/disruption.ts';
import { qualifiedPlural } from '../kubernetes/names.ts';
import { conditionOf } from '../kubernetes/rollout-status.ts';
import { readScale, type ScalePlan, tryScale } from '../kubernetes/scale.ts';
import { lookAround } from '../kubernetes/surroundings.ts';
import { resolveOne, singleOf } from '../kubernetes/type-args.ts';
import { undoersOf } from '../kubernetes/undoers.ts';
import { findWorkload, pinnedResource, readWorkload, workloadName } from '../kubernetes/workload.ts';
import type { CommandContext, NothingToDo, Plan } from '../pipeline/definition.ts';
import { placeOf } from './kubernetes-args.ts';
import { raisedInProtected, scaleRisk } from './kubernetes-risk.ts';

export interface ScaleAsked {
  /** Undefined in the short form `web 3`. */
  readonly type: string | undefined;
  readonly name: string;
  readonly replicas: number;
}

/** What `follow` also needs. */
export type ScaleData = ScalePlan & { readonly timeoutMs: number };

const DEFAULT_TIMEOUT_MS = 10 * 60_000;
/** Objects so marked are left alone, whoever asks. */
export const PROTECTED = 'shipmate/protected';

/**
 * The words after `scale`: `deploy/web 5`, `deploy web 5`, `web 5`, or without the number when `--replicas` gives it.
 * @throws UsageError when the workload or the number is missing, or the number is said twice.
 */
export function scaleWords(words: readonly string[], flag: number | undefined): ScaleAsked {
  const last = words.at(-1) ?? '';
  const hasNumber =
    words.length > 1 && /^-?\d+$/.test(last) && (flag === undefined || words.length > 2 || words[0]?.includes('/'));
  const target = hasNumber ? words.slice(0, -1) : words;
  if (hasNumber && flag !== undefined)
    throw new UsageError(`How many: ${last} or --replicas=${flag}?`, { hint: 'Say the number once.' });
  const replicas = hasNumber ? Number(last) : flag;
  if (target.length === 0)
    throw new UsageError('What should be scaled?', { hint: 'For example /k8s scale deploy/web 5' });
  if (replicas === undefined)
    throw new UsageError('The --replicas=COUNT flag is required, or a number at the end.', {
      hint: `For example /k8s scale ${target.join(' ')} 5`,
    });
  if (replicas < 0 || replicas > 100_000)
    throw new UsageError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0', {
      hint: 'At most 100000.',
    });
  const [first = ''] = target;
  if (target.length === 1 && !first.includes('/')) return { type: undefined, name: first, replicas };
  return { ...singleOf(target), replicas };
}

export interface ScaleArgs extends ScaleAsked {
  readonly currentReplicas?: number | undefined;
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
  readonly timeout?: number | undefined;
}

/** Reads, dry-runs on the server and freezes a scaling. Changes nothing. */
export async function planScale(
  args: ScaleArgs,
  { clusters, signal }: CommandContext,
): Promise<Plan<ScaleData> | NothingToDo> {
  const cluster = clusters.get(args.cluster);
  const given = args.namespace ?? cluster.defaultNamespace;
  const resource = await resourceOf(cluster, args, given, signal);
  const namespace = resource.namespaced ? given : undefined;
  if (!resource.subresources.includes('scale'))
    throw new UsageError(`error: ${qualifiedPlural(resource)} ${JSON.stringify(args.name)} is not scalable`, {
      hint: 'Deployments, StatefulSets, ReplicaSets and custom resources with a scale subresource are.',
    });

  const target = { resource, namespace, name: args.name };
  const [object, scale] = await Promise.all([
    readWorkload(cluster, target, signal),
    readScale(cluster, target, signal),
  ]);
  const ref = {
    cluster: cluster.name,
    resource: pinnedResource(resource),
    namespace,
    name: args.name,
    uid: object.metadata.uid ?? '',
  };
  const whole = workloadName(ref);
  refuseProtected(object, whole);
  if (args.currentReplicas !== undefined && args.currentReplicas !== scale.replicas)
    throw new UsageError(`error: Expected replicas to be ${args.currentReplicas}, was ${scale.replicas}`);
  if (scale.replicas === args.replicas)
    return {
      nothingToDo: {
        status: 'no-change',
        title: `${whole} already has ${scale.replicas} replicas in ${placeOf(cluster, namespace)}`,
      },
    };
  const [warnings] = await Promise.all([
    warningsOf(cluster, resource, object, scale.replicas, args.replicas, signal),
    tryScale(cluster, target, args.replicas, signal),
  ]);

  return {
    cluster: cluster.name,
    isProduction: cluster.isProduction,
    ...(namespace === undefined ? {} : { namespace }),
    targets: [whole],
    summary: `Scale ${whole} from ${scale.replicas} to ${args.replicas} replicas`,
    confirm: `Scale ${args.name} to ${args.replicas}`,
    changes: [{ label: 'replicas', before: String(scale.replicas), after: String(args.replicas) }],
    warnings,
    risk: raisedInProtected(scaleRisk(scale.replicas, args.replicas), namespace),
    undo: undoLine(resource, args, scale.replicas, namespace, cluster),
    data: {
      ref,
      generation: object.metadata.generation,
      from: scale.replicas,
      to: args.replicas,
      timeoutMs: args.timeout ?? DEFAULT_TIMEOUT_MS,
    },
  };
}

/** The kind typed, or for the short form `web 3` the one workload of that name. */
async function resourceOf(
  cluster: Cluster,
  args: ScaleAsked,
  namespace: string,
  signal: AbortSignal,
): Promise<Resource> {
  if (args.type !== undefined) return resolveOne(cluster, args.type);
  const kinds = await cluster.resolve('deployments.apps,statefulsets.apps');
  const found = await Promise.all(
    kinds.map(async (resource) =>
      (await findWorkload(cluster, { resource, namespace, name: args.name }, signal)) ? resource : undefined,
    ),
  );
  const [first, second] = found.filter((resource) => resource !== undefined);
  if (first && second)
    throw new UsageError(`"${args.name}" is a ${first.singular} and a ${second.singular}.`, {
      hint: `Say which: ${first.singular}/${args.name} or ${second.singular}/${args.name}`,
    });
  // Not found: the server's own sentence for the likeliest kind.
  return first ?? (kinds[0] as Resource);
}

async function warningsOf(
  cluster: Cluster,
  resource: Resource,
  object: KubeObject,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<string[]> {
  const around = await lookAround(cluster, object.metadata.namespace, signal);
  const podLabels = object.spec?.template?.metadata?.labels ?? {};
  const isStalled = conditionOf(object, 'Progressing')?.reason === 'ProgressDeadlineExceeded';
  return [
    ...undoersOf(object, resource, around),
    ...availabilityNotes(to, from, around.budgets, podLabels),
    ...(isStalled ? ['Its rollout is already stalled: it exceeded its progress deadline before this change.'] : []),
    ...(around.unseen.length > 0
      ? [`Shipmate may not read ${around.unseen.join(', ')} here, so they are not considered.`]
      : []),
  ];
}

function undoLine(
  resource: Resource,
  args: ScaleArgs,
  from: number,
  namespace: string | undefined,
  cluster: Cluster,
): string {
  const type = args.type ?? resource.singular;
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  return `/k8s scale ${type}/${args.name} ${from}${where} --cluster ${cluster.name}`;
}

/** @throws PermissionError for an object that its owners have marked as not to be touched from Slack. */
export function refuseProtected(object: KubeObject, name: string): void {
  if (object.metadata.annotations?.[PROTECTED] !== 'true') return;
  throw new PermissionError(`${name} is protected: its annotation ${PROTECTED} says so.`, {
    hint: 'Its owners can remove the annotation.',
  });
}
