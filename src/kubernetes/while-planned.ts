import { ConflictError } from '../errors.ts';
import { type Clock, delay } from '../time.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { readWorkload, type WorkloadRef } from './workload.ts';

const CONFLICT_MS = 10_000;
const AGAIN_MS = 100;

/** What a write is conditional on. */
export interface Seen {
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

/**
 * Writes an object that must still be as the plan saw it. Its status may move between the look and the write (a node's does all the
 * time); then it is looked at again, for ten seconds: the plan may still fit.
 * @param write made with the uid and resourceVersion just seen as its preconditions.
 * @throws ConflictError when the object is no longer as the plan saw it; nothing was changed then.
 */
export async function whilePlanned<T>(
  cluster: Cluster,
  ref: WorkloadRef,
  stale: (object: KubeObject) => string | undefined,
  write: (seen: Seen) => Promise<T>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<T> {
  const endsAt = clock() + CONFLICT_MS;
  for (;;) {
    const object = await readWorkload(cluster, ref, signal);
    const problem = stale(object);
    if (problem !== undefined)
      throw new ConflictError(problem, {
        hint: 'Nothing was changed. Run the command again to plan from what it is now.',
      });
    const { uid, resourceVersion } = object.metadata;
    try {
      return await write({ uid, resourceVersion });
    } catch (error) {
      if (!(error instanceof ConflictError) || clock() >= endsAt) throw error;
    }
    await delay(AGAIN_MS, signal);
  }
}
