import type { SeenContainer, SeenContainerStatus, SeenPod, SeenTermination } from '../seen/pod.ts';

/** `init` runs to its end before the pod starts, `sidecar` is an init container with `restartPolicy: Always`, `main` is every other. */
export type ContainerRole = 'init' | 'sidecar' | 'main';

/** A container as the pod asks for it and as it is. */
export interface PodContainer {
  readonly name: string;
  readonly role: ContainerRole;
  /** As the pod asks for it; the status may name it differently (a digest). */
  readonly image: string;
  readonly spec: SeenContainer;
  readonly status: SeenContainerStatus;
  /** Its place among the init containers, from 1, and how many they are; 0 of 0 for main ones. */
  readonly step: number;
  readonly steps: number;
}

/** The containers of a pod that have a status yet, init containers first. */
export function containersOf(pod: SeenPod): readonly PodContainer[] {
  const { initContainers, containers } = pod.spec;
  const { initContainerStatuses, containerStatuses } = pod.status;
  const first = initContainers.flatMap((spec, index) =>
    joined(spec, initContainerStatuses, spec.restartPolicy === 'Always' ? 'sidecar' : 'init', {
      step: index + 1,
      steps: initContainers.length,
    }),
  );
  const rest = containers.flatMap((spec) => joined(spec, containerStatuses, 'main', { step: 0, steps: 0 }));
  return [...first, ...rest];
}

function joined(
  spec: SeenContainer,
  statuses: readonly SeenContainerStatus[],
  role: ContainerRole,
  place: { readonly step: number; readonly steps: number },
): readonly PodContainer[] {
  const status = statuses.find(({ name }) => name === spec.name);
  return status ? [{ name: spec.name, role, image: spec.image || status.image, spec, status, ...place }] : [];
}

export function mainContainers(pod: SeenPod): readonly PodContainer[] {
  return containersOf(pod).filter(({ role }) => role === 'main');
}

/** How its latest run ended: the one that just ended, else the one before the present run. */
export function lastTermination(status: SeenContainerStatus): SeenTermination | undefined {
  return status.state.terminated ?? status.lastState.terminated;
}

/** Since when it runs without a break, epoch ms; undefined when it does not run. */
export function runningSince(status: SeenContainerStatus): number | undefined {
  return status.state.running?.startedAt;
}

/** Waiting reasons that are one and the same trouble: kubelet goes to and fro between them (kubelet/images/types.go). */
export const IMAGE_REASONS: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'RegistryUnavailable',
  'ImageInspectError',
  'ErrImageNeverPull',
  'InvalidImageName',
  'SignatureValidationFailed',
]);

/** Waiting reasons of a container that cannot be made from its configuration, or whose hook fails (kubelet/container, kuberuntime). */
export const CONFIG_REASONS: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
]);

/** The runtime's own words for a command that never ran. */
const CANNOT_START_REASONS: ReadonlySet<string> = new Set(['ContainerCannotRun', 'StartError']);

/** A run that was longer than this did start, whatever code it ended with, ms. */
const STARTED_MS = 60_000;

/** The command itself could not be run: not found, not executable, refused by the runtime. */
export function isCannotStart(termination: SeenTermination | undefined): boolean {
  if (termination === undefined) return false;
  if (CANNOT_START_REASONS.has(termination.reason)) return true;
  const isStartCode = termination.exitCode >= 126 && termination.exitCode <= 128;
  return isStartCode && termination.finishedAt - termination.startedAt <= STARTED_MS;
}

/** A message that says how long the kubelet waits before the next start: `back-off 2m40s restarting failed container=…`. */
const BACK_OFF = /back-off ((?:\d+h)?(?:\d+m)?(?:\d+s)?) restarting/;

/** The kubelet's present back-off as it writes it, `2m40s`; '' when the message does not tell. */
export function backOffText(message: string): string {
  return BACK_OFF.exec(message)?.[1] ?? '';
}

/**
 * How many restarts in close succession a back-off stands for: it doubles from 10 s up to 5 min. At least 1; undefined when the
 * message does not tell. A node may cap it lower (KEP-5593), so it is a lower bound.
 */
export function backOffRestarts(message: string): number | undefined {
  const text = backOffText(message);
  if (text === '') return undefined;
  const seconds = [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (unit === 'h' ? 3_600 : unit === 'm' ? 60 : 1),
    0,
  );
  return seconds < 10 ? 1 : Math.min(6, Math.ceil(Math.log2(seconds / 10)) + 1);
}
