import { note, writeStatus } from '../controllers/act.ts';
import { clone, controllerOf, hashOf, type Json, type Obj } from '../object.ts';
import type { World } from '../world.ts';
import { durationOf, faultOf, isMissingImage, isNodeUp } from './faults.ts';
import { conditionsOf, endSidecars, phaseOf } from './pod-status.ts';

const AGENT = 'kubelet';
const PULL_MS = 500;
const CRASH_MS = 700;
const JOB_MS = 2_000;
const FIRST_BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 300_000;

/**
 * One pod's containers, from pull to run to crash to back-off.
 *
 *   ContainerCreating ──pull──▶ running ──▶ ready
 *        │                        │ exit
 *        ▼                        ▼
 *   ErrImagePull ⇄ ImagePullBackOff   terminated ──▶ CrashLoopBackOff ──▶ running …
 *
 * Every step reads the pod again, so that a mended image or a removed fault takes effect at the next try.
 */
export class PodLife {
  readonly #world: World;
  readonly #namespace: string;
  readonly #name: string;
  readonly #uid: string;
  readonly #timers = new Set<() => void>();
  #isOver = false;

  constructor(world: World, pod: Obj) {
    this.#world = world;
    this.#namespace = pod.metadata.namespace as string;
    this.#name = pod.metadata.name;
    this.#uid = pod.metadata.uid;
  }

  start(): void {
    this.#init(0);
  }

  stop(): void {
    this.#isOver = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** The node is back: readiness is reported again. */
  resume(): void {
    this.#write((status) => {
      for (const one of status.containerStatuses ?? []) one.ready = Boolean(one.state?.running);
    });
  }

  #pod(): Obj | undefined {
    if (this.#isOver) return undefined;
    const pod = this.#world.store.get('pods', this.#namespace, this.#name);
    return pod?.metadata.uid === this.#uid ? pod : undefined;
  }

  #after(ms: number, step: (pod: Obj) => void): void {
    const cancel = this.#world.after(ms, () => {
      this.#timers.delete(cancel);
      const pod = this.#pod();
      if (!pod || pod.metadata.deletionTimestamp) return;
      // A node that is gone takes no steps; it goes on when it is back.
      if (!isNodeUp(this.#world, pod)) return this.#after(1_000, step);
      step(pod);
    });
    this.#timers.add(cancel);
  }

  #init(index: number): void {
    const pod = this.#pod();
    if (!pod) return;
    const container = pod.spec.initContainers?.[index];
    if (!container) {
      for (const one of pod.spec.containers) this.#pull(pod, one.name, true);
      return;
    }
    this.#after(PULL_MS, () => {
      const startedAt = this.#world.timestamp();
      const containerID = idOf(this.#uid, container.name, 0);
      const isSidecar = container.restartPolicy === 'Always';
      this.#edit('initContainerStatuses', container.name, (status) => {
        const ended = { exitCode: 0, reason: 'Completed', startedAt, finishedAt: startedAt, containerID };
        status.state = isSidecar ? { running: { startedAt } } : { terminated: ended };
        status.ready = true;
        status.started = isSidecar;
      });
      if (index + 1 === pod.spec.initContainers.length) {
        this.#write((status) => {
          for (const one of status.containerStatuses) one.state = { waiting: { reason: 'ContainerCreating' } };
        });
      }
      this.#init(index + 1);
    });
  }

  #pull(pod: Obj, name: string, isFirst: boolean): void {
    const image = imageOf(pod, name);
    this.#say(pod, name, 'Pulling', `Pulling image "${image}"`);
    const fault = faultOf(pod);
    const firstMs = fault?.name === 'slow-pull' ? durationOf(fault.value, PULL_MS) : PULL_MS;
    this.#after(isFirst ? firstMs : 100, (current) => {
      const wanted = imageOf(current, name);
      if (faultOf(current)?.name === 'bad-image' || isMissingImage(wanted))
        return this.#failPull(current, name, wanted);
      this.#say(
        current,
        name,
        'Pulled',
        `Successfully pulled image "${wanted}" in ${PULL_MS}ms (${PULL_MS}ms including waiting). Image size: 31457280 bytes.`,
      );
      this.#run(current, name);
    });
  }

  #failPull(pod: Obj, name: string, image: string, tries = 0): void {
    const reference =
      image.includes('/') && /[.:]/.test(image.split('/')[0] as string)
        ? image
        : `docker.io/${image.includes('/') ? '' : 'library/'}${image}`;
    const cause = `failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": ${reference}: not found`;
    this.#say(
      pod,
      name,
      'Failed',
      `Failed to pull image "${image}": rpc error: code = NotFound desc = ${cause}`,
      'Warning',
    );
    this.#say(pod, name, 'Failed', 'Error: ErrImagePull', 'Warning');
    this.#edit('containerStatuses', name, (status) => {
      status.state = { waiting: { reason: 'ErrImagePull', message: `rpc error: code = NotFound desc = ${cause}` } };
    });
    this.#after(1_000, (current) => {
      this.#say(current, name, 'BackOff', `Back-off pulling image "${image}"`);
      this.#say(current, name, 'Failed', 'Error: ImagePullBackOff', 'Warning');
      this.#edit('containerStatuses', name, (status) => {
        status.state = {
          waiting: {
            reason: 'ImagePullBackOff',
            message: `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = ${cause}`,
          },
        };
      });
    });
    const wait = Math.min(FIRST_BACK_OFF_MS * 2 ** tries, LONGEST_BACK_OFF_MS);
    this.#after(wait, (current) => {
      const now = imageOf(current, name);
      const isBad = faultOf(current)?.name === 'bad-image' || isMissingImage(now);
      if (isBad) this.#failPull(current, name, now, tries + 1);
      else this.#pull(current, name, false);
    });
  }

  #run(pod: Obj, name: string): void {
    const image = imageOf(pod, name);
    this.#say(pod, name, 'Created', `Container created`);
    this.#say(pod, name, 'Started', `Container started`);
    const fault = faultOf(pod);
    const slowMs = fault?.name === 'slow-start' ? durationOf(fault.value, 5_000) : 0;
    const probe = pod.spec.containers.find((one: Json) => one.name === name)?.readinessProbe;
    const readyMs = slowMs || (probe ? (probe.initialDelaySeconds ?? 0) * 1_000 + 200 : 0);
    this.#edit('containerStatuses', name, (status) => {
      status.state = { running: { startedAt: this.#world.timestamp() } };
      status.containerID = idOf(this.#uid, name, status.restartCount);
      status.image = image;
      status.imageID = `docker.io/library/${image.split(':')[0]}@sha256:${hashOf(image).padEnd(64, '0')}`;
      status.started = true;
      status.ready = readyMs === 0;
    });
    const exit = exitOf(pod, name);
    if (exit) this.#after(exit.afterMs, (current) => this.#exit(current, name, exit));
    if (exit || readyMs === 0) return;
    if (slowMs > 0)
      this.#say(pod, name, 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503', 'Warning');
    this.#after(readyMs, () => {
      this.#edit('containerStatuses', name, (status) => {
        status.ready = Boolean(status.state?.running);
      });
    });
  }

  #exit(pod: Obj, name: string, exit: Exit): void {
    const now = this.#world.timestamp();
    let restarts = 0;
    this.#edit('containerStatuses', name, (status) => {
      restarts = status.restartCount;
      const { containerID } = status;
      const startedAt = status.state?.running?.startedAt ?? now;
      status.state = {
        terminated: { exitCode: exit.code, reason: exit.reason, startedAt, finishedAt: now, containerID },
      };
      status.ready = false;
      status.started = false;
    });
    const policy = pod.spec.restartPolicy;
    if (policy === 'Never' || (policy === 'OnFailure' && exit.code === 0)) return;
    const wait = restarts === 0 ? 0 : Math.min(FIRST_BACK_OFF_MS * 2 ** (restarts - 1), LONGEST_BACK_OFF_MS);
    if (wait > 0) this.#after(300, (current) => this.#backOff(current, name, wait));
    this.#after(wait + 400, (current) => {
      this.#edit('containerStatuses', name, (status) => {
        if (status.state?.terminated) status.lastState = status.state;
        status.restartCount += 1;
      });
      this.#say(current, name, 'Pulled', `Container image "${imageOf(current, name)}" already present on machine`);
      this.#run(current, name);
    });
  }

  #backOff(pod: Obj, name: string, waitMs: number): void {
    const where = `pod=${this.#name}_${this.#namespace}(${this.#uid})`;
    const text =
      waitMs >= 60_000 ? `${Math.floor(waitMs / 60_000)}m${(waitMs % 60_000) / 1_000}s` : `${waitMs / 1_000}s`;
    this.#edit('containerStatuses', name, (status) => {
      if (status.state?.terminated) status.lastState = status.state;
      status.state = {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off ${text} restarting failed container=${name} ${where}`,
        },
      };
    });
    this.#say(
      pod,
      name,
      'BackOff',
      `Back-off restarting failed container ${name} in pod ${this.#name}_${this.#namespace}(${this.#uid})`,
      'Warning',
    );
  }

  #edit(list: 'containerStatuses' | 'initContainerStatuses', name: string, edit: (status: Json) => void): void {
    this.#write((status) => {
      const one = status[list]?.find((candidate: Json) => candidate.name === name);
      if (one) edit(one);
    });
  }

  #write(edit: (status: Json) => void): void {
    const pod = this.#pod();
    if (!pod) return;
    const status = clone(pod.status);
    edit(status);
    status.phase = phaseOf(pod, status);
    endSidecars(pod, status, this.#world.timestamp());
    status.conditions = conditionsOf(this.#world, status);
    writeStatus(this.#world, 'pods', pod, status, AGENT);
  }

  #say(pod: Obj, container: string, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void {
    const fieldPath = `spec.containers{${container}}`;
    note(this.#world, { about: pod, type, reason, message, component: AGENT, host: pod.spec.nodeName, fieldPath });
  }
}

interface Exit {
  code: number;
  reason: 'OOMKilled' | 'Error' | 'Completed';
  afterMs: number;
}

/** How a container will end by itself; undefined when it runs on. */
function exitOf(pod: Obj, container: string): Exit | undefined {
  const fault = faultOf(pod);
  const restarts = pod.status?.containerStatuses?.find(({ name }: Json) => name === container)?.restartCount ?? 0;
  if (fault?.name === 'crash-loop' || (fault?.name === 'crashes' && restarts < Number(fault.value)))
    return { code: 1, reason: 'Error', afterMs: CRASH_MS };
  if (fault?.name === 'oom') return { code: 137, reason: 'OOMKilled', afterMs: CRASH_MS };
  if (fault?.name === 'exit') {
    const code = Number(fault.value) || 0;
    return { code, reason: code === 0 ? 'Completed' : 'Error', afterMs: CRASH_MS };
  }
  if (fault?.name === 'stays') return undefined;
  return controllerOf(pod)?.kind === 'Job' ? { code: 0, reason: 'Completed', afterMs: JOB_MS } : undefined;
}

function imageOf(pod: Obj, name: string): string {
  return pod.spec.containers.find((one: Json) => one.name === name)?.image ?? '';
}

function idOf(uid: string, name: string, restarts: number): string {
  return `containerd://${hashOf([uid, name, restarts]).padEnd(64, hashOf(uid))}`;
}
