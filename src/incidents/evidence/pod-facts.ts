import { statusesOf, type Termination } from '../../kubernetes/bad-pods.ts';
import type { KubeObject } from '../../kubernetes/cluster.ts';
import { exitMeaning } from '../../kubernetes/exit-meaning.ts';
import type { Exit, ResourceFacts } from './evidence.ts';

/** How the containers of a pod ended, now and the time before; ends without an error only where nothing else is there. Pure. */
export function exitsOf(pod: KubeObject): readonly Exit[] {
  const all = statusesOf(pod).flatMap(({ name, restartCount = 0, state, lastState }) =>
    [state?.terminated, lastState?.terminated]
      .filter((end): end is Termination => end !== undefined && end !== null)
      .map((end) => exitOf(pod.metadata.name ?? '', name, restartCount, end)),
  );
  const bad = all.filter(({ exitCode, signal }) => exitCode !== 0 || (signal ?? 0) !== 0);
  return (bad.length > 0 ? bad : all).slice(0, 8);
}

function exitOf(pod: string, container: string, restarts: number, end: Termination): Exit {
  const { exitCode, signal, reason = '', finishedAt } = end;
  const at = Date.parse(finishedAt ?? '');
  return {
    pod,
    container,
    exitCode,
    ...(signal ? { signal } : {}),
    reason,
    meaning: exitMeaning(exitCode, reason, signal),
    finishedAt: Number.isNaN(at) ? 0 : at,
    restarts,
  };
}

/** Requests and limits as written: of the container in question, or of all. Pure. */
export function resourcesOf(pod: KubeObject, container: string | undefined): readonly ResourceFacts[] {
  const all: readonly { name: string; resources?: { requests?: Words; limits?: Words } }[] = [
    ...(pod.spec?.containers ?? []),
    ...(pod.spec?.initContainers ?? []),
  ];
  const wanted = all.filter(({ name }) => container === undefined || name === container);
  return wanted.slice(0, 8).map(({ name, resources = {} }) => ({
    container: name,
    requests: resources.requests ?? {},
    limits: resources.limits ?? {},
  }));
}

type Words = Readonly<Record<string, string>>;

/** A node's conditions that are not as they should be. Pure. */
export function troublesOf(node: KubeObject): readonly string[] {
  const conditions: readonly { type?: string; status?: string; reason?: string }[] = node.status?.conditions ?? [];
  return conditions
    .filter(({ type, status }) =>
      type === 'Ready' ? status !== 'True' : status === 'True' && !HARMLESS.has(type ?? ''),
    )
    .map(({ type, status, reason }) => `${type}=${status}${reason ? ` (${reason})` : ''}`)
    .slice(0, 8);
}

/** True is how it should be. */
const HARMLESS = new Set(['EtcdIsVoter', 'NetworkAvailable']);
