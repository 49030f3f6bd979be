/** All that a command file may import. */

export type { Entry as AuditEntry } from '../access/audit/entry.ts';
export { type Story as AuditStory, standing } from '../access/audit/query.ts';
export { describePlace } from '../access/policy/asked.ts';
export type { Message, Part, Span, Status } from '../chat/message.ts';
export {
  ConflictError,
  InternalError,
  NotFoundError,
  PermissionError,
  UnavailableError,
  UsageError,
} from '../errors.ts';
export type { EtcdCluster, KeyValue } from '../etcd/etcd-cluster.ts';
export type { Cluster, KubeObject, Resource } from '../kubernetes/cluster.ts';
export * from '../pipeline/args.ts';
export * from '../pipeline/definition.ts';
export { delay, humanDuration, timeOfDay } from '../time.ts';
export * from './alerts.ts';
export * from './kubernetes.ts';
export * from './kubernetes-args.ts';
export * from './kubernetes-delete.ts';
export * from './kubernetes-describe.ts';
export * from './kubernetes-history.ts';
export * from './kubernetes-job.ts';
export * from './kubernetes-logs.ts';
export * from './kubernetes-outcome.ts';
export * from './kubernetes-readable.ts';
export * from './kubernetes-restart.ts';
export * from './kubernetes-scale.ts';
export * from './kubernetes-toggle.ts';
export * from './kubernetes-undo.ts';
