import type { Json, Obj } from '../object.ts';
import { badRequest, invalid, notFound } from '../status.ts';
import type { World } from '../world.ts';

export interface LogLine {
  time: number;
  text: string;
}

/**
 * A container's log as text: generated from its life, so that a crash reads like a crash.
 * @throws ApiError 404; 400 with the kubelet's own words when there is nothing to read.
 */
export function readLog(
  world: World,
  namespace: string,
  name: string,
  query: URLSearchParams,
): { text: string; container: string; pod: Obj } {
  const pod = world.store.get('pods', namespace, name);
  if (!pod) throw notFound({ group: '', plural: 'pods' }, name);
  const tail = wholeNumber(query, 'tailLines');
  const since = wholeNumber(query, 'sinceSeconds');
  const limitBytes = wholeNumber(query, 'limitBytes');
  const container = chosenContainer(pod, query.get('container'));
  const lines = linesOf(world, pod, container, query.get('previous') === 'true');
  const sinceTime = query.get('sinceTime');
  const from = since !== undefined ? world.clock() - since * 1_000 : sinceTime ? Date.parse(sinceTime) : 0;
  let chosen = lines.filter((line) => line.time >= from);
  if (tail !== undefined) chosen = tail === 0 ? [] : chosen.slice(-tail);
  const text = chosen.map((line) => `${printLine(line, query.get('timestamps') === 'true')}\n`).join('');
  return {
    text: limitBytes === undefined ? text : Buffer.from(text).subarray(0, limitBytes).toString(),
    container,
    pod,
  };
}

export function printLine(line: LogLine, hasTimestamp: boolean): string {
  return hasTimestamp ? `${new Date(line.time).toISOString().replace('Z', '000000Z')} ${line.text}` : line.text;
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  const least = name === 'tailLines' ? 0 : 1;
  if (!Number.isInteger(value) || value < least) {
    throw invalid('', 'PodLogOptions', '', [
      {
        field: name,
        type: 'Invalid value',
        value,
        detail: `must be greater than ${least === 0 ? 'or equal to 0' : '0'}`,
      },
    ]);
  }
  return value;
}

function chosenContainer(pod: Obj, asked: string | null): string {
  const names = (list: Json[] | undefined): string[] => (list ?? []).map((container) => container.name);
  const main = names(pod.spec.containers);
  const init = names(pod.spec.initContainers);
  if (asked) {
    if (![...main, ...init].includes(asked))
      throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
    return asked;
  }
  if (main.length === 1 && init.length === 0) return main[0] as string;
  if (main.length === 1) return main[0] as string;
  const initText = init.length > 0 ? ` or one of the init containers: [${init.join(' ')}]` : '';
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${main.join(' ')}]${initText}`,
  );
}

function linesOf(world: World, pod: Obj, container: string, isPrevious: boolean): LogLine[] {
  const { name } = pod.metadata;
  if (!pod.spec.nodeName) return [];
  const statuses: Json[] = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  const status = statuses.find((one) => one.name === container);
  const previous = status?.lastState?.terminated;
  if (isPrevious) {
    if (!previous) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
    return generate(pod, container, Date.parse(previous.startedAt), Date.parse(previous.finishedAt), previous);
  }
  const { running, terminated, waiting } = status?.state ?? {};
  if (running) return generate(pod, container, Date.parse(running.startedAt), world.clock(), undefined);
  const over = terminated ?? previous;
  if (over) return generate(pod, container, Date.parse(over.startedAt), Date.parse(over.finishedAt), over);
  const reason = waiting?.reason ?? 'ContainerCreating';
  const why: Record<string, string> = {
    ImagePullBackOff: 'trying and failing to pull image',
    ErrImagePull: "image can't be pulled",
  };
  throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${why[reason] ?? reason}`);
}

const LINES_KEPT = 400;
const LINE_EVERY_MS = 5_000;

function generate(pod: Obj, container: string, startedAt: number, endedAt: number, over: Json): LogLine[] {
  const lines: LogLine[] = [
    { time: startedAt, text: `level=info msg="starting ${container}" pod=${pod.metadata.name}` },
    { time: startedAt + 1, text: 'level=info msg="configuration loaded"' },
  ];
  if (!over || over.exitCode === 0) lines.push({ time: startedAt + 2, text: 'level=info msg="listening" addr=:8080' });
  const first = Math.max(1, Math.ceil((endedAt - startedAt) / LINE_EVERY_MS) - LINES_KEPT);
  for (let n = first; startedAt + n * LINE_EVERY_MS < endedAt; n++) {
    lines.push({
      time: startedAt + n * LINE_EVERY_MS,
      text: `level=info msg="request served" method=GET path=/ status=200 n=${n}`,
    });
  }
  if (over && over.reason === 'OOMKilled')
    lines.push({ time: endedAt, text: 'level=warn msg="heap close to its limit" used=97%' });
  else if (over && over.exitCode !== 0) {
    lines.push({ time: endedAt, text: `level=fatal msg="cannot go on" error="practice fault" exit=${over.exitCode}` });
  } else if (over) lines.push({ time: endedAt, text: 'level=info msg="done"' });
  return lines;
}

/** What a follower has not seen yet, and whether the container is over. */
export function linesAfter(
  world: World,
  pod: Obj,
  container: string,
  after: number,
  hasTimestamps: boolean,
): { text: string; isOver: boolean } {
  const status = (pod.status?.containerStatuses ?? []).find((one: Json) => one.name === container);
  const isOver = !status?.state?.running;
  const lines = isOver ? [] : linesOf(world, pod, container, false).filter((line) => line.time > after);
  return { text: lines.map((line) => `${printLine(line, hasTimestamps)}\n`).join(''), isOver };
}
