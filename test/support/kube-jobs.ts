import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { build, type MetaOptions, time } from './kube-meta.ts';
import { common, templateOf, type WorkloadOptions as Workload } from './kube-template.ts';

export interface JobOptions extends Workload {
  /** Default 1 active pod, none done. */
  active?: number;
  succeeded?: number;
  failed?: number;
  startedAt?: number;
  completedAt?: number;
  backoffLimit?: number;
  activeDeadlineSeconds?: number;
  suspend?: boolean;
}

export function job(name: string, options: JobOptions = {}): KubeObject {
  const { active = 1, succeeded = 0, failed = 0, startedAt = options.createdAt ?? -3_600 } = options;
  const { replicas: _none, ...spec } = common(name, options);
  return build(
    'batch/v1',
    'Job',
    name,
    { generation: 1, ...options },
    {
      spec: {
        ...spec,
        completions: 1,
        parallelism: 1,
        backoffLimit: options.backoffLimit ?? 6,
        ...(options.activeDeadlineSeconds !== undefined && { activeDeadlineSeconds: options.activeDeadlineSeconds }),
        suspend: options.suspend ?? false,
        ...options.spec,
      },
      status: {
        ...(active && { active }),
        ...(succeeded && { succeeded }),
        ...(failed && { failed }),
        startTime: time(startedAt),
        ...(options.completedAt !== undefined && { completionTime: time(options.completedAt) }),
        ...(options.conditions && { conditions: options.conditions }),
        ...options.status,
      },
    },
  );
}

export interface CronJobOptions extends MetaOptions {
  schedule?: string;
  timeZone?: string;
  suspend?: boolean;
  concurrencyPolicy?: string;
  startingDeadlineSeconds?: number;
  lastScheduleAt?: number;
  lastSuccessAt?: number;
  /** Names of running Jobs. */
  active?: string[];
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

export function cronJob(name: string, options: CronJobOptions = {}): KubeObject {
  const { timeZone, startingDeadlineSeconds, lastScheduleAt, lastSuccessAt, namespace = 'shop' } = options;
  return build(
    'batch/v1',
    'CronJob',
    name,
    { generation: 1, ...options },
    {
      spec: {
        schedule: options.schedule ?? '*/5 * * * *',
        ...(timeZone && { timeZone }),
        suspend: options.suspend ?? false,
        concurrencyPolicy: options.concurrencyPolicy ?? 'Allow',
        ...(startingDeadlineSeconds !== undefined && { startingDeadlineSeconds }),
        jobTemplate: { spec: { template: templateOf(name, {}) } },
        ...options.spec,
      },
      status: {
        ...(lastScheduleAt !== undefined && { lastScheduleTime: time(lastScheduleAt) }),
        ...(lastSuccessAt !== undefined && { lastSuccessfulTime: time(lastSuccessAt) }),
        active: (options.active ?? []).map((jobName) => ({
          apiVersion: 'batch/v1',
          kind: 'Job',
          namespace,
          name: jobName,
        })),
        ...options.status,
      },
    },
  );
}
