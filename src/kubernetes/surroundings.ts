import { NotFoundError, PermissionError } from '../errors.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { listObjects } from './list.ts';
import type { Surroundings } from './undoers.ts';

export interface Around extends Surroundings {
  readonly budgets: readonly KubeObject[];
  /** Kinds that could not be looked at; said, so that silence is not taken for safety. */
  readonly unseen: readonly string[];
}

/** Reads what stands around the workloads of a namespace: autoscalers, KEDA, disruption budgets. A kind that is not served is empty. */
export async function lookAround(
  cluster: Cluster,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<Around> {
  const unseen: string[] = [];
  const all = async (word: string, called: string): Promise<readonly KubeObject[]> => {
    try {
      const [resource] = await cluster.resolve(word);
      return resource ? await listObjects(cluster, resource, { namespace, signal }) : [];
    } catch (error) {
      if (error instanceof NotFoundError) return [];
      if (!(error instanceof PermissionError)) throw error;
      unseen.push(called);
      return [];
    }
  };
  const [autoscalers, budgets] = await Promise.all([
    all('horizontalpodautoscalers.autoscaling', 'HorizontalPodAutoscalers'),
    all('poddisruptionbudgets.policy', 'PodDisruptionBudgets'),
  ]);
  // KEDA makes an autoscaler for each of its objects; where there is none, its kind need not even be looked for.
  const hasKeda = autoscalers.some((one) =>
    one.metadata.ownerReferences?.some((owner) => owner.kind === 'ScaledObject'),
  );
  const scaledObjects = hasKeda ? await all('scaledobjects.keda.sh', 'KEDA ScaledObjects') : [];
  return { autoscalers, scaledObjects, budgets, unseen };
}
