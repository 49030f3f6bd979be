import { clone, type Json, type Obj } from '../object.ts';
import { groupVersionOf, type Resource } from '../resources.ts';

/**
 * Some objects are stored once and served in two shapes: events (core and events.k8s.io) and autoscalers (v1 and v2). Stored are
 * core events and v2 autoscalers. `toView` shapes a stored object, `fromView` shapes what a client sent.
 */
export function toView(resource: Resource, stored: Obj): Obj {
  if (resource.group === 'events.k8s.io') return toNewEvent(stored);
  if (resource.group === 'autoscaling' && resource.version === 'v1') return toAutoscalerV1(stored);
  if (resource.custom && stored.apiVersion !== groupVersionOf(resource))
    return { ...stored, apiVersion: groupVersionOf(resource) };
  return stored;
}

/** Whether objects can be served as they are stored, so that their JSON can be cached. */
export function isStoredView(resource: Resource): boolean {
  return (
    resource.group !== 'events.k8s.io' &&
    !(resource.group === 'autoscaling' && resource.version === 'v1') &&
    !resource.custom
  );
}

export function fromView(resource: Resource, sent: Json, current?: Obj): Json {
  if (resource.group === 'events.k8s.io') return fromNewEvent(sent);
  if (resource.group === 'autoscaling' && resource.version === 'v1') return fromAutoscalerV1(sent, current);
  return sent;
}

function toNewEvent(event: Obj): Obj {
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent, ...rest } = event;
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: event.metadata,
    eventTime: event.eventTime ?? null,
    regarding: involvedObject,
    note: message,
    reportingController: reportingComponent ?? '',
    deprecatedSource: source ?? {},
    deprecatedFirstTimestamp: firstTimestamp ?? null,
    deprecatedLastTimestamp: lastTimestamp ?? null,
    ...(count === undefined ? {} : { deprecatedCount: count }),
  };
}

function fromNewEvent(event: Json): Json {
  const {
    regarding,
    note,
    reportingController,
    deprecatedSource,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    deprecatedCount,
    ...rest
  } = event;
  return {
    ...rest,
    apiVersion: 'v1',
    involvedObject: regarding ?? {},
    message: note ?? '',
    reportingComponent: reportingController ?? '',
    source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp ?? null,
    lastTimestamp: deprecatedLastTimestamp ?? null,
    ...(deprecatedCount === undefined ? {} : { count: deprecatedCount }),
  };
}

function toAutoscalerV1(stored: Obj): Obj {
  const cpu = (list: Json[] | undefined): Json =>
    list?.find((metric) => metric.type === 'Resource' && metric.resource?.name === 'cpu')?.resource;
  const { metrics, behavior: _b, ...spec } = stored.spec ?? {};
  const { currentMetrics, conditions: _c, ...status } = stored.status ?? {};
  const target = cpu(metrics)?.target?.averageUtilization;
  const current = cpu(currentMetrics)?.current?.averageUtilization;
  return {
    ...stored,
    apiVersion: 'autoscaling/v1',
    spec: { ...spec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: {
      currentReplicas: 0,
      desiredReplicas: 0,
      ...status,
      ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }),
    },
  };
}

function fromAutoscalerV1(sent: Json, current: Obj | undefined): Json {
  const { targetCPUUtilizationPercentage, ...spec } = sent.spec ?? {};
  const others = (current?.spec?.metrics ?? []).filter((metric: Json) => metric.resource?.name !== 'cpu');
  const metrics =
    targetCPUUtilizationPercentage === undefined
      ? others
      : [
          ...others,
          {
            type: 'Resource',
            resource: {
              name: 'cpu',
              target: { type: 'Utilization', averageUtilization: targetCPUUtilizationPercentage },
            },
          },
        ];
  const { currentCPUUtilizationPercentage: _, ...status } = sent.status ?? {};
  return clone({
    ...sent,
    apiVersion: 'autoscaling/v2',
    spec: {
      ...spec,
      ...(metrics.length > 0 ? { metrics } : {}),
      ...(current?.spec?.behavior ? { behavior: current.spec.behavior } : {}),
    },
    ...(sent.status ? { status: { ...current?.status, ...status } } : {}),
  });
}
