import { NotFoundError, UsageError } from '../errors.ts';
import type { Cluster, KubeObject } from './cluster.ts';

export interface LogQuery {
  readonly container: string;
  /** Lines from the end, 0 to `MAX_TAIL`. */
  readonly tail: number;
  /** Of the run before the last restart. */
  readonly isPrevious?: boolean;
  readonly sinceSeconds?: number | undefined;
  readonly hasTimestamps?: boolean;
  /** At most so many bytes, the newest ones. */
  readonly bytes: number;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface LogText {
  /** Without escape sequences; not redacted yet. */
  readonly lines: readonly string[];
  /** Lines before the first one were left out because of their size. */
  readonly isCut: boolean;
}

export const MAX_TAIL = 5_000;

/** What is read at most to find the newest bytes: the kubelet's own limit cuts the newest off, not the oldest. */
const READ_BYTES = 1024 * 1024;
const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };

/**
 * The end of a container's log.
 * @throws UsageError with a hint where there is nothing to read (not started yet, never restarted); NotFoundError; UnavailableError.
 */
export async function readLog(
  cluster: Cluster,
  pod: { readonly namespace: string; readonly name: string },
  query: LogQuery,
): Promise<LogText> {
  const text = await cluster
    .request<string>({
      resource: PODS,
      namespace: pod.namespace,
      name: pod.name,
      subresource: 'log',
      query: {
        container: query.container,
        tailLines: String(query.tail),
        limitBytes: String(Math.max(READ_BYTES, query.bytes)),
        ...(query.isPrevious && { previous: 'true' }),
        ...(query.sinceSeconds !== undefined && { sinceSeconds: String(Math.max(1, Math.round(query.sinceSeconds))) }),
        ...(query.hasTimestamps && { timestamps: 'true' }),
      },
      answer: 'text',
      accept: 'application/json, */*',
      ...(query.deadlineMs !== undefined && { deadlineMs: query.deadlineMs }),
      signal: query.signal,
    })
    .catch((error: unknown) => {
      throw explained(error, pod.name);
    });
  return newest(plain(text), query.bytes);
}

/** The kubelet's refusals are right and short; what to do about them is ours. */
function explained(error: unknown, pod: string): unknown {
  if (!(error instanceof UsageError) && !(error instanceof NotFoundError)) return error;
  const hint = /previous terminated container/.test(error.message)
    ? 'The container has not restarted, or its earlier run is no longer kept: leave --previous out.'
    : /waiting to start/.test(error.message)
      ? `It has written nothing yet; /k8s describe pod/${pod} tells why it waits.`
      : undefined;
  return hint === undefined ? error : new UsageError(error.message, { hint, cause: error.cause });
}

/** The last whole lines that fit; a single longer one is cut at its end. Pure. */
export function newest(text: string, bytes: number): LogText {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  let size = 0;
  let from = lines.length;
  while (from > 0) {
    size += Buffer.byteLength(lines[from - 1] as string) + 1;
    if (size > bytes) break;
    from -= 1;
  }
  if (from === lines.length && lines.length > 0)
    return {
      lines: [
        Buffer.from(lines.at(-1) as string)
          .subarray(0, bytes)
          .toString('utf8'),
      ],
      isCut: true,
    };
  return { lines: lines.slice(from), isCut: from > 0 };
}

const ESCAPE = String.fromCharCode(0x1b);
const SEQUENCE = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007${ESCAPE}]*(?:\\u0007|${ESCAPE}\\\\)?|[@-Z\\\\-_])`,
  'g',
);
const CONTROL = /(?![\n\t])\p{Cc}/gu;

/** Colours and cursor movements are for terminals; a carriage return would hide what stands before it. */
function plain(text: string): string {
  return text.replace(SEQUENCE, '').replace(/\r\n?/g, '\n').replace(CONTROL, '');
}

/** Names of a pod's containers as kubectl lists them: containers, ephemeral ones, init containers. */
export function containerNames(pod: KubeObject): readonly { readonly name: string; readonly shown: string }[] {
  const of = (list: { name: string }[] | undefined, mark: string) =>
    (list ?? []).map(({ name }) => ({ name, shown: `${name}${mark}` }));
  return [
    ...of(pod.spec?.containers, ''),
    ...of(pod.spec?.ephemeralContainers, ' (ephem)'),
    ...of(pod.spec?.initContainers, ' (init)'),
  ];
}

/**
 * Which container is meant, as kubectl decides: the named one, the pod's `default-container`, the first.
 * @returns with kubectl's note where it was a choice.
 * @throws UsageError for a container that the pod has not.
 */
export function chosenContainer(
  pod: KubeObject,
  asked: string | undefined,
): { readonly container: string; readonly note?: string } {
  const all = containerNames(pod);
  const list = all.map(({ shown }) => shown).join(', ');
  if (asked !== undefined) {
    if (all.some(({ name }) => name === asked)) return { container: asked };
    throw new UsageError(`error: container ${asked} is not valid for pod ${pod.metadata.name} out of: ${list}`);
  }
  const preset = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preset !== undefined && all.some(({ name }) => name === preset)) return { container: preset };
  const container = all[0]?.name ?? '';
  return all.length > 1 ? { container, note: `Defaulted container "${container}" out of: ${list}` } : { container };
}
