import type { KubeObject } from '../cluster.ts';
import { lastChange } from '../field-managers.ts';
import { REVISION } from '../revisions.ts';
import { imagesOf, templateOf } from '../template.ts';
import {
  ago,
  type Beside,
  conditionLines,
  type Description,
  type Fact,
  facts,
  ownerOf,
  section,
} from './description.ts';
import { podLines } from './pod.ts';

/** Deployment. Pure. */
export function describeDeployment(object: KubeObject, beside: Beside): Description {
  const { spec = {}, status = {}, metadata } = object;
  const { updatedReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  return withPods(object, beside, [
    [
      'Replicas',
      `${spec.replicas ?? 1} wished, ${updatedReplicas} updated, ${readyReplicas} ready, ${availableReplicas} available`,
    ],
    ['Revision', metadata.annotations?.[REVISION]],
    ['Strategy', strategyText(spec)],
    ['Paused', spec.paused === true ? 'yes' : undefined],
  ]);
}

function strategyText({ strategy = {} }: KubeObject['spec']): string {
  const { type = 'RollingUpdate', rollingUpdate = {} } = strategy;
  const { maxUnavailable, maxSurge } = rollingUpdate;
  return maxUnavailable === undefined ? type : `${type}, ${maxUnavailable} unavailable, ${maxSurge} surge`;
}

/** StatefulSet. Pure. */
export function describeStatefulSet(object: KubeObject, beside: Beside): Description {
  const { spec = {}, status = {} } = object;
  const { updatedReplicas = 0, readyReplicas = 0, currentRevision, updateRevision } = status;
  const isUpdating = currentRevision !== undefined && currentRevision !== updateRevision;
  return withPods(object, beside, [
    ['Replicas', `${spec.replicas ?? 1} wished, ${updatedReplicas} updated, ${readyReplicas} ready`],
    ['Update', isUpdating ? `${currentRevision} → ${updateRevision}` : 'none under way'],
    ['Strategy', spec.updateStrategy?.type],
    ['Partition', spec.updateStrategy?.rollingUpdate?.partition || undefined],
  ]);
}

/** DaemonSet. Pure. */
export function describeDaemonSet(object: KubeObject, beside: Beside): Description {
  const { spec = {}, status = {} } = object;
  const { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberReady = 0, numberAvailable = 0 } = status;
  return withPods(object, beside, [
    [
      'Nodes',
      `${desiredNumberScheduled} wished, ${updatedNumberScheduled} updated, ${numberReady} ready, ${numberAvailable} available`,
    ],
    ['Misscheduled', status.numberMisscheduled || undefined],
    ['Strategy', spec.updateStrategy?.type],
  ]);
}

/** Job. Pure. */
export function describeJob(object: KubeObject, beside: Beside): Description {
  const { spec = {}, status = {} } = object;
  const { active = 0, succeeded = 0, failed = 0, startTime, completionTime } = status;
  const end = completionTime === undefined ? beside.now : Date.parse(completionTime);
  return withPods(object, beside, [
    ['Pods', `${active} active, ${succeeded} succeeded of ${spec.completions ?? 1}, ${failed} failed`],
    ['Duration', startTime === undefined ? undefined : ago(startTime, end)],
    ['Retries', spec.backoffLimit === undefined ? undefined : `at most ${spec.backoffLimit}`],
    ['Deadline', spec.activeDeadlineSeconds === undefined ? undefined : `${spec.activeDeadlineSeconds}s`],
    ['Suspended', spec.suspend === true ? 'yes' : undefined],
    ['Controlled by', ownerOf(object)],
  ]);
}

/** CronJob. Pure. */
export function describeCronJob(object: KubeObject, { now }: Beside): Description {
  const { spec = {}, status = {}, metadata } = object;
  const active = (status.active ?? []).map(({ name }: { name: string }) => name).join(', ');
  return {
    fields: facts(
      ['Schedule', [spec.schedule, spec.timeZone].filter(Boolean).join(' ')],
      ['Suspended', spec.suspend === true ? 'yes' : 'no'],
      ['Last run', status.lastScheduleTime && `${ago(status.lastScheduleTime, now)} ago`],
      ['Last success', status.lastSuccessfulTime ? `${ago(status.lastSuccessfulTime, now)} ago` : 'none known'],
      ['Running now', active || 'nothing'],
      ['Concurrency', spec.concurrencyPolicy],
      ['Image', imagesOf(spec.jobTemplate?.spec?.template ?? {}).join(', ')],
      ['Age', ago(metadata.creationTimestamp, now)],
    ),
    sections: [],
  };
}

function withPods(object: KubeObject, beside: Beside, first: readonly (readonly [string, unknown])[]): Description {
  const { now } = beside;
  return {
    fields: [
      ...facts(...first),
      ...facts(['Age', ago(object.metadata.creationTimestamp, now)]),
      ...changeFacts(object, now),
      ...facts(['Image', imagesOf(templateOf(object)).join(', ')]),
    ],
    sections: [...section('Pods', podLines(beside.pods)), ...section('Conditions', conditionLines(object, now))],
  };
}

/** Who changed it last; controllers write there, too, but nobody asks about them. */
function changeFacts(object: KubeObject, now: number): readonly Fact[] {
  const byPeople = (object.metadata.managedFields ?? []).filter(({ manager }) => manager !== 'kube-controller-manager');
  const last = lastChange({ metadata: { managedFields: byPeople } });
  return last ? facts(['Last changed', `${ago(last.time, now)} ago by ${last.manager}`]) : [];
}
