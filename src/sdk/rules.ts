/** All that an alert rule may import. */

export * from '../incidents/reading/ailments.ts';
export * from '../incidents/reading/containers.ts';
export * from '../incidents/reading/crash-loops.ts';
export * from '../incidents/reading/cron.ts';
export * from '../incidents/reading/exit-codes.ts';
export * from '../incidents/reading/hpa.ts';
export * from '../incidents/reading/images.ts';
export * from '../incidents/reading/jobs.ts';
export * from '../incidents/reading/moments.ts';
export * from '../incidents/reading/nodes.ts';
export * from '../incidents/reading/pods.ts';
export * from '../incidents/reading/probes.ts';
export * from '../incidents/reading/quantities.ts';
export * from '../incidents/reading/scheduling.ts';
export * from '../incidents/reading/selectors.ts';
export * from '../incidents/reading/volumes.ts';
export * from '../incidents/reading/waiting.ts';
export * from '../incidents/rule.ts';
export type { SeenByKind } from '../incidents/seen/kinds.ts';
export type { SeenCondition, SeenMeta, SeenSelector } from '../incidents/seen/object.ts';
export type * from '../incidents/seen/pod.ts';
export type * from '../incidents/seen/surroundings.ts';
export type * from '../incidents/seen/workloads.ts';
export type { Severity } from '../incidents/severity.ts';
export { shifted } from '../incidents/severity.ts';
export type { Memory, ObjectRef, Sight } from '../incidents/sight.ts';
export { humanDuration } from '../time.ts';
