import type { SeenObject } from '../seen/kinds.ts';
import type { SeenProbe } from '../seen/pod.ts';
import type { SeenDaemonSet, SeenDeployment, SeenStatefulSet, SeenTemplate } from '../seen/workloads.ts';
import type { Memory, Sight } from '../sight.ts';
import { conditionNamed, isObserved, isReady, NO_DEADLINE, podsByAge, type Rolling, revisionsOf } from './rollouts.ts';

/**
 * How far a Deployment's rollout is.
 *   unobserved  the controller has not looked at the newest spec yet
 *   resting     paused, or no replicas are wanted
 *   rolling     under way, and within its deadline if it has one
 *   stalled     the controller gave up: Progressing=False, ProgressDeadlineExceeded
 *   finished    done; what is missing now was lost later
 *
 * A finished one never becomes stalled: the controller stops to estimate at NewReplicaSetAvailable (kubernetes
 * `pkg/controller/deployment/progress.go`), so an outage after it shows only in the Available condition.
 */
export type DeploymentProgress = 'unobserved' | 'resting' | 'rolling' | 'stalled' | 'finished';

/** A rollout without a deadline leaves no mark when it is finished: for so long after its beginning missing pods belong to it, ms. */
const USUAL_DEADLINE_MS = 600_000;

export function deploymentProgress(deployment: SeenDeployment, sight: Sight, now: number): DeploymentProgress {
  if (!isObserved(deployment)) return 'unobserved';
  if (deployment.spec.paused || deployment.spec.replicas === 0) return 'resting';
  const progressing = conditionNamed(deployment.status.conditions, 'Progressing');
  if (!progressing || deployment.spec.progressDeadlineSeconds === NO_DEADLINE)
    return withoutCondition(deployment, sight, now);
  if (progressing.reason === 'NewReplicaSetAvailable') return 'finished';
  if (progressing.status === 'False' && progressing.reason === 'ProgressDeadlineExceeded') return 'stalled';
  return isRolloutUnfinished(deployment) ? 'rolling' : 'finished';
}

function withoutCondition(deployment: SeenDeployment, sight: Sight, now: number): DeploymentProgress {
  if (hasOldPods(deployment)) return 'rolling';
  if (!isRolloutUnfinished(deployment)) return 'finished';
  const newest = revisionsOf(deployment, sight)[0];
  const begun = newest?.metadata.creationTimestamp ?? deployment.metadata.creationTimestamp;
  return now - begun < USUAL_DEADLINE_MS ? 'rolling' : 'finished';
}

/** Fewer new pods than wanted, or old ones beside them: only a rollout makes that. */
export function hasOldPods({ spec, status }: SeenDeployment): boolean {
  return status.updatedReplicas < spec.replicas || status.replicas > status.updatedReplicas;
}

/** kubectl's own test for "still waiting" (`rollout status`). */
export function isRolloutUnfinished(deployment: SeenDeployment): boolean {
  const { updatedReplicas, availableReplicas } = deployment.status;
  return hasOldPods(deployment) || availableReplicas < updatedReplicas;
}

/** When the controller gives up unless something moves, epoch ms; undefined: never, or not known. */
export function deadlineAt(deployment: SeenDeployment): number | undefined {
  const { progressDeadlineSeconds } = deployment.spec;
  if (progressDeadlineSeconds === NO_DEADLINE) return undefined;
  const progressing = conditionNamed(deployment.status.conditions, 'Progressing');
  const last = progressing?.lastUpdateTime ?? progressing?.lastTransitionTime;
  return last ? last + progressDeadlineSeconds * 1_000 : undefined;
}

/** Pods that a StatefulSet's update must reach: those from the partition on. */
export function updateTarget({ spec }: SeenStatefulSet): number {
  return Math.max(0, spec.replicas - spec.partition);
}

/**
 * An update is under way. A canary that stands at its partition with all pods ready is not: its revisions differ for as long as people want.
 */
export function isStatefulSetRolling(set: SeenStatefulSet, sight: Sight): boolean {
  const { currentRevision, updateRevision, updatedReplicas } = set.status;
  if (set.spec.updateStrategy !== 'RollingUpdate' || set.spec.replicas === 0 || !isObserved(set)) return false;
  if (currentRevision === updateRevision || updateRevision === '') return false;
  if (set.spec.partition === 0 || updatedReplicas < updateTarget(set)) return true;
  return set.status.readyReplicas < set.spec.replicas && podsByAge(set, sight).newest.some((pod) => !isReady(pod));
}

export function isDaemonSetRolling(set: SeenDaemonSet): boolean {
  const { desiredNumberScheduled, updatedNumberScheduled } = set.status;
  return (
    isObserved(set) && set.spec.updateStrategy === 'RollingUpdate' && updatedNumberScheduled < desiredNumberScheduled
  );
}

/** Whether a rollout of this workload is under way or stuck: what its newest pods suffer from belongs to it. */
export function isInRollout(workload: Rolling, sight: Sight, now: number): boolean {
  switch (workload.kind) {
    case 'Deployment': {
      const progress = deploymentProgress(workload, sight, now);
      return progress === 'rolling' || progress === 'stalled';
    }
    case 'StatefulSet':
      return isStatefulSetRolling(workload, sight);
    case 'DaemonSet':
      return isDaemonSetRolling(workload);
    default:
      return workload.status.phase === 'Progressing' || workload.status.phase === 'Degraded';
  }
}

const ROLLING_KINDS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'];

/** Whether this kind rolls a template out at all. */
export function isRollingKind(object: SeenObject): object is Rolling {
  return ROLLING_KINDS.includes(object.kind);
}

/** Since when the counters have been what they are, epoch ms. Kinds without a progress condition are timed by us. */
export function countersSince(memory: Memory, counters: string, revision: string): number {
  return memory.since('counters', `${revision} ${counters}`);
}

/** The longest that a healthy pod of this template may take to become ready once its containers run, ms, by its probes. */
export function readinessBudgetMs(template: SeenTemplate): number {
  return Math.max(0, ...template.containers.map((one) => msOf(one.startupProbe) + msOf(one.readinessProbe)));
}

function msOf(probe: SeenProbe | undefined): number {
  if (!probe) return 0;
  const { initialDelaySeconds, periodSeconds, failureThreshold } = probe;
  return (initialDelaySeconds + periodSeconds * failureThreshold) * 1_000;
}
