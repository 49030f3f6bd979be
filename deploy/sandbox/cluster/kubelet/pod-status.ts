import { withCondition } from '../controllers/pods.ts';
import type { Json, Obj } from '../object.ts';
import type { World } from '../world.ts';
import { faultOf } from './faults.ts';

/** What a kubelet reports when it has just seen a pod: everything waits for ContainerCreating. */
export function starting(world: World, pod: Obj, podIp: string): Json {
  const now = world.timestamp();
  const node = world.store.get('nodes', undefined, pod.spec.nodeName);
  const hostIp =
    node?.status?.addresses?.find((address: Json) => address.type === 'InternalIP')?.address ?? '172.18.0.2';
  const ip = pod.spec.hostNetwork ? hostIp : podIp;
  const hasInit = (pod.spec.initContainers?.length ?? 0) > 0;
  const waiting =
    (reason: string) =>
    (container: Json): Json => ({
      name: container.name,
      state: { waiting: { reason } },
      lastState: {},
      ready: false,
      restartCount: 0,
      image: container.image,
      imageID: '',
      started: false,
    });
  const status: Json = {
    ...pod.status,
    phase: 'Pending',
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: now,
    containerStatuses: pod.spec.containers.map(waiting(hasInit ? 'PodInitializing' : 'ContainerCreating')),
    ...(hasInit ? { initContainerStatuses: pod.spec.initContainers.map(waiting('PodInitializing')) } : {}),
  };
  status.conditions = conditionsOf(world, status);
  return status;
}

/** The pod conditions that follow from its container statuses. */
export function conditionsOf(world: World, status: Json): Json[] {
  const now = world.timestamp();
  const inits: Json[] = status.initContainerStatuses ?? [];
  const all: Json[] = status.containerStatuses ?? [];
  const isThrough = (one: Json): boolean => one.state?.terminated?.exitCode === 0 || Boolean(one.started);
  const isInitialized = inits.every(isThrough) || all.some((one) => one.state?.running ?? one.state?.terminated);
  const isOver = status.phase === 'Succeeded' || status.phase === 'Failed';
  const unready = all.filter((one) => !one.ready).map((one) => one.name);
  const names = `[${unready.join(' ')}]`;
  const probe = { lastProbeTime: null };
  const ready: Json =
    unready.length === 0 && !isOver
      ? { ...probe, status: 'True' }
      : isOver
        ? { ...probe, status: 'False', reason: status.phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed' }
        : {
            ...probe,
            status: 'False',
            reason: 'ContainersNotReady',
            message: `containers with unready status: ${names}`,
          };
  let list = withCondition(
    status.conditions,
    { type: 'PodReadyToStartContainers', ...probe, status: isOver ? 'False' : 'True' },
    now,
  );
  const initialized = isInitialized
    ? {
        type: 'Initialized',
        ...probe,
        status: 'True',
        ...(isOver && status.phase === 'Succeeded' ? { reason: 'PodCompleted' } : {}),
      }
    : {
        type: 'Initialized',
        ...probe,
        status: 'False',
        reason: 'ContainersNotInitialized',
        message: `containers with incomplete status: [${inits
          .filter((one) => !isThrough(one))
          .map((one) => one.name)
          .join(' ')}]`,
      };
  list = withCondition(list, initialized, now);
  list = withCondition(list, { type: 'Ready', ...ready }, now);
  list = withCondition(list, { type: 'ContainersReady', ...ready }, now);
  return withCondition(list, { type: 'PodScheduled', ...probe, status: 'True' }, now);
}

/** The phase that follows from the containers, as `getPhase` in the kubelet computes it. */
export function phaseOf(pod: Obj, status: Json): string {
  const policy = pod.spec.restartPolicy;
  const all: Json[] = status.containerStatuses;
  const inits: Json[] = status.initContainerStatuses ?? [];
  const sidecars = sidecarsOf(pod);
  const steps = inits.filter((one) => !sidecars.has(one.name));
  if (policy === 'Never' && steps.some((one) => one.state?.terminated && one.state.terminated.exitCode !== 0))
    return 'Failed';
  const isRunning = all.some((one) => one.state?.running);
  const hasStarted = (one: Json): boolean =>
    Boolean(one.state?.running || one.state?.terminated || one.lastState?.terminated);
  if (!all.every(hasStarted)) return 'Pending';
  if (isRunning || policy === 'Always') return 'Running';
  const ends = all.map((one) => one.state?.terminated?.exitCode);
  if (ends.every((code) => code === 0)) return 'Succeeded';
  if (policy === 'Never' && ends.every((code) => code !== undefined)) return 'Failed';
  return 'Running';
}

/** Native sidecars are stopped when the pod is through: with 0, or with what `sidecar-exit=255` says. Changes the status. */
export function endSidecars(pod: Obj, status: Json, now: string): void {
  if (status.phase !== 'Succeeded' && status.phase !== 'Failed') return;
  const fault = faultOf(pod);
  const exitCode = fault?.name === 'sidecar-exit' ? Number(fault.value) : 0;
  const sidecars = sidecarsOf(pod);
  for (const one of status.initContainerStatuses ?? []) {
    const { startedAt } = one.state?.running ?? {};
    if (!sidecars.has(one.name) || startedAt === undefined) continue;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    one.state = { terminated: { exitCode, reason, startedAt, finishedAt: now } };
    one.ready = false;
    one.started = false;
  }
}

function sidecarsOf(pod: Obj): ReadonlySet<string> {
  const inits: Json[] = pod.spec.initContainers ?? [];
  return new Set(inits.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
}
