import {
  CONFIG_REASONS,
  containersOf,
  IMAGE_REASONS,
  isCannotStart,
  lastTermination,
  type PodContainer,
} from '../reading/containers.ts';
import { exitText, isOutOfMemory, isStatusUnknown, lastWords } from '../reading/exit-codes.ts';
import { notReadySince } from '../reading/nodes.ts';
import { isPerfect } from '../reading/pods.ts';
import { latestFailure, probeOf, probeText } from '../reading/probes.ts';
import { conditionNamed, isReady } from '../reading/rollouts.ts';
import { noFitText } from '../reading/scheduling.ts';
import { configText, imageText } from '../reading/waiting.ts';
import { CAUSE_CLASSES, type CauseClass, type Shared } from '../rule.ts';
import type { SeenPod } from '../seen/pod.ts';
import type { SeenEvent } from '../seen/surroundings.ts';
import type { Sight } from '../sight.ts';

/** Why a pod does not come up, as far as it tells itself. */
export interface PodFault {
  readonly causeClass: CauseClass;
  /** `image "shop/web:9" cannot be pulled: not found (docker.io)`. */
  readonly what: string;
  readonly container?: string | undefined;
  /**
   * `no`: it cannot come up unless somebody acts (image, configuration, init container, command that cannot run);
   * `unlikely`: it has tried again and again; `perhaps`: it may only need time.
   */
  readonly recovers: 'no' | 'unlikely' | 'perhaps';
  /** How often its container was started again in vain; absent where that means nothing. */
  readonly failures?: number | undefined;
  readonly shares: Shared;
}

/** A container that failed so often in a row will hardly start by itself. */
const TRIES = 3;

/**
 * The fault of a pod that is highest in the cause tree; undefined for a pod that is well, on its way out, or says nothing.
 * @param sight for its events and its node.
 */
export function podFault(pod: SeenPod, sight: Sight): PodFault | undefined {
  if (pod.metadata.deletionTimestamp !== undefined || isPerfect(pod)) return undefined;
  const isWell = isReady(pod);
  const events = sight.events(pod.metadata.uid);
  const found = [
    ...containersOf(pod).flatMap((one) => containerFault(one, pod, events) ?? []),
    ...(isWell
      ? []
      : [unschedulable(pod), ended(pod), volume(pod, events), lostNode(pod, sight), unready(pod, events)]),
  ].filter((fault) => fault !== undefined);
  return found.reduce<PodFault | undefined>(
    (best, fault) => (best && place(best) <= place(fault) ? best : fault),
    undefined,
  );
}

/** Its place in the tree: lower ones are headlines. */
export function place({ causeClass }: { readonly causeClass: CauseClass }): number {
  return CAUSE_CLASSES.indexOf(causeClass);
}

function containerFault(one: PodContainer, pod: SeenPod, events: readonly SeenEvent[]): PodFault | undefined {
  const { waiting } = one.status.state;
  const container = one.name;
  if (waiting && IMAGE_REASONS.has(waiting.reason)) {
    const { cause, shares } = imageText(one.image, waiting, events, pod.spec.nodeName);
    return { causeClass: 'image', what: cause, container, recovers: 'no', shares };
  }
  if (waiting && CONFIG_REASONS.has(waiting.reason))
    return {
      causeClass: 'config',
      what: `${configText(waiting)} (container ${container})`,
      container,
      recovers: 'no',
      shares: {},
    };
  return one.status.ready ? undefined : terminationFault(one);
}

/** What the latest run of a container that is not ready ended with. */
function terminationFault(one: PodContainer): PodFault | undefined {
  const { status, role, name: container, step, steps } = one;
  const last = lastTermination(status);
  if (!last || isStatusUnknown(last) || (last.exitCode === 0 && role === 'init')) return undefined;
  const how = withWords(exitText(last), lastWords(last.message));
  const recovers = status.restartCount >= TRIES ? 'unlikely' : 'perhaps';
  const fault = (causeClass: CauseClass, what: string, chance: PodFault['recovers'] = recovers): PodFault => ({
    causeClass,
    what,
    container,
    recovers: chance,
    failures: status.restartCount,
    shares: {},
  });
  if (isCannotStart(last)) return fault('config', `container ${container} cannot start: ${how}`, 'no');
  if (role === 'init') return fault('init', `init container ${container} (${step} of ${steps}) fails: ${how}`, 'no');
  if (role === 'sidecar') return fault('init', `sidecar ${container} fails: ${how}`);
  if (isOutOfMemory(last)) return fault('oom', `container ${container} runs out of memory${limitOf(one)}`);
  if (last.exitCode === 0)
    return fault('crash', `container ${container} ends by itself (exit code 0) and is started again`);
  return fault('crash', `container ${container} crashes: ${how}`);
}

function withWords(text: string, words: string): string {
  return words === '' ? text : `${text}: ${words}`;
}

function limitOf({ spec }: PodContainer): string {
  return spec.limits.memory ? ` (limit ${spec.limits.memory})` : '';
}

function unschedulable(pod: SeenPod): PodFault | undefined {
  const scheduled = conditionNamed(pod.status.conditions, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  return { causeClass: 'unschedulable', what: noFitText(scheduled.message), recovers: 'perhaps', shares: {} };
}

/** Evicted, refused by the kubelet, out of time. */
function ended(pod: SeenPod): PodFault | undefined {
  const { phase, reason, message } = pod.status;
  if (phase !== 'Failed') return undefined;
  const what = withWords(`pod has failed${reason ? ` (${reason})` : ''}`, lastWords(message));
  return { causeClass: 'other', what, recovers: 'perhaps', shares: nodeOf(pod) };
}

const VOLUME_EVENTS: Readonly<Record<string, string>> = {
  FailedAttachVolume: 'volume cannot be attached',
  FailedMount: 'volume cannot be mounted',
  FailedMapVolume: 'volume cannot be mapped',
  FailedCreatePodSandBox: 'pod sandbox cannot be created',
};

function volume(pod: SeenPod, events: readonly SeenEvent[]): PodFault | undefined {
  const isStarting = containersOf(pod).some(({ status }) =>
    ['ContainerCreating', 'PodInitializing'].includes(status.state.waiting?.reason ?? ''),
  );
  const event = isStarting ? events.find(({ reason }) => reason in VOLUME_EVENTS) : undefined;
  if (!event) return undefined;
  const what = `${VOLUME_EVENTS[event.reason]}: ${lastWords(event.message)}`;
  return { causeClass: 'volume', what, recovers: 'perhaps', shares: nodeOf(pod) };
}

function lostNode(pod: SeenPod, sight: Sight): PodFault | undefined {
  const name = pod.spec.nodeName;
  const node = name === undefined ? undefined : sight.get('Node', '', name);
  if (!node || notReadySince(node) === undefined) return undefined;
  return {
    causeClass: 'node',
    what: `node ${node.metadata.name} is not ready`,
    recovers: 'perhaps',
    shares: nodeOf(pod),
  };
}

/** Runs, but its probes do not let it serve. */
function unready(pod: SeenPod, events: readonly SeenEvent[]): PodFault | undefined {
  const one = containersOf(pod).find(({ role, status }) => role === 'main' && status.state.running && !status.ready);
  if (pod.status.phase !== 'Running' || !one) return undefined;
  const failure = latestFailure(events, ['startup', 'readiness', 'liveness']);
  const kind = failure?.kind ?? (one.spec.startupProbe && !one.status.started ? 'startup' : 'readiness');
  const probe = probeOf(one, kind);
  const what = probe || failure ? probeText(kind, probe, failure) : 'is not ready';
  return {
    causeClass: 'probe',
    what: `container ${one.name}: ${what}`,
    container: one.name,
    recovers: 'perhaps',
    shares: {},
  };
}

function nodeOf(pod: SeenPod): Shared {
  return pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName };
}
