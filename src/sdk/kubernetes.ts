/** What commands may do with Kubernetes clusters; the room's own words, without its inside. */
export type { Clusters } from '../kubernetes/cluster.ts';
export { availabilityNotes } from '../kubernetes/disruption.ts';
export { type GetQuery, type Got, getObjects, getTables, missingNamespace } from '../kubernetes/get.ts';
export { objectName, qualifiedPlural } from '../kubernetes/names.ts';
export { printObjects } from '../kubernetes/print.ts';
export {
  checkRestart,
  type RestartEffect,
  type RestartPlan,
  requireRestartable,
  restartLook,
  restartTime,
  tryRestart,
  writeRestart,
} from '../kubernetes/restart.ts';
export { type Followed, followWorkload, type Look } from '../kubernetes/rollout-follow.ts';
export { ROLLOUT_KINDS, type RolloutVerdict, rolloutVerdict } from '../kubernetes/rollout-status.ts';
export { checkScale, readScale, type ScaleEffect, type ScalePlan, tryScale, writeScale } from '../kubernetes/scale.ts';
export { followScale } from '../kubernetes/scale-follow.ts';
export { lookAround } from '../kubernetes/surroundings.ts';
export { layOut, type ServerTable, typePrefix } from '../kubernetes/table.ts';
export { resolveOne, singleOf, targetsOf } from '../kubernetes/type-args.ts';
export { undoersOf } from '../kubernetes/undoers.ts';
export {
  blockingReasons,
  pinnedResource,
  readWorkload,
  type WorkloadRef,
  workloadName,
} from '../kubernetes/workload.ts';
