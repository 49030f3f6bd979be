import type { Shared } from '../rule.ts';
import type { SeenObject } from '../seen/kinds.ts';
import type { SeenCondition } from '../seen/object.ts';
import type { Sight } from '../sight.ts';
import { shortened } from './exit-codes.ts';
import { conditionNamed } from './rollouts.ts';

/** Why the API server refuses to create pods, read from its own words. */
export interface Refusal {
  readonly by:
    | 'quota'
    | 'webhook'
    | 'policy'
    | 'pod security'
    | 'limit range'
    | 'service account'
    | 'priority class'
    | 'API server';
  /** `quota compute is full: asks for pods=1, used 4 of 4`. */
  readonly what: string;
  readonly shares: Shared;
}

export interface FailedCreate extends Refusal {
  /** Epoch ms; undefined where the API does not tell. */
  readonly since: number | undefined;
  /** The API server's whole answer. */
  readonly message: string;
}

/**
 * Whether pods of a workload cannot be created. ReplicaSets say it in a condition, which their Deployment copies, whatever the number of
 * replicas is (k8sgpt#1748 looked at it only without any); StatefulSets, DaemonSets and Jobs only in events, which count while pods miss.
 * @param minEvents so many events make it true for kinds without the condition.
 */
export function failedCreate(object: SeenObject, sight: Sight, minEvents = 3): FailedCreate | undefined {
  switch (object.kind) {
    case 'Deployment':
      return (
        fromConditions(object, object.status.conditions) ??
        [...sight.ownedBy('ReplicaSet', object.metadata.uid)]
          .map((set) => fromConditions(set, set.status.conditions))
          .find((found) => found !== undefined)
      );
    case 'ReplicaSet':
      return fromConditions(object, object.status.conditions);
    case 'StatefulSet':
      return object.status.replicas < object.spec.replicas ? fromEvents(object, sight, minEvents) : undefined;
    case 'DaemonSet':
      return object.status.currentNumberScheduled < object.status.desiredNumberScheduled
        ? fromEvents(object, sight, minEvents)
        : undefined;
    case 'Job':
      return isWithoutPods(object) ? fromEvents(object, sight, minEvents) : undefined;
    default:
      return undefined;
  }
}

function fromConditions(object: SeenObject, conditions: readonly SeenCondition[]): FailedCreate | undefined {
  const failure = conditionNamed(conditions, 'ReplicaFailure');
  if (failure?.status !== 'True' || failure.reason !== 'FailedCreate') return undefined;
  return read(failure.message, object.metadata.namespace, failure.lastTransitionTime || undefined);
}

function fromEvents(object: SeenObject, sight: Sight, minEvents: number): FailedCreate | undefined {
  const events = sight.events(object.metadata.uid).filter(({ reason }) => reason === 'FailedCreate');
  const [newest] = events;
  if (!newest || events.reduce((sum, { count }) => sum + Math.max(1, count), 0) < minEvents) return undefined;
  return read(
    newest.message,
    object.metadata.namespace,
    Math.min(...events.map(({ firstTimestamp }) => firstTimestamp)),
  );
}

function isWithoutPods({ spec, status }: Extract<SeenObject, { kind: 'Job' }>): boolean {
  return !spec.suspend && status.active === 0 && status.completionTime === undefined && !isEnded(status.conditions);
}

function isEnded(conditions: readonly SeenCondition[]): boolean {
  return conditions.some(({ type, status }) => status === 'True' && (type === 'Failed' || type === 'Complete'));
}

function read(message: string, namespace: string, since: number | undefined): FailedCreate {
  return { ...refusalOf(message, namespace), since, message };
}

type Reader = (match: RegExpExecArray, namespace: string) => Refusal;

/** In the words of the admission plugins of kube-apiserver; the first that matches decides. */
const READERS: readonly (readonly [RegExp, Reader])[] = [
  [
    /exceeded quota: ([^,\s]+), requested: (.*?), used: (.*?), limited: (.*)$/,
    ([, name = '', asked = '', used = '', limited = ''], namespace) => ({
      by: 'quota',
      what: `quota ${name} is full: asks for ${asked}, used ${used}, limit ${limited}`,
      shares: { quota: `${namespace}/${name}` },
    }),
  ],
  [
    /failed quota: ([^:\s]+): must specify (.*)$/,
    ([, name = '', fields = ''], namespace) => ({
      by: 'quota',
      what: `quota ${name} wants ${fields} to be set`,
      shares: { quota: `${namespace}/${name}` },
    }),
  ],
  [
    /failed calling webhook "([^"]+)":?\s*(.*)$/,
    ([, webhook = '', rest = '']) => ({
      by: 'webhook',
      what: `admission webhook ${webhook} cannot be called: ${lastPart(rest)}`,
      shares: { webhook },
    }),
  ],
  [
    /admission webhook "([^"]+)" denied the request(?: without explanation)?:?\s*(.*)$/,
    ([, webhook = '', rest = '']) => ({
      by: 'webhook',
      what: `admission webhook ${webhook} refuses${rest ? `: ${rest}` : ''}`,
      shares: { webhook },
    }),
  ],
  [
    /ValidatingAdmissionPolicy '([^']+)'.*?denied request:?\s*(.*)$/,
    ([, name = '', rest = '']) => ({ by: 'policy', what: `policy ${name} refuses: ${rest}`, shares: {} }),
  ],
  [
    /violates PodSecurity "([^"]+)":?\s*(.*)$/,
    ([, level = '', rest = '']) => ({
      by: 'pod security',
      what: `pod security "${level}" forbids it: ${rest}`,
      shares: {},
    }),
  ],
  [
    /((?:maximum|minimum) [\w./-]+ usage per .*|[\w./-]+ max limit to request ratio .*)$/,
    ([, rest = '']) => ({ by: 'limit range', what: `limit range: ${rest.replace(/\]$/, '')}`, shares: {} }),
  ],
  [
    /serviceaccount "([^"]+)" not found/,
    ([, name = '']) => ({ by: 'service account', what: `service account ${name} does not exist`, shares: {} }),
  ],
  [
    /no PriorityClass with name (\S+) was found/,
    ([, name = '']) => ({ by: 'priority class', what: `priority class ${name} does not exist`, shares: {} }),
  ],
];

const WHAT_CHARS = 160;

/** Reads the API server's refusal to create a pod. @param namespace of the pod: quotas are known by it. */
export function refusalOf(message: string, namespace: string): Refusal {
  const line = message.replace(/\s+/g, ' ').trim();
  for (const [pattern, reader] of READERS) {
    const match = pattern.exec(line);
    if (!match) continue;
    const found = reader(match, namespace);
    return { ...found, what: shortened(found.what, WHAT_CHARS) };
  }
  const plain = line
    .replace(/^.*?\bfailed error: |^Error creating: /, '')
    .replace(/^pods? "[^"]*" is (forbidden|invalid): /i, '');
  return {
    by: 'API server',
    what: shortened(`the API server refuses: ${plain || 'without a reason'}`, WHAT_CHARS),
    shares: {},
  };
}

/** `failed to call webhook: Post "https://…": dial tcp 10.0.0.1:443: connect: connection refused` → `connection refused`. */
function lastPart(text: string): string {
  return text.split(': ').at(-1) || 'no answer';
}
