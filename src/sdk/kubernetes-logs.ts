import { NotFoundError, UsageError } from '../errors.ts';
import { badContainer, podToLookAt, statusesOf } from '../kubernetes/bad-pods.ts';
import type { Cluster, KubeObject, Resource } from '../kubernetes/cluster.ts';
import { listObjects } from '../kubernetes/list.ts';
import { objectName, qualifiedPlural } from '../kubernetes/names.ts';
import { chosenContainer, MAX_TAIL, readLog } from '../kubernetes/pod-logs.ts';
import { resolveOne, targetsOf } from '../kubernetes/type-args.ts';
import { readWorkload, selectorText } from '../kubernetes/workload.ts';
import type { CommandContext } from '../pipeline/definition.ts';
import { redactText } from '../redact/text.ts';

export interface LogArgs {
  /** `POD [CONTAINER]` or `TYPE/NAME [CONTAINER]`. */
  readonly what: readonly string[];
  readonly container?: string | undefined;
  readonly tail?: number | undefined;
  readonly previous: boolean;
  readonly since?: number | undefined;
  readonly timestamps: boolean;
  readonly grep?: string | undefined;
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
}

export interface PodLog {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly lines: readonly string[];
  /** How many lines were searched; that many were read. */
  readonly searched: number;
  readonly isCut: boolean;
  /** What kubectl writes beside the log, and what helps. */
  readonly notes: readonly string[];
}

export const DEFAULT_TAIL = 50;
const SEARCHED_TAIL = 2_000;
const LOG_BYTES = 1024 * 1024;
const PODS = { group: '', version: 'v1', plural: 'pods', singular: 'pod', kind: 'Pod', namespaced: true };

/** What stands for the object and what for the container. @throws UsageError when there is nothing or too much. */
export function logWords({ what, container }: Pick<LogArgs, 'what' | 'container'>): {
  readonly type: string | undefined;
  readonly name: string;
  readonly container: string | undefined;
} {
  const [object, second, ...more] = what;
  const example = 'For example /k8s logs web-7c9d5 or /k8s logs deploy/web';
  if (object === undefined)
    throw new UsageError("error: expected 'logs (POD | TYPE/NAME) [CONTAINER_NAME]'.", { hint: example });
  if (more.length > 0) throw new UsageError('One pod or workload at a time.', { hint: example });
  if (second !== undefined && container !== undefined)
    throw new UsageError('error: only one of -c or an inline [CONTAINER] arg is allowed');
  if (!object.includes('/')) return { type: undefined, name: object, container: container ?? second };
  const [target] = targetsOf([object]);
  return { type: target?.type, name: target?.name ?? '', container: container ?? second };
}

/** Reads the end of a log, with whatever looks like a secret hidden before anything is searched or shown. */
export async function readPodLog(args: LogArgs, { clusters, signal }: CommandContext): Promise<PodLog> {
  const asked = logWords(args);
  const cluster = clusters.get(args.cluster);
  const namespace = args.namespace ?? cluster.defaultNamespace;
  const { pod, note } = await podOf(cluster, namespace, asked, signal);
  const chosen = chosenContainer(pod, asked.container);
  const tail = args.tail ?? (args.grep === undefined ? DEFAULT_TAIL : SEARCHED_TAIL);
  const name = pod.metadata.name ?? '';
  const log = await readLog(
    cluster,
    { namespace, name },
    {
      container: chosen.container,
      tail: Math.min(tail, MAX_TAIL),
      isPrevious: args.previous,
      sinceSeconds: args.since === undefined ? undefined : args.since / 1_000,
      hasTimestamps: args.timestamps,
      bytes: LOG_BYTES,
      signal,
    },
  );
  const lines = redactText(log.lines.join('\n'))
    .split('\n')
    .slice(log.lines.length === 0 ? 1 : 0);
  return {
    cluster,
    namespace,
    pod: name,
    container: chosen.container,
    lines: args.grep === undefined ? lines : lines.filter(matching(args.grep)),
    searched: lines.length,
    isCut: log.isCut,
    notes: [...(note ? [note] : []), ...(chosen.note ? [chosen.note] : []), ...hints(pod, chosen.container, args)],
  };
}

/** `error|fatal`: any of these texts, in upper or lower case. No patterns: a careless one could stop the bot. */
function matching(grep: string): (line: string) => boolean {
  const wanted = grep
    .toLowerCase()
    .split('|')
    .filter((text) => text !== '');
  return (line) => {
    const lower = line.toLowerCase();
    return wanted.some((text) => lower.includes(text));
  };
}

async function podOf(
  cluster: Cluster,
  namespace: string,
  { type, name, container }: ReturnType<typeof logWords>,
  signal: AbortSignal,
): Promise<{ readonly pod: KubeObject; readonly note?: string }> {
  const resource = type === undefined ? PODS : await resolveOne(cluster, type);
  if (!resource.namespaced) throw noLogs(resource);
  const object = await readWorkload(cluster, { resource, namespace, name }, signal).catch((error: unknown) => {
    // `logs deploy web` reads a container `web` of a pod `deploy`, as in kubectl; few mean that.
    if (!(error instanceof NotFoundError) || type !== undefined || container === undefined) throw error;
    throw new NotFoundError(error.message, { hint: `For a workload write TYPE/NAME: ${name}/${container}` });
  });
  if (resource.kind === 'Pod' && resource.group === '') return { pod: object };
  const pods = await podsBehind(cluster, namespace, object, resource, signal);
  const pod = podToLookAt(pods);
  if (!pod)
    throw new NotFoundError(`error: timed out waiting for the condition: ${objectName(resource, name)} has no pods`, {
      hint: `/k8s describe ${objectName(resource, name)} tells why there are none.`,
    });
  return pods.length > 1 ? { pod, note: `Found ${pods.length} pods, using pod/${pod.metadata.name}` } : { pod };
}

async function podsBehind(
  cluster: Cluster,
  namespace: string,
  object: KubeObject,
  resource: Pick<Resource, 'kind' | 'plural' | 'group'>,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const selector = object.spec?.selector;
  // Services and ReplicationControllers have the labels alone.
  const isPlain = selector && selector.matchLabels === undefined && selector.matchExpressions === undefined;
  const labelSelector = selectorText(isPlain ? { matchLabels: selector } : selector);
  if (labelSelector === undefined) throw noLogs(resource);
  return listObjects(cluster, PODS, { namespace, labelSelector, signal });
}

function noLogs(resource: Pick<Resource, 'plural' | 'group'>): UsageError {
  return new UsageError(`error: cannot get the logs from ${qualifiedPlural(resource)}: selector not found`, {
    hint: 'Pods have logs; so have workloads that select pods, such as deploy/web or job/import.',
  });
}

/** What somebody at 3 a.m. would type next. */
function hints(pod: KubeObject, container: string, args: LogArgs): string[] {
  const bad = badContainer(pod);
  const status = statusesOf(pod).find(({ name }) => name === container);
  const found: string[] = [];
  if (bad !== undefined && bad !== container && args.container === undefined)
    found.push(`Container "${bad}" is the one in trouble: add -c ${bad}`);
  if (!args.previous && (status?.restartCount ?? 0) > 0 && status?.lastState?.terminated)
    found.push(
      `It has restarted ${status.restartCount === 1 ? 'once' : `${status.restartCount} times`}: --previous shows how the run before ended.`,
    );
  return found;
}
