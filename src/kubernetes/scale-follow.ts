import { UnavailableError } from '../errors.ts';
import { type Clock, delay } from '../time.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { replicasSetByText } from './field-managers.ts';
import { type Followed, followWorkload, type Look } from './rollout-follow.ts';
import { rolloutVerdict } from './rollout-status.ts';
import { readScale, type ScaleEffect, type ScalePlan } from './scale.ts';
import { blockingReasons, workloadName } from './workload.ts';

interface Following {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  progress(state: { done: number; total: number; waiting: string }): void;
}

/** Kinds whose own status says how many replicas are ready; others only count pods through `/scale`. */
const WITH_STATUS = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']);

/** Follows a scaling until the replicas wished for are ready, or it is certain that they will not be. Only reads. */
export function followScale(
  cluster: Cluster,
  plan: ScalePlan,
  effect: ScaleEffect,
  following: Following,
): Promise<Followed> {
  if (!WITH_STATUS.has(plan.ref.resource.kind)) return followCount(cluster, plan, following);
  return followWorkload({
    cluster,
    ref: plan.ref,
    judge: (object) => scaleLook(plan, effect, object),
    onWaiting: async (look, object) => {
      const reasons = look.done < look.total ? await blockingReasons(cluster, object, following.signal) : [];
      following.progress({ done: look.done, total: look.total, waiting: [look.text, ...reasons].join('; ') });
    },
    ...following,
  });
}

/**
 * Whether a scaling has taken hold. Pure.
 *
 * kubectl's rollout status is the base; two things are added, because right after scaling down it would already say "successfully rolled
 * out" with the old pods still there, and because a paused Deployment scales too.
 */
export function scaleLook(plan: ScalePlan, effect: ScaleEffect, object: KubeObject): Look {
  const { spec = {}, status = {} } = object;
  const { kind } = plan.ref.resource;
  const { name } = plan.ref;
  const total = plan.to;
  const noun = kind.toLowerCase();
  const ready = number(kind === 'Deployment' ? status.availableReplicas : status.readyReplicas);
  const done = Math.min(ready, total);
  const generation = object.metadata.generation ?? 0;

  // An answer from before our own write would already look finished.
  if (effect.generation !== undefined && generation < effect.generation)
    return { state: 'waiting', text: `Waiting for ${noun} spec update to be observed...`, done: 0, total };
  const replicas = spec.replicas ?? 1;
  if (replicas !== plan.to)
    return {
      state: 'superseded',
      text: `${workloadName(plan.ref)} was set to ${replicas} replicas while Shipmate followed its change to ${plan.to}${replicasSetByText(object)}`,
      done,
      total,
    };
  if (generation > number(status.observedGeneration))
    return { state: 'waiting', text: `Waiting for ${noun} spec update to be observed...`, done: 0, total };
  if (kind === 'Deployment' && spec.paused !== true) {
    const verdict = rolloutVerdict({ ...object, kind });
    if (verdict.state !== 'done') return { ...verdict, done: Math.min(verdict.done, total), total };
  }
  if (ready < total) return { state: 'waiting', text: `Waiting for ${total - ready} pods to be ready...`, done, total };
  const surplus = number(status.replicas) - total;
  if (surplus > 0)
    return { state: 'waiting', text: `Waiting for ${surplus} pods to be removed...`, done: total, total };
  const text =
    kind === 'Deployment' && spec.paused !== true
      ? `deployment "${name}" successfully rolled out`
      : `${noun} "${name}" scaled`;
  return { state: 'done', text: `${text} (${ready}/${total} ready)`, done: total, total };
}

/** For kinds that only `/scale` knows (custom resources): until as many pods exist as wished; whether they are ready cannot be seen. */
async function followCount(cluster: Cluster, plan: ScalePlan, following: Following): Promise<Followed> {
  const { clock, signal } = following;
  const endsAt = clock() + following.timeoutMs;
  const total = plan.to;
  let current = 0;
  while (clock() < endsAt) {
    try {
      const scale = await readScale(cluster, plan.ref, signal);
      current = scale.current;
      const seen = { done: Math.min(current, total), total, object: undefined };
      if (scale.replicas !== plan.to)
        return {
          ...seen,
          state: 'superseded',
          text: `${workloadName(plan.ref)} was set to ${scale.replicas} replicas meanwhile`,
        };
      if (current === total)
        return { ...seen, state: 'done', text: `${workloadName(plan.ref)} has ${total} of ${total} replicas` };
      following.progress({ done: seen.done, total, waiting: `${current} of ${total} replicas exist` });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UnavailableError)) throw error;
    }
    await delay(1_000, signal);
  }
  return { state: 'timeout', text: `${current} of ${total} replicas exist`, done: current, total, object: undefined };
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
