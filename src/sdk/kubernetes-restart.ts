import { UsageError } from '../errors.ts';
import { type RestartPlan, requireRestartable, restartedAtOf, restartTime, tryRestart } from '../kubernetes/restart.ts';
import { conditionOf } from '../kubernetes/rollout-status.ts';
import { resolveOne, singleOf } from '../kubernetes/type-args.ts';
import { pinnedResource, readWorkload, workloadName } from '../kubernetes/workload.ts';
import type { CommandContext, Plan } from '../pipeline/definition.ts';
import { raisedInProtected } from './kubernetes-risk.ts';
import { refuseProtected } from './kubernetes-scale.ts';

export type RestartData = RestartPlan & { readonly timeoutMs: number };

const DEFAULT_TIMEOUT_MS = 10 * 60_000;

export interface RestartArgs {
  readonly what: readonly string[];
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
  readonly timeout?: number | undefined;
}

/** Reads, dry-runs on the server and freezes a restart. A type without a name is refused: kubectl would restart them all. */
export async function planRestart(
  args: RestartArgs,
  { clusters, clock, signal }: CommandContext,
): Promise<Plan<RestartData>> {
  if (args.what.length === 0)
    throw new UsageError('What should be restarted?', { hint: 'For example /k8s rollout restart deploy/web' });
  const { type, name } = singleOf(args.what);
  const cluster = clusters.get(args.cluster);
  const resource = await resolveOne(cluster, type);
  const namespace = resource.namespaced ? (args.namespace ?? cluster.defaultNamespace) : undefined;
  const object = await readWorkload(cluster, { resource, namespace, name }, signal);
  const ref = {
    cluster: cluster.name,
    resource: pinnedResource(resource),
    namespace,
    name,
    uid: object.metadata.uid ?? '',
  };
  requireRestartable(object, ref);
  const whole = workloadName(ref);
  refuseProtected(object, whole);
  const data: RestartData = {
    ref,
    generation: object.metadata.generation,
    restartedAt: restartTime(clock()),
    timeoutMs: args.timeout ?? DEFAULT_TIMEOUT_MS,
  };
  await tryRestart(cluster, data, signal);

  const desired: number = object.spec?.replicas ?? object.status?.desiredNumberScheduled ?? 1;
  const strategy: string | undefined = object.spec?.strategy?.type ?? object.spec?.updateStrategy?.type;
  const isStalled = conditionOf(object, 'Progressing')?.reason === 'ProgressDeadlineExceeded';
  return {
    cluster: cluster.name,
    isProduction: cluster.isProduction,
    ...(namespace === undefined ? {} : { namespace }),
    targets: [whole],
    summary: `Restart ${whole} (${desired === 1 ? '1 pod' : `${desired} pods`})`,
    confirm: `Restart ${name}`,
    changes: [{ label: 'restartedAt', before: restartedAtOf(object) ?? 'never', after: data.restartedAt }],
    warnings: [
      ...(strategy === 'Recreate' ? ['Its strategy is Recreate: all pods stop before new ones start.'] : []),
      ...(strategy === 'OnDelete' ? ['Its update strategy is OnDelete: pods restart only when they are deleted.'] : []),
      ...(desired === 1 && resource.kind === 'StatefulSet'
        ? ['It has one replica: while that restarts, nothing serves.']
        : []),
      ...(isStalled ? ['Its last rollout is stalled: it exceeded its progress deadline.'] : []),
    ],
    risk: raisedInProtected(cluster.isProduction ? 'high' : 'low', namespace),
    data,
  };
}
