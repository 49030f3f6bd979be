import { humanDuration } from '../../../../src/time.ts';
import { formatLabelSelector } from '../api/label-selector.ts';
import type { Json } from '../object.ts';
import { AGE, type Column, NAME } from './column.ts';
import { labelText } from './core.ts';

const wide = (name: string, cell: Column['cell']): Column => ({ name, priority: 1, cell });
const col = (name: string, cell: Column['cell']): Column => ({ name, cell });
const int = (name: string, cell: Column['cell']): Column => ({ name, type: 'integer', cell });

const containersOf = (object: Json): Json[] => object.spec?.template?.spec?.containers ?? [];
const TEMPLATE_COLUMNS: readonly Column[] = [
  wide('Containers', (object) =>
    containersOf(object)
      .map((container) => container.name)
      .join(','),
  ),
  wide('Images', (object) =>
    containersOf(object)
      .map((container) => container.image)
      .join(','),
  ),
];
const SELECTOR: Column = wide('Selector', (object) => formatLabelSelector(object.spec?.selector));

/** The columns of workload kinds; source: k8s.io/kubernetes/pkg/printers/internalversion/printers.go. */
export const WORKLOAD_PRINTERS: Record<string, readonly Column[]> = {
  'deployments.apps': [
    NAME,
    col('Ready', (one) => `${one.status?.readyReplicas ?? 0}/${one.spec?.replicas ?? 0}`),
    { name: 'Up-to-date', cell: (one) => one.status?.updatedReplicas ?? 0 },
    { name: 'Available', cell: (one) => one.status?.availableReplicas ?? 0 },
    AGE,
    ...TEMPLATE_COLUMNS,
    SELECTOR,
  ],
  'replicasets.apps': [
    NAME,
    int('Desired', (one) => one.spec?.replicas ?? 0),
    int('Current', (one) => one.status?.replicas ?? 0),
    int('Ready', (one) => one.status?.readyReplicas ?? 0),
    AGE,
    ...TEMPLATE_COLUMNS,
    SELECTOR,
  ],
  replicationcontrollers: [
    NAME,
    int('Desired', (one) => one.spec?.replicas ?? 0),
    int('Current', (one) => one.status?.replicas ?? 0),
    int('Ready', (one) => one.status?.readyReplicas ?? 0),
    AGE,
    ...TEMPLATE_COLUMNS,
    wide('Selector', (one) => labelText(one.spec?.selector)),
  ],
  'statefulsets.apps': [
    NAME,
    col('Ready', (one) => `${one.status?.readyReplicas ?? 0}/${one.spec?.replicas ?? 0}`),
    AGE,
    ...TEMPLATE_COLUMNS,
  ],
  'daemonsets.apps': [
    NAME,
    int('Desired', (one) => one.status?.desiredNumberScheduled ?? 0),
    int('Current', (one) => one.status?.currentNumberScheduled ?? 0),
    int('Ready', (one) => one.status?.numberReady ?? 0),
    int('Up-to-date', (one) => one.status?.updatedNumberScheduled ?? 0),
    int('Available', (one) => one.status?.numberAvailable ?? 0),
    col('Node Selector', (one) => labelText(one.spec?.template?.spec?.nodeSelector)),
    AGE,
    ...TEMPLATE_COLUMNS,
    SELECTOR,
  ],
  'jobs.batch': [
    NAME,
    col('Status', jobStatus),
    col('Completions', (job) => {
      const { completions, parallelism } = job.spec ?? {};
      if (completions !== undefined && completions !== null) return `${job.status?.succeeded ?? 0}/${completions}`;
      return parallelism > 1 ? `${job.status?.succeeded ?? 0}/1 of ${parallelism}` : `${job.status?.succeeded ?? 0}/1`;
    }),
    col('Duration', (job, age) => {
      const { startTime, completionTime } = job.status ?? {};
      if (!startTime) return '';
      return completionTime ? humanDuration(Date.parse(completionTime) - Date.parse(startTime)) : age(startTime);
    }),
    AGE,
    ...TEMPLATE_COLUMNS,
    SELECTOR,
  ],
  'cronjobs.batch': [
    NAME,
    col('Schedule', (one) => one.spec?.schedule ?? ''),
    col('Timezone', (one) => one.spec?.timeZone ?? '<none>'),
    { name: 'Suspend', type: 'boolean', cell: (one) => (one.spec?.suspend ? 'True' : 'False') },
    int('Active', (one) => one.status?.active?.length ?? 0),
    col('Last Schedule', (one, age) => (one.status?.lastScheduleTime ? age(one.status.lastScheduleTime) : '<none>')),
    AGE,
    ...['Containers', 'Images'].map((name) =>
      wide(name, (one) =>
        (one.spec?.jobTemplate?.spec?.template?.spec?.containers ?? [])
          .map((container: Json) => (name === 'Images' ? container.image : container.name))
          .join(','),
      ),
    ),
    wide('Selector', () => '<none>'),
  ],
  'horizontalpodautoscalers.autoscaling': [
    NAME,
    col('Reference', (one) => `${one.spec?.scaleTargetRef?.kind}/${one.spec?.scaleTargetRef?.name}`),
    col('Targets', autoscalerTargets),
    col('MinPods', (one) => String(one.spec?.minReplicas ?? '<unset>')),
    col('MaxPods', (one) => one.spec?.maxReplicas ?? 0),
    col('Replicas', (one) => one.status?.currentReplicas ?? 0),
    AGE,
  ],
  'poddisruptionbudgets.policy': [
    NAME,
    col('Min Available', (one) => String(one.spec?.minAvailable ?? 'N/A')),
    col('Max Unavailable', (one) => String(one.spec?.maxUnavailable ?? 'N/A')),
    int('Allowed Disruptions', (one) => one.status?.disruptionsAllowed ?? 0),
    AGE,
  ],
  'controllerrevisions.apps': [
    NAME,
    col('Controller', (one) => {
      const owner = one.metadata.ownerReferences?.find((reference: Json) => reference.controller);
      if (!owner) return '<none>';
      const [group, version] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : ['', owner.apiVersion];
      return `${owner.kind.toLowerCase()}${group && version ? `.${group}` : ''}/${owner.name}`;
    }),
    col('Revision', (one) => one.revision ?? 0),
    AGE,
  ],
};

function jobStatus(job: Json): string {
  const conditions: Json[] = job.status?.conditions ?? [];
  const has = (type: string): boolean => conditions.some((one) => one.type === type && one.status === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  if (has('Suspended')) return 'Suspended';
  if (has('FailureTarget')) return 'FailureTarget';
  return has('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function autoscalerTargets(one: Json): string {
  const metrics: Json[] = one.spec?.metrics ?? [];
  if (metrics.length === 0) return '<none>';
  const texts = metrics.map((metric, index) => {
    const current = one.status?.currentMetrics?.[index];
    if (metric.type !== 'Resource') return '<unknown>';
    const { name, target } = metric.resource;
    const now = current?.resource?.current;
    if (target?.averageUtilization !== undefined) {
      const value = now?.averageUtilization === undefined ? '<unknown>' : `${now.averageUtilization}%`;
      return `${name}: ${value}/${target.averageUtilization}%`;
    }
    return `${name}: ${now?.averageValue ?? '<unknown>'}/${target?.averageValue ?? '<auto>'}`;
  });
  return texts.length > 2 ? `${texts.slice(0, 2).join(', ')} + ${texts.length - 2} more...` : texts.join(', ');
}
