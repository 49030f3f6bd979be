import type { ApiCall } from '../access/audit/entry.ts';
import { asShipmateError } from '../errors.ts';
import type { EtcdCluster, EtcdClusters, Op, TxnRequest, TxnResponse } from '../etcd/etcd-cluster.ts';
import type { Call, Cluster, Clusters, KubeObject } from '../kubernetes/cluster.ts';

/** Clusters that note each call that could change something, for the audit: what was called, how it was answered, what it made. */
export interface RecordedCalls {
  readonly clusters: Clusters;
  readonly etcds: EtcdClusters;
  /** In the order in which they were answered. */
  readonly calls: readonly ApiCall[];
}

/** A follow that patches in a loop must not make the entry endless. */
const MAX_CALLS = 50;

export function recordCalls(world: { clusters: Clusters; etcds: EtcdClusters }): RecordedCalls {
  const calls: ApiCall[] = [];
  const note = (call: ApiCall): void => void (calls.length < MAX_CALLS && calls.push(call));
  const noted = async <T>(call: string, work: () => Promise<T>, made: (answer: T) => Partial<ApiCall>): Promise<T> => {
    try {
      const answer = await work();
      note({ call, status: 'ok', ...made(answer) });
      return answer;
    } catch (error) {
      note({ call, status: asShipmateError(error).code });
      throw error;
    }
  };

  const cluster = (inner: Cluster): Cluster =>
    instead(inner, {
      request: <T>(call: Call): Promise<T> =>
        isWrite(call)
          ? noted(describeCall(call, inner.name), () => inner.request<T>(call), madeBy)
          : inner.request<T>(call),
    });
  const etcd = (inner: EtcdCluster): EtcdCluster =>
    instead(inner, {
      txn: (request: TxnRequest): Promise<TxnResponse> =>
        [...request.success, ...(request.failure ?? [])].some((op) => !('range' in op))
          ? noted(describeTxn(request, inner.name), () => inner.txn(request), revisionOf)
          : inner.txn(request),
    });
  return {
    clusters: instead(world.clusters, {
      get: (alias?: string) => cluster(world.clusters.get(alias)),
      all: () => world.clusters.all().map(cluster),
    }),
    etcds: instead(world.etcds, {
      get: (alias?: string) => etcd(world.etcds.get(alias)),
      all: () => world.etcds.all().map(etcd),
    }),
    calls,
  };
}

/** The same object with some methods of ours; whatever else it has, now or later, is its own. */
export function instead<T extends object>(inner: T, ours: Partial<T>): T {
  return new Proxy(inner, {
    get(target, name) {
      if (Object.hasOwn(ours, name)) return ours[name as keyof T];
      const found: unknown = Reflect.get(target, name, target);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
}

function isWrite({ method, query }: Call): boolean {
  return method !== undefined && method !== 'GET' && query?.dryRun === undefined;
}

function describeCall(call: Call, cluster: string): string {
  const { group, version, plural } = call.resource;
  const name = [plural, call.name, call.subresource].filter(Boolean).join('/');
  const namespace = call.namespace === undefined ? '' : ` -n ${call.namespace}`;
  return `${call.method} ${group === '' ? version : `${group}/${version}`} ${name}${namespace} on ${cluster}`;
}

function madeBy(answer: unknown): Partial<ApiCall> {
  const metadata = (answer as Partial<KubeObject> | undefined)?.metadata;
  return { revision: metadata?.resourceVersion, generation: metadata?.generation };
}

function describeTxn(request: TxnRequest, etcd: string): string {
  const writes = request.success.flatMap((op): string[] => describeOp(op));
  return `txn ${writes.slice(0, 5).join(', ')}${writes.length > 5 ? ` and ${writes.length - 5} more` : ''} on etcd ${etcd}`;
}

function describeOp(op: Op): string[] {
  if ('range' in op) return [];
  if ('put' in op) return [`put ${text(op.put.key)}`];
  const { key, rangeEnd } = op.deleteRange;
  return [`del ${text(key)}${rangeEnd === undefined ? '' : ` to ${text(rangeEnd)}`}`];
}

function text(key: Uint8Array): string {
  return JSON.stringify(Buffer.from(key).toString('utf8'));
}

function revisionOf(answer: TxnResponse): Partial<ApiCall> {
  return { revision: answer.revision, ...(!answer.succeeded && { status: 'E_CONFLICT' }) };
}
