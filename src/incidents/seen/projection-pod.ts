import type {
  SeenContainer,
  SeenContainerState,
  SeenContainerStatus,
  SeenPod,
  SeenProbe,
  SeenTermination,
} from './pod.ts';
import { texts, values } from './pool.ts';
import { commonText, conditionsOf, metaOf, sharedNames, textMap } from './projection-object.ts';
import { count, countOrNone, fields, items, message, type Raw, text, time, timeOrNone, written } from './raw.ts';

export function seenPod(raw: Raw): SeenPod {
  const metadata = metaOf('Pod', raw.metadata);
  const spec = fields(raw.spec);
  const status = fields(raw.status);
  return {
    kind: 'Pod',
    metadata,
    spec: {
      nodeName: commonText(spec.nodeName),
      restartPolicy: texts.text(text(spec.restartPolicy)),
      priorityClassName: commonText(spec.priorityClassName),
      schedulingGates: namesIn(spec.schedulingGates, 'name'),
      activeDeadlineSeconds: countOrNone(spec.activeDeadlineSeconds),
      hasImagePullSecrets: items(spec.imagePullSecrets).length > 0,
      claims: claimsOf(spec.volumes, metadata.name),
      readinessGates: namesIn(spec.readinessGates, 'conditionType'),
      containers: containersOf(spec.containers),
      initContainers: containersOf(spec.initContainers),
    },
    status: {
      phase: texts.text(text(status.phase)),
      reason: texts.text(text(status.reason)),
      message: message(status.message),
      nominatedNodeName: commonText(status.nominatedNodeName),
      startTime: timeOrNone(status.startTime),
      conditions: conditionsOf(status.conditions),
      containerStatuses: statusesOf(status.containerStatuses),
      initContainerStatuses: statusesOf(status.initContainerStatuses),
    },
  };
}

const NONE: readonly never[] = Object.freeze([]);

function namesIn(value: unknown, field: string): readonly string[] {
  const all = items(value);
  return all.length === 0 ? NONE : sharedNames(all.map((item) => text(fields(item)[field])));
}

function claimsOf(volumes: unknown, pod: string): readonly string[] {
  let claims: string[] | undefined;
  for (const item of items(volumes)) {
    const claim = claimOf(fields(item), pod);
    if (claim !== '') claims = [...(claims ?? []), claim];
  }
  return claims ?? NONE;
}

/** A generic ephemeral volume has a claim of its own, named after pod and volume. */
function claimOf(volume: Raw, pod: string): string {
  if (volume.persistentVolumeClaim !== undefined) return text(fields(volume.persistentVolumeClaim).claimName);
  return volume.ephemeral === undefined ? '' : `${pod}-${text(volume.name)}`;
}

/** Equal lists of containers are one list: the pods of a workload, its ReplicaSets and its own template share it. */
export function containersOf(value: unknown): readonly SeenContainer[] {
  const all = items(value);
  if (all.length === 0) return NONE;
  const containers = all.map((item) => containerOf(fields(item)));
  return values.share(containers.map(({ name, image }) => `${name} ${image}`).join('\n'), containers);
}

function containerOf(raw: Raw): SeenContainer {
  const resources = fields(raw.resources);
  return {
    name: texts.text(text(raw.name)),
    image: texts.text(text(raw.image)),
    restartPolicy: commonText(raw.restartPolicy),
    requests: textMap(resources.requests),
    limits: textMap(resources.limits),
    livenessProbe: probeOf(raw.livenessProbe),
    readinessProbe: probeOf(raw.readinessProbe),
    startupProbe: probeOf(raw.startupProbe),
  };
}

/** The API's own defaults where a field is absent. */
function probeOf(value: unknown): SeenProbe | undefined {
  if (value === undefined || value === null) return undefined;
  const raw = fields(value);
  return {
    what: texts.text(whatIsProbed(raw)),
    initialDelaySeconds: count(raw.initialDelaySeconds),
    periodSeconds: count(raw.periodSeconds, 10),
    timeoutSeconds: count(raw.timeoutSeconds, 1),
    failureThreshold: count(raw.failureThreshold, 3),
  };
}

const MAX_COMMAND = 120;

function whatIsProbed(raw: Raw): string {
  if (raw.httpGet !== undefined) {
    const http = fields(raw.httpGet);
    const scheme = text(http.scheme).toLowerCase() || 'http';
    return `${scheme} GET :${written(http.port)}${text(http.path) || '/'}`;
  }
  if (raw.tcpSocket !== undefined) return `tcp :${written(fields(raw.tcpSocket).port)}`;
  if (raw.grpc !== undefined) return `grpc :${written(fields(raw.grpc).port)}`;
  if (raw.exec !== undefined)
    return `exec ${items(fields(raw.exec).command).map(text).join(' ').slice(0, MAX_COMMAND)}`;
  return 'unknown';
}

function statusesOf(value: unknown): readonly SeenContainerStatus[] {
  const all = items(value);
  return all.length === 0 ? NONE : all.map((item) => statusOf(fields(item)));
}

function statusOf(raw: Raw): SeenContainerStatus {
  return {
    name: texts.text(text(raw.name)),
    image: texts.text(text(raw.image)),
    ready: raw.ready === true,
    started: raw.started === true,
    restartCount: count(raw.restartCount),
    state: stateOf(raw.state),
    lastState: stateOf(raw.lastState),
  };
}

const NO_STATE: SeenContainerState = Object.freeze({});

function stateOf(value: unknown): SeenContainerState {
  const raw = fields(value);
  if (raw.running !== undefined) return { running: { startedAt: time(fields(raw.running).startedAt) } };
  if (raw.terminated !== undefined) return { terminated: terminationOf(fields(raw.terminated)) };
  if (raw.waiting === undefined) return NO_STATE;
  const waiting = fields(raw.waiting);
  return { waiting: { reason: texts.text(text(waiting.reason)), message: message(waiting.message) } };
}

function terminationOf(raw: Raw): SeenTermination {
  return {
    exitCode: count(raw.exitCode),
    signal: countOrNone(raw.signal),
    reason: texts.text(text(raw.reason)),
    message: message(raw.message),
    startedAt: time(raw.startedAt),
    finishedAt: time(raw.finishedAt),
  };
}
