import { texts } from './pool.ts';
import { commonText, conditionOf, conditionsOf, metaOf, selectorOf, textMap } from './projection-object.ts';
import { count, fields, items, message, type Raw, text, time } from './raw.ts';
import type {
  SeenEvent,
  SeenHorizontalPodAutoscaler,
  SeenNamespace,
  SeenNode,
  SeenPersistentVolume,
  SeenPersistentVolumeClaim,
  SeenPodDisruptionBudget,
  SeenResourceQuota,
  SeenShipmate,
  SeenStorageClass,
} from './surroundings.ts';

export function seenNode(raw: Raw): SeenNode {
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  const info = fields(status.nodeInfo);
  return {
    kind: 'Node',
    metadata: metaOf('Node', raw.metadata),
    spec: {
      unschedulable: spec.unschedulable === true,
      taints: items(spec.taints).map((item) => taintOf(fields(item))),
    },
    status: {
      allocatable: textMap(status.allocatable),
      conditions: items(status.conditions).map((item) => {
        const condition = fields(item);
        return { ...conditionOf(condition), lastHeartbeatTime: time(condition.lastHeartbeatTime) };
      }),
      nodeInfo: {
        bootID: text(info.bootID),
        kubeletVersion: texts.text(text(info.kubeletVersion)),
        osImage: texts.text(text(info.osImage)),
        kernelVersion: texts.text(text(info.kernelVersion)),
      },
    },
  };
}

function taintOf(raw: Raw): SeenNode['spec']['taints'][number] {
  return { key: text(raw.key), value: text(raw.value), effect: text(raw.effect), timeAdded: time(raw.timeAdded) };
}

export function seenNamespace(raw: Raw): SeenNamespace {
  return {
    kind: 'Namespace',
    metadata: metaOf('Namespace', raw.metadata),
    status: { phase: texts.text(text(fields(raw.status).phase)) },
  };
}

export function seenHorizontalPodAutoscaler(raw: Raw): SeenHorizontalPodAutoscaler {
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  const target = fields(spec.scaleTargetRef);
  return {
    kind: 'HorizontalPodAutoscaler',
    metadata: metaOf('HorizontalPodAutoscaler', raw.metadata),
    spec: {
      minReplicas: count(spec.minReplicas, 1),
      maxReplicas: count(spec.maxReplicas),
      target: { apiVersion: text(target.apiVersion), kind: text(target.kind), name: text(target.name) },
    },
    status: {
      observedGeneration: count(status.observedGeneration),
      currentReplicas: count(status.currentReplicas),
      desiredReplicas: count(status.desiredReplicas),
      lastScaleTime: time(status.lastScaleTime),
      metrics: metricsOf(items(spec.metrics), items(status.currentMetrics)),
      conditions: conditionsOf(status.conditions),
    },
  };
}

/** The controller reports the current metrics in the order of the wished ones. */
function metricsOf(wished: readonly unknown[], current: readonly unknown[]): readonly string[] {
  return wished.map((item, at) => {
    const [name, target] = metricOf(fields(item), 'target');
    const [, now] = metricOf(fields(current[at]), 'current');
    return `${name} ${now || 'unknown'} of ${target || 'unknown'}`;
  });
}

/** `resource`, `containerResource`, `pods`, `object`, `external`: the field is named as the type, with a small first letter. */
function metricOf(raw: Raw, side: 'target' | 'current'): readonly [name: string, value: string] {
  const type = text(raw.type);
  const source = fields(raw[`${type.charAt(0).toLowerCase()}${type.slice(1)}`]);
  const value = fields(source[side]);
  const name = text(source.name) || text(fields(source.metric).name) || type || 'metric';
  if (typeof value.averageUtilization === 'number') return [name, `${value.averageUtilization}%`];
  return [name, text(value.averageValue) || text(value.value)];
}

export function seenPodDisruptionBudget(raw: Raw): SeenPodDisruptionBudget {
  const status = fields(raw.status);
  return {
    kind: 'PodDisruptionBudget',
    metadata: metaOf('PodDisruptionBudget', raw.metadata),
    spec: { selector: selectorOf(fields(raw.spec).selector) },
    status: {
      observedGeneration: count(status.observedGeneration),
      currentHealthy: count(status.currentHealthy),
      desiredHealthy: count(status.desiredHealthy),
      disruptionsAllowed: count(status.disruptionsAllowed),
      expectedPods: count(status.expectedPods),
      conditions: conditionsOf(status.conditions),
    },
  };
}

export function seenPersistentVolumeClaim(raw: Raw): SeenPersistentVolumeClaim {
  const spec = fields(raw.spec);
  return {
    kind: 'PersistentVolumeClaim',
    metadata: metaOf('PersistentVolumeClaim', raw.metadata),
    spec: { storageClassName: commonText(spec.storageClassName) ?? '', volumeName: text(spec.volumeName) },
    status: { phase: texts.text(text(fields(raw.status).phase)) },
  };
}

export function seenPersistentVolume(raw: Raw): SeenPersistentVolume {
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  const claim = fields(spec.claimRef);
  return {
    kind: 'PersistentVolume',
    metadata: metaOf('PersistentVolume', raw.metadata),
    spec: {
      storageClassName: commonText(spec.storageClassName) ?? '',
      claim: claim.name === undefined ? undefined : { namespace: text(claim.namespace), name: text(claim.name) },
    },
    status: {
      phase: texts.text(text(status.phase)),
      reason: texts.text(text(status.reason)),
      message: message(status.message),
      lastPhaseTransitionTime: time(status.lastPhaseTransitionTime),
    },
  };
}

export function seenStorageClass(raw: Raw): SeenStorageClass {
  return {
    kind: 'StorageClass',
    metadata: metaOf('StorageClass', raw.metadata),
    volumeBindingMode: commonText(raw.volumeBindingMode) ?? 'Immediate',
  };
}

export function seenResourceQuota(raw: Raw): SeenResourceQuota {
  const status = fields(raw.status);
  return {
    kind: 'ResourceQuota',
    metadata: metaOf('ResourceQuota', raw.metadata),
    status: { hard: textMap(status.hard), used: textMap(status.used) },
  };
}

/** The watcher makes it as it is to be seen; nothing of it comes from a cluster. */
export function seenShipmate(raw: Raw): SeenShipmate {
  return {
    kind: 'Shipmate',
    metadata: metaOf('Shipmate', raw.metadata),
    status: fields(raw.status) as unknown as SeenShipmate['status'],
  };
}

/** Both kinds of Event: the old one counts repeats itself, the new one keeps them in a series. */
export function seenEvent(value: unknown): SeenEvent {
  const raw = fields(value);
  const series = fields(raw.series);
  const about = fields(raw.involvedObject ?? raw.regarding);
  const first = time(raw.firstTimestamp) || time(raw.deprecatedFirstTimestamp) || time(raw.eventTime);
  const created = time(fields(raw.metadata).creationTimestamp);
  const last = time(series.lastObservedTime) || time(raw.lastTimestamp) || time(raw.deprecatedLastTimestamp);
  return {
    about: text(about.uid),
    type: texts.text(text(raw.type)),
    reason: texts.text(text(raw.reason)),
    message: texts.text(message(raw.message ?? raw.note)),
    count: count(series.count) || count(raw.count) || count(raw.deprecatedCount) || 1,
    firstTimestamp: first || created,
    lastTimestamp: last || first || created,
  };
}
