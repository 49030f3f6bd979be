import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadCommands } from '../../src/pipeline/registry.ts';
import { BOT_SCOPES, slackCommands } from '../generate/slack-manifest.ts';
import { freePorts } from './child.ts';
import { type EtcdService, type RedisService, startEtcd, startRedis } from './services.ts';
import { type PracticeSlack, startPracticeSlack } from './slack/server.ts';
import type { PersonSeed, World } from './slack/world.ts';
import { ACCESS, CHANNELS, companyWorld, TIPS } from './story/company.ts';
import { NODES, node } from './story/workloads.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Everything the bot needs, on this machine: a practice Slack, a cluster, Redis and etcd. The bot itself is started by whoever asks. */
export interface PracticeWorld {
  readonly slack: PracticeSlack;
  readonly redis: RedisService;
  readonly etcd: EtcdService;
  /** The cluster's kubeconfig file. */
  readonly kubeconfig: string;
  /** The alias of the cluster in the config file: `demo`, `real` or `yours`. */
  readonly cluster: string;
  /** The whole environment of a bot in this world. */
  readonly env: Record<string, string>;
  /** The bot's HTTP port. */
  readonly httpPort: number;
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Where kubeconfig, config file and logs go. */
  readonly dir: string;
  /** The page's port; 0 for a free one. */
  readonly port?: number;
  /** A kubeconfig of an existing cluster; absent: the practice cluster. */
  readonly cluster?: { readonly alias: string; readonly kubeconfig: string };
  /** More people, all of them in #ops. */
  readonly newcomers?: readonly PersonSeed[];
  /** How fast the practice cluster's controllers are; 1 is comfortable to watch. */
  readonly speed?: number;
  /** More of the config file: `alerts`, `bridges`. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Starts everything at once; what was started is stopped again when something fails. */
export async function startPracticeWorld(options: WorldOptions): Promise<PracticeWorld> {
  await mkdir(options.dir, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  const started = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const service = await starting;
    stops.push(() => service.stop());
    return service;
  };
  const stop = async (): Promise<void> => {
    await Promise.allSettled(stops.reverse().map((each) => each()));
  };
  try {
    const commands = slackCommands(await loadCommands(join(ROOT, 'commands')));
    const [slack, redis, etcd, cluster, ports] = await Promise.all([
      started(
        startPracticeSlack({
          port: options.port ?? 0,
          seed: { ...joinedBy(companyWorld(commands, Object.keys(BOT_SCOPES)), options.newcomers ?? []), tips: TIPS },
        }),
      ),
      started(startRedis()),
      started(startEtcd()),
      options.cluster ?? practiceCluster(options, started),
      freePorts(1),
    ]);
    const httpPort = ports[0] as number;
    const config = join(options.dir, 'shipmate.yaml');
    await writeFile(config, configText(cluster, etcd, options.config ?? {}));
    const env = {
      ...environment(slack, redis, etcd),
      SHIPMATE_CONFIG: config,
      HTTP_PORT: String(httpPort),
    };
    return { slack, redis, etcd, kubeconfig: cluster.kubeconfig, cluster: cluster.alias, env, httpPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function joinedBy(world: World, newcomers: readonly PersonSeed[]): World {
  const channels = world.channels.map((channel) =>
    channel.name === 'ops'
      ? { ...channel, members: [...channel.members, ...newcomers.map((person) => person.id)] }
      : channel,
  );
  return { ...world, people: [...world.people, ...newcomers], channels };
}

async function practiceCluster(
  options: WorldOptions,
  started: <T extends { stop(): Promise<void> }>(starting: Promise<T>) => Promise<T>,
) {
  const { startPracticeCluster } = await import('./cluster/practice-cluster.ts');
  const cluster = await started(
    startPracticeCluster({
      port: 0,
      speed: options.speed ?? 1,
      seed: NODES.map(node),
      // A controller that stumbles over one object ends neither the cluster nor the sandbox.
      onFailure: (error) => process.stderr.write(`The practice cluster stumbled: ${String(error)}\n`),
    }),
  );
  const kubeconfig = join(options.dir, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  return { alias: 'demo', kubeconfig };
}

function environment(slack: PracticeSlack, redis: RedisService, etcd: EtcdService): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return {
    PATH,
    HOME,
    SLACK_BOT_TOKEN: slack.world.app.botToken,
    SLACK_APP_TOKEN: slack.world.app.appToken,
    SLACK_API_URL: slack.apiUrl,
    REDIS_URL: redis.url,
    ETCD_ENDPOINTS: etcd.endpoint,
    FLEETLOCK_PORT: '0',
    LOG_LEVEL: 'info',
  };
}

function configText(
  cluster: { alias: string; kubeconfig: string },
  etcd: EtcdService,
  more: Readonly<Record<string, unknown>>,
): string {
  const channel = (name: string): string => CHANNELS.find((each) => each.name === name)?.id as string;
  return stringify({
    clusters: { [cluster.alias]: { kubeconfig: cluster.kubeconfig } },
    etcd: { main: { endpoints: [etcd.endpoint], protectedPrefixes: ['/registry/', 'shipmate/'] } },
    channels: { ops: channel('ops'), alerts: channel('prod-alerts'), approvals: channel('approvals') },
    access: ACCESS,
    alerts: { escalateTo: ['S0PLATFORM'] },
    ...more,
  });
}
