/** All that an alert rule may import. */

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
