import { NotFoundError, PermissionError, UnavailableError } from '../../errors.ts';
import { humanDuration } from '../../time.ts';
import type { Cluster, KubeObject, Resource } from '../cluster.ts';
import { type EventRow, eventsAbout } from '../events.ts';
import { listObjects } from '../list.ts';
import { redact } from '../redact.ts';
import { selectorText } from '../workload.ts';
import { type Beside, cut, type Description } from './description.ts';
import { describeAny, describeClaim, describeNode } from './others.ts';
import { describePod } from './pod.ts';
import {
  describeCronJob,
  describeDaemonSet,
  describeDeployment,
  describeJob,
  describeStatefulSet,
} from './workloads.ts';

type Describer = (object: KubeObject, beside: Beside) => Description;

const DESCRIBERS: Readonly<Record<string, Describer>> = {
  '/Pod': describePod,
  'apps/Deployment': describeDeployment,
  'apps/StatefulSet': describeStatefulSet,
  'apps/DaemonSet': describeDaemonSet,
  'batch/Job': describeJob,
  'batch/CronJob': describeCronJob,
  '/Node': describeNode,
  '/PersistentVolumeClaim': describeClaim,
};

const EVENTS_SHOWN = 10;
const BESIDE_MS = 5_000;

/**
 * One object as people want to know it at 3 a.m.: what is wrong first, its events last. No contents of Secrets or ConfigMaps, no values
 * of environment variables.
 */
export async function describeObject(
  cluster: Cluster,
  resource: Resource,
  object: KubeObject,
  now: number,
  signal: AbortSignal,
): Promise<Description> {
  const [pods, events] = await Promise.all([
    orUndefined(() => podsBeside(cluster, resource, object, signal)),
    orUndefined(() => eventsOf(cluster, object, resource, signal)),
  ]);
  // Who changed it stands in what redaction leaves out.
  const shown = { ...redact(object).object, kind: resource.kind };
  shown.metadata.managedFields = object.metadata.managedFields as never;
  const describer = DESCRIBERS[`${resource.group}/${resource.kind}`] ?? describeAny;
  const described = describer(shown, { now, pods });
  const lines =
    events === undefined ? ['could not be read'] : events.slice(-EVENTS_SHOWN).map((row) => eventLine(row, now));
  return {
    ...described,
    sections: [
      ...described.sections,
      { title: 'Events', lines: lines.length > 0 ? lines : ['none within the last hour'] },
    ],
  };
}

/** `! 3m (x5 over 10m) BackOff: Back-off restarting failed container`. */
function eventLine({ type, reason, message, count, first, last }: EventRow, now: number): string {
  const age = last === 0 ? '<unknown>' : humanDuration(now - last);
  const times = count > 1 ? ` (x${count} over ${humanDuration(now - first)})` : '';
  return `${type === 'Warning' ? '! ' : ''}${age}${times} ${reason}: ${cut(message)}`;
}

function eventsOf(
  cluster: Cluster,
  { metadata }: KubeObject,
  { kind }: Resource,
  signal: AbortSignal,
): Promise<readonly EventRow[]> {
  const { namespace = '', uid = '', name = '' } = metadata;
  return eventsAbout(cluster, { namespace, uid, name, kind, deadlineMs: BESIDE_MS, signal });
}

const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };

async function podsBeside(
  cluster: Cluster,
  { kind, group }: Resource,
  object: KubeObject,
  signal: AbortSignal,
): Promise<readonly KubeObject[] | undefined> {
  const { name, namespace } = object.metadata;
  if (kind === 'Node' && group === '')
    return listObjects(cluster, PODS, { namespace: undefined, fieldSelector: `spec.nodeName=${name}`, signal });
  if (kind === 'PersistentVolumeClaim') {
    const pods = await listObjects(cluster, PODS, { namespace, signal });
    return pods.filter((pod) => mounts(pod, name));
  }
  const labelSelector = group === 'apps' || group === 'batch' ? selectorText(object.spec?.selector) : undefined;
  return labelSelector === undefined ? undefined : listObjects(cluster, PODS, { namespace, labelSelector, signal });
}

function mounts(pod: KubeObject, claim: string | undefined): boolean {
  const volumes: readonly { persistentVolumeClaim?: { claimName?: string } }[] = pod.spec?.volumes ?? [];
  return volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim);
}

/** What stands beside is a help: without it the object itself is still described. */
async function orUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const isExpected = [PermissionError, UnavailableError, NotFoundError].some((family) => error instanceof family);
    if (!isExpected) throw error;
    return undefined;
  }
}
