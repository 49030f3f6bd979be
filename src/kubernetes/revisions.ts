import type { Cluster, KubeObject, Resource } from './cluster.ts';
import { listObjects } from './list.ts';
import { type PodTemplate, withoutHash } from './template.ts';
import { selectorText } from './workload.ts';

/** One entry of a workload's rollout history. */
export interface Revision {
  readonly number: number;
  /** The ReplicaSet or ControllerRevision that keeps it. */
  readonly keeper: KubeObject;
  /** The pod template, without what controllers add to it. */
  readonly template: PodTemplate;
  /** `kubernetes.io/change-cause`, where somebody wrote one. */
  readonly cause: string | undefined;
}

export const REVISION = 'deployment.kubernetes.io/revision';
const CHANGE_CAUSE = 'kubernetes.io/change-cause';

const REPLICA_SETS = apps('replicasets', 'ReplicaSet');
const CONTROLLER_REVISIONS = apps('controllerrevisions', 'ControllerRevision');

/**
 * The rollout history as kubectl reads it, the oldest first: of a Deployment its ReplicaSets, of a StatefulSet or DaemonSet its
 * ControllerRevisions; only those that the object controls. (kubectl `pkg/polymorphichelpers/history.go`.)
 */
export async function revisionsOf(
  cluster: Cluster,
  object: KubeObject,
  kind: string,
  signal?: AbortSignal,
): Promise<readonly Revision[]> {
  const isDeployment = kind === 'Deployment';
  const keepers = await listObjects(cluster, isDeployment ? REPLICA_SETS : CONTROLLER_REVISIONS, {
    namespace: object.metadata.namespace,
    labelSelector: selectorText(object.spec?.selector),
    signal,
  });
  return keepers
    .filter((keeper) => controllerOf(keeper) === object.metadata.uid)
    .map((keeper) => (isDeployment ? ofReplicaSet(keeper) : ofControllerRevision(keeper)))
    .filter((revision) => Number.isInteger(revision.number))
    .sort((a, b) => a.number - b.number);
}

/** The number of the revision that is wished for now; undefined while the controller has not seen it yet. */
export function currentRevision(object: KubeObject, revisions: readonly Revision[]): Revision | undefined {
  const wished = object.metadata.annotations?.[REVISION];
  if (wished !== undefined) return revisions.find(({ number }) => number === Number(wished));
  const named = object.status?.updateRevision;
  return named === undefined ? revisions.at(-1) : revisions.find(({ keeper }) => keeper.metadata.name === named);
}

/** The one before the newest, to which an undo without a number goes. */
export function previousRevision(revisions: readonly Revision[]): Revision | undefined {
  return revisions.at(-2);
}

function ofReplicaSet(keeper: KubeObject): Revision {
  return {
    // Missing counts as 0, as in the controller's own reading; anything else that is no number is left out.
    number: Number(keeper.metadata.annotations?.[REVISION] ?? 0),
    keeper,
    template: withoutHash(keeper.spec?.template ?? {}),
    cause: keeper.metadata.annotations?.[CHANGE_CAUSE],
  };
}

function ofControllerRevision(keeper: KubeObject): Revision {
  const { $patch: _, ...template } = keeper.data?.spec?.template ?? {};
  return { number: keeper.revision, keeper, template, cause: keeper.metadata.annotations?.[CHANGE_CAUSE] };
}

function controllerOf(object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true)?.uid;
}

function apps(plural: string, kind: string): Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced' | 'kind'> {
  return { group: 'apps', version: 'v1', plural, kind, namespaced: true };
}
