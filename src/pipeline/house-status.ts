import type { Chat } from '../chat/chat.ts';
import type { EtcdClusters } from '../etcd/etcd-cluster.ts';
import type { Queues } from '../jobs/queues.ts';
import type { Clusters } from '../kubernetes/cluster.ts';
import type { Store } from '../state/store.ts';
import type { SystemStatus } from './definition.ts';

export interface StatusDeps {
  readonly chat: Chat;
  readonly store: Store;
  readonly queues: Queues;
  readonly clusters: Clusters;
  readonly etcds: EtcdClusters;
  readonly version: string;
  policy(): { readonly ok: boolean; readonly detail: string };
}

/** Every system that Shipmate stands on, asked now and all at once; none can hold up the others for more than its own deadline. */
export async function houseStatus(deps: StatusDeps): Promise<SystemStatus[]> {
  const groups = await Promise.all([
    slackStatus(deps.chat),
    redisStatus(deps.queues),
    etcdStatus(deps.store),
    ...deps.clusters.all().map(async (cluster) => [await probe(`cluster ${cluster.name}`, () => cluster.version())]),
    ...deps.etcds
      .all()
      .map(async (etcd) => [await probe(`etcd ${etcd.name}`, async () => describeMembers(await etcd.status()))]),
    queueStatus(deps.queues),
    Promise.resolve([{ system: 'policy', ...deps.policy() }]),
    Promise.resolve([{ system: 'Shipmate', ok: true, detail: `${deps.version} on Node ${process.versions.node}` }]),
  ]);
  return groups.flat();
}

async function slackStatus(chat: Chat): Promise<SystemStatus[]> {
  const health = chat.health();
  const sockets = health.connections ? `, ${health.connections.live} of ${health.connections.wanted} connections` : '';
  const main = {
    system: 'Slack',
    ok: health.connected,
    detail: health.connected ? `${health.mode} mode${sockets}` : `not connected${sockets}`,
  };
  return [
    main,
    ...health.missing.map((missing) => ({
      system: `Slack ${missing.feature}`,
      ok: false,
      optional: true,
      detail: `${missing.scope} is not granted: ${missing.lost}`,
    })),
  ];
}

async function redisStatus(queues: Queues): Promise<SystemStatus[]> {
  const health = await queues.health();
  const warnings = health.warnings?.length ? ` (${health.warnings.join(', ')})` : '';
  return [
    {
      system: 'Redis',
      ok: health.ok,
      detail: health.ok
        ? `${health.version ?? 'unknown version'}${latency(health.latencyMs)}${warnings}`
        : (health.error ?? 'no answer'),
    },
  ];
}

async function etcdStatus(store: Store): Promise<SystemStatus[]> {
  const health = await store.health();
  return [
    {
      system: 'etcd (own)',
      ok: health.ok,
      detail: health.ok
        ? `${health.version ?? 'unknown version'}${latency(health.latencyMs)}`
        : (health.error ?? 'no answer'),
    },
  ];
}

async function queueStatus(queues: Queues): Promise<SystemStatus[]> {
  try {
    const depth = await queues.depth();
    return Object.entries(depth).map(([name, count]) => ({
      system: `queue ${name}`,
      ok: true,
      detail: `${count.waiting} waiting, ${count.active} active, ${count.delayed} delayed, ${count.failed} failed`,
    }));
  } catch {
    return [{ system: 'queues', ok: false, detail: 'Redis did not answer' }];
  }
}

async function probe(system: string, ask: () => Promise<string>): Promise<SystemStatus> {
  try {
    return { system, ok: true, detail: await ask() };
  } catch (error) {
    return { system, ok: false, detail: (error as Error).message.split('\n', 1)[0] as string };
  }
}

function describeMembers(
  members: readonly { endpoint: string; version?: string; isLeader?: boolean; error?: string }[],
): string {
  const well = members.filter((member) => member.error === undefined);
  if (well.length === 0) throw new Error(members[0]?.error ?? 'no member answered');
  const leader = well.some((member) => member.isLeader) ? '' : ', no leader seen';
  return `${well[0]?.version ?? 'unknown version'}, ${well.length} of ${members.length} members answer${leader}`;
}

function latency(ms: number | undefined): string {
  return ms === undefined ? '' : `, ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
