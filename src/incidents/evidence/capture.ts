import { statusesOf } from '../../kubernetes/bad-pods.ts';
import type { Cluster, KubeObject } from '../../kubernetes/cluster.ts';
import { eventsAbout } from '../../kubernetes/events.ts';
import { readLog } from '../../kubernetes/pod-logs.ts';
import { redactText } from '../../redact/text.ts';
import type { Clock } from '../../time.ts';
import type { Incident } from '../incident.ts';
import type { EvidenceCode } from '../rule.ts';
import type { ObjectRef, Sight } from '../sight.ts';
import type { Signal } from '../signal.ts';
import { bounded } from './bounded.ts';
import {
  EVENTS_KEPT,
  type EventLine,
  type Evidence,
  LOG_BYTES,
  LOG_LINES,
  type LogTail,
  type NodeFacts,
} from './evidence.ts';
import { createGathering, type Gathering } from './gathering.ts';
import { exitsOf, resourcesOf, troublesOf } from './pod-facts.ts';
import { rootFacts } from './root-facts.ts';
import { readTarget, type Target } from './target.ts';

export interface CaptureDeps {
  readonly cluster: Cluster;
  readonly incident: Incident;
  /** Spares the calls for events, where there is one. */
  readonly sight?: Sight | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Gathers what the rules of this incident's signals ask for, as it is now. Each part has its own few seconds; what fails is told in
 * `missing`. All of it is redacted, and it fits into etcd.
 * @throws only the signal's reason.
 */
export async function captureEvidence(deps: CaptureDeps): Promise<Evidence> {
  const { incident, cluster, clock } = deps;
  const capturedAt = clock();
  const codes = codesOf(incident);
  const gathering = createGathering(deps, new Set(codes));
  const target = await readTarget(gathering, incident);
  const { root, pod, container } = target;
  const [logs, events, node, facts] = await Promise.all([
    logTails(gathering, target),
    eventLines(gathering, incident, target),
    nodeFacts(gathering, target),
    rootFacts(gathering, root, pod),
  ]);
  return bounded({
    incident: incident.id,
    cluster: cluster.name,
    capturedAt,
    codes,
    signals: incident.signals.map(signalName),
    ...(pod && { pod: podRef(pod) }),
    ...(container !== undefined && { container }),
    logs,
    events,
    exits: pod && gathering.wants('X') ? exitsOf(pod) : [],
    images: facts.images,
    template: facts.template,
    node,
    resources: pod && gathering.wants('R') ? resourcesOf(pod, container) : [],
    change: facts.change,
    missing: [...gathering.missing],
  });
}

/** The union of what the signals' rules want. */
export function codesOf({ signals }: Pick<Incident, 'signals'>): readonly EvidenceCode[] {
  return [...new Set(signals.flatMap(({ evidence }) => evidence))];
}

/** Tells signals apart: one more is a reason to look again. */
export function signalName({ rule, object, key }: Signal): string {
  return [rule, object.uid, ...(key === '' ? [] : [key])].join('/');
}

function podRef({ metadata }: KubeObject): ObjectRef {
  const { name = '', namespace = '', uid = '' } = metadata;
  return { apiVersion: 'v1', kind: 'Pod', namespace, name, uid };
}

/** The run that goes on and the one before; in a back-off, where there is only one, that one once. */
async function logTails(gathering: Gathering, { pod, container }: Target): Promise<readonly LogTail[]> {
  if (!pod || container === undefined || !gathering.wants('L')) return [];
  const status = statusesOf(pod).find(({ name }) => name === container);
  const hasEnded = status?.lastState?.terminated !== undefined;
  const isWaiting = status?.state?.waiting !== undefined;
  if (isWaiting && !hasEnded) {
    gathering.lacks(
      `log of ${pod.metadata.name}/${container}`,
      `It has not started: ${status?.state?.waiting?.reason}.`,
    );
    return [];
  }
  const runs = [...(hasEnded ? [true] : []), ...(isWaiting ? [] : [false])];
  const tails = await Promise.all(runs.map((isPrevious) => logTail(gathering, pod, container, isPrevious)));
  return tails.filter((tail) => tail !== undefined && tail.lines.length > 0) as LogTail[];
}

async function logTail(
  gathering: Gathering,
  { metadata: { name = '', namespace = '' } }: KubeObject,
  container: string,
  isPrevious: boolean,
): Promise<LogTail | undefined> {
  const what = `${isPrevious ? 'previous log' : 'log'} of ${name}/${container}`;
  const log = await gathering.part(what, (limits) =>
    readLog(
      gathering.cluster,
      { namespace, name },
      { container, tail: LOG_LINES, isPrevious, bytes: LOG_BYTES, ...limits },
    ),
  );
  if (!log) return undefined;
  // As one text: a key over several lines is seen only so.
  const lines = redactText(log.lines.join('\n')).split('\n');
  return {
    pod: name,
    container,
    isPrevious,
    lines: lines.length === 1 && lines[0] === '' ? [] : lines,
    isCut: log.isCut,
  };
}

async function eventLines(gathering: Gathering, incident: Incident, target: Target): Promise<readonly EventLine[]> {
  if (!gathering.wants('E')) return [];
  const abouts = aboutsOf(incident, target);
  const found = gathering.sight ? seenEvents(gathering.sight, abouts) : await readEvents(gathering, abouts);
  return found.toSorted((a, b) => a.at - b.at).slice(-EVENTS_KEPT);
}

interface About {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** The pod, what controls it (a ReplicaSet is told what it cannot create), the judged objects, the root. At most five. */
function aboutsOf({ root, signals }: Incident, { pod }: Target): readonly About[] {
  const owner = pod?.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const all: About[] = [
    ...(pod ? [podRef(pod)] : []),
    ...(pod && owner ? [{ ...owner, namespace: pod.metadata.namespace ?? '' }] : []),
    root,
    ...signals.map(({ object }) => object),
  ];
  const distinct = new Map(all.filter(({ uid }) => uid !== '').map((one) => [one.uid, one]));
  return [...distinct.values()].slice(0, 5);
}

function seenEvents(sight: Sight, abouts: readonly About[]): EventLine[] {
  return abouts.flatMap(({ kind, name, uid }) =>
    sight
      .events(uid)
      .filter(({ type }) => type === 'Warning')
      .map(({ reason, message, count, lastTimestamp }) => ({
        ...{ object: `${kind}/${name}`, reason, message: message.slice(0, 1_000), count },
        at: lastTimestamp,
      })),
  );
}

async function readEvents(gathering: Gathering, abouts: readonly About[]): Promise<EventLine[]> {
  const lists = await Promise.all(
    abouts.map(({ kind, name, namespace, uid }) =>
      gathering.part(`events of ${kind.toLowerCase()} ${name}`, (limits) =>
        eventsAbout(gathering.cluster, { namespace, uid, kind, name, type: 'Warning', ...limits }),
      ),
    ),
  );
  return lists.flatMap((list) =>
    (list ?? []).map(({ object, reason, message, count, last }) => ({
      ...{ object, reason, message: message.slice(0, 1_000), count },
      at: last,
    })),
  );
}

const NODES = { group: '', version: 'v1', plural: 'nodes', namespaced: false };

async function nodeFacts(gathering: Gathering, { pod, root }: Target): Promise<NodeFacts | undefined> {
  const name: string | undefined = root?.kind === 'Node' ? root.metadata.name : pod?.spec?.nodeName;
  if (name === undefined || !gathering.wants('N')) return undefined;
  const node =
    root?.kind === 'Node'
      ? root
      : await gathering.part(`node ${name}`, (limits) =>
          gathering.cluster.request({ resource: NODES, name, ...limits }),
        );
  return (
    node && {
      name,
      isCordoned: node.spec?.unschedulable === true,
      troubles: troublesOf(node),
      kubeletVersion: node.status?.nodeInfo?.kubeletVersion ?? '',
    }
  );
}
