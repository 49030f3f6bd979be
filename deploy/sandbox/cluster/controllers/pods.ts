import type { Json, Obj } from '../object.ts';
import type { World } from '../world.ts';

export function conditionOf(object: Obj, type: string): Json {
  return (object.status?.conditions ?? []).find((one: Json) => one.type === type);
}

/** The conditions with one replaced; its transition time moves only when the status does. */
export function withCondition(conditions: readonly Json[] | undefined, next: Json, now: string): Json[] {
  const list = [...(conditions ?? [])];
  const at = list.findIndex((one) => one.type === next.type);
  const isSteady = at >= 0 && list[at].status === next.status;
  const merged = { ...next, lastTransitionTime: isSteady ? list[at].lastTransitionTime : now };
  if (at >= 0) list[at] = merged;
  else list.push(merged);
  return list;
}

export function isReady(pod: Obj): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/** Ready for at least `minReadySeconds`. */
export function isAvailable(world: World, pod: Obj, minReadySeconds = 0): boolean {
  if (!isReady(pod)) return false;
  return (
    minReadySeconds === 0 || world.elapsedSince(conditionOf(pod, 'Ready').lastTransitionTime) >= minReadySeconds * 1_000
  );
}

export function isFinished(pod: Obj): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Says in a pod why it is about to go, as whoever disrupts it does since Kubernetes 1.26. */
export function disrupt(world: World, pod: Obj, reason: string, message: string): void {
  const condition = { type: 'DisruptionTarget', status: 'True', lastProbeTime: null, reason, message };
  const conditions = withCondition(pod.status?.conditions, condition, world.timestamp());
  world.store.put('pods', { ...pod, metadata: { ...pod.metadata }, status: { ...pod.status, conditions } });
}

/** Neither finished nor on its way out. */
export function isActive(pod: Obj): boolean {
  return !isFinished(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** `25%` or a number of `total`. */
export function scaled(value: Json, total: number, round: 'up' | 'down'): number {
  if (typeof value !== 'string') return Number(value ?? 0);
  if (!value.endsWith('%')) return Number(value);
  const exact = (Number(value.slice(0, -1)) * total) / 100;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

/** Which pods to lose first: unscheduled, then pending, then unready, then the youngest. */
export function byExpendability(a: Obj, b: Obj): number {
  const rank = (pod: Obj): number =>
    (pod.spec.nodeName ? 4 : 0) + (pod.status?.phase === 'Running' ? 2 : 0) + (isReady(pod) ? 1 : 0);
  return rank(a) - rank(b) || (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1);
}
