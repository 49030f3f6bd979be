import { hash } from 'node:crypto';
import { texts } from './pool.ts';
import { commonText, conditionsOf, metaOf, selectorOf, textMap } from './projection-object.ts';
import { containersOf } from './projection-pod.ts';
import { count, countOrNone, fields, items, message, type Raw, text, time, timeOrNone, written } from './raw.ts';
import type {
  SeenCronJob,
  SeenDaemonSet,
  SeenDeployment,
  SeenJob,
  SeenReplicaSet,
  SeenRollout,
  SeenStatefulSet,
  SeenTemplate,
} from './workloads.ts';

/** Labels that controllers add to the template of what they make: without them a Deployment and its newest ReplicaSet digest alike. */
const HASH_LABELS = ['pod-template-hash', 'rollouts-pod-template-hash'];

function templateOf(value: unknown): SeenTemplate {
  const raw = fields(value);
  const { labels, annotations } = fields(raw.metadata);
  const spec = fields(raw.spec);
  const own = Object.entries(fields(labels)).filter(([name]) => !HASH_LABELS.includes(name));
  return {
    digest: texts.text(hash('sha1', JSON.stringify([own, annotations, raw.spec]), 'base64url')),
    labels: textMap(labels),
    containers: containersOf(spec.containers),
    initContainers: containersOf(spec.initContainers),
  };
}

export function seenDeployment(raw: Raw): SeenDeployment {
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  const strategy = fields(spec.strategy);
  return {
    kind: 'Deployment',
    metadata: metaOf('Deployment', raw.metadata),
    spec: {
      replicas: count(spec.replicas, 1),
      paused: spec.paused === true,
      minReadySeconds: count(spec.minReadySeconds),
      progressDeadlineSeconds: count(spec.progressDeadlineSeconds, 600),
      strategy: commonText(strategy.type) ?? 'RollingUpdate',
      maxUnavailable: written(fields(strategy.rollingUpdate).maxUnavailable),
      selector: selectorOf(spec.selector),
      template: templateOf(spec.template),
    },
    status: {
      observedGeneration: count(status.observedGeneration),
      replicas: count(status.replicas),
      updatedReplicas: count(status.updatedReplicas),
      readyReplicas: count(status.readyReplicas),
      availableReplicas: count(status.availableReplicas),
      unavailableReplicas: count(status.unavailableReplicas),
      conditions: conditionsOf(status.conditions),
    },
  };
}

export function seenReplicaSet(raw: Raw): SeenReplicaSet {
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  return {
    kind: 'ReplicaSet',
    metadata: metaOf('ReplicaSet', raw.metadata),
    spec: { replicas: count(spec.replicas, 1), template: templateOf(spec.template) },
    status: {
      observedGeneration: count(status.observedGeneration),
      replicas: count(status.replicas),
      readyReplicas: count(status.readyReplicas),
      availableReplicas: count(status.availableReplicas),
      conditions: conditionsOf(status.conditions),
    },
  };
}

export function seenStatefulSet(raw: Raw): SeenStatefulSet {
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  const strategy = fields(spec.updateStrategy);
  return {
    kind: 'StatefulSet',
    metadata: metaOf('StatefulSet', raw.metadata),
    spec: {
      replicas: count(spec.replicas, 1),
      minReadySeconds: count(spec.minReadySeconds),
      updateStrategy: commonText(strategy.type) ?? 'RollingUpdate',
      partition: count(fields(strategy.rollingUpdate).partition),
      podManagementPolicy: commonText(spec.podManagementPolicy) ?? 'OrderedReady',
      selector: selectorOf(spec.selector),
      template: templateOf(spec.template),
    },
    status: {
      observedGeneration: count(status.observedGeneration),
      replicas: count(status.replicas),
      readyReplicas: count(status.readyReplicas),
      updatedReplicas: count(status.updatedReplicas),
      currentReplicas: count(status.currentReplicas),
      availableReplicas: count(status.availableReplicas),
      currentRevision: text(status.currentRevision),
      updateRevision: text(status.updateRevision),
    },
  };
}

export function seenDaemonSet(raw: Raw): SeenDaemonSet {
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  return {
    kind: 'DaemonSet',
    metadata: metaOf('DaemonSet', raw.metadata),
    spec: {
      minReadySeconds: count(spec.minReadySeconds),
      updateStrategy: commonText(fields(spec.updateStrategy).type) ?? 'RollingUpdate',
      selector: selectorOf(spec.selector),
      template: templateOf(spec.template),
    },
    status: {
      observedGeneration: count(status.observedGeneration),
      desiredNumberScheduled: count(status.desiredNumberScheduled),
      currentNumberScheduled: count(status.currentNumberScheduled),
      updatedNumberScheduled: count(status.updatedNumberScheduled),
      numberReady: count(status.numberReady),
      numberAvailable: count(status.numberAvailable),
      numberMisscheduled: count(status.numberMisscheduled),
    },
  };
}

export function seenJob(raw: Raw): SeenJob {
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  return {
    kind: 'Job',
    metadata: metaOf('Job', raw.metadata),
    spec: {
      completions: countOrNone(spec.completions),
      backoffLimit: count(spec.backoffLimit, 6),
      activeDeadlineSeconds: countOrNone(spec.activeDeadlineSeconds),
      suspend: spec.suspend === true,
      template: templateOf(spec.template),
    },
    status: {
      active: count(status.active),
      succeeded: count(status.succeeded),
      failed: count(status.failed),
      startTime: timeOrNone(status.startTime),
      completionTime: timeOrNone(status.completionTime),
      conditions: conditionsOf(status.conditions),
    },
  };
}

export function seenCronJob(raw: Raw): SeenCronJob {
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  return {
    kind: 'CronJob',
    metadata: metaOf('CronJob', raw.metadata),
    spec: {
      schedule: text(spec.schedule),
      timeZone: commonText(spec.timeZone),
      suspend: spec.suspend === true,
      concurrencyPolicy: commonText(spec.concurrencyPolicy) ?? 'Allow',
      startingDeadlineSeconds: countOrNone(spec.startingDeadlineSeconds),
    },
    status: {
      lastScheduleTime: timeOrNone(status.lastScheduleTime),
      lastSuccessfulTime: timeOrNone(status.lastSuccessfulTime),
      active: items(status.active).map((item) => text(fields(item).name)),
    },
  };
}

export function seenRollout(raw: Raw): SeenRollout {
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  return {
    kind: 'Rollout',
    metadata: metaOf('Rollout', raw.metadata),
    spec: { replicas: count(spec.replicas, 1), paused: spec.paused === true, template: templateOf(spec.template) },
    status: {
      phase: text(status.phase),
      message: message(status.message),
      abort: status.abort === true,
      availableReplicas: count(status.availableReplicas),
      updatedReplicas: count(status.updatedReplicas),
      pauseStartTime: time(fields(items(status.pauseConditions)[0]).startTime),
      pauseHasDuration: endsPauseByItself(fields(spec.strategy), count(status.currentStepIndex, -1)),
      conditions: conditionsOf(status.conditions),
    },
  };
}

/** A canary's pause step with a duration, or a blue-green promotion after so many seconds. */
function endsPauseByItself(strategy: Raw, step: number): boolean {
  if (strategy.blueGreen !== undefined) return count(fields(strategy.blueGreen).autoPromotionSeconds) > 0;
  const pause = fields(fields(items(fields(strategy.canary).steps)[step]).pause);
  return pause.duration !== undefined && pause.duration !== null;
}
