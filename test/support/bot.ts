import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SupervisedBot, superviseBot, waitUntilReady } from '../../deploy/sandbox/bot.ts';
import { type PracticeWorld, startPracticeWorld, type WorldOptions } from '../../deploy/sandbox/practice-world.ts';
import { settleIn } from '../../deploy/sandbox/story/settle-in.ts';
import { type App, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { type ConnectedClusters, connectClusters } from '../../src/kubernetes/connect.ts';
import { createLogger } from '../../src/log.ts';
import type { ChangeRecord } from '../../src/pipeline/change.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import type { Clock } from '../../src/time.ts';

/** The whole company of the sandbox with the bot in it, for conversation tests. */
export interface BotWorld {
  readonly world: PracticeWorld;
  /** The cluster, seen past the bot. */
  readonly cluster: Cluster;
  /** Starts another replica of the bot in this process. @param clock instead of the machine's. */
  replica(env?: Record<string, string>, clock?: Clock): Promise<App>;
  /** Starts the bot as a process that can be killed; it is started again when it dies. */
  process(env?: Record<string, string>): Promise<SupervisedBot>;
  /** Makes a waiting change older by `ms`, in etcd, instead of waiting that long. */
  age(change: string, ms: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param options.bots replicas in this process; default 1, 0 for tests that start their own.
 * @param options.seeded false leaves the cluster empty.
 */
export async function startBotWorld(
  options: Partial<WorldOptions> & { bots?: number; seeded?: boolean } = {},
): Promise<BotWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'shipmate-world-'));
  const world = await startPracticeWorld({ dir, speed: 20, ...options });
  const log = createLogger(process.env.TEST_LOG_LEVEL ?? 'silent');
  const stops: (() => Promise<void>)[] = [() => rm(dir, { recursive: true, force: true }), () => world.stop()];
  const clusters: ConnectedClusters = connectClusters(
    { [world.cluster]: { kubeconfig: world.kubeconfig, production: false } },
    {},
    log,
  );
  stops.push(() => clusters.close());
  const cluster = clusters.get();

  const replica = async (env: Record<string, string> = {}, clock?: Clock): Promise<App> => {
    const config = loadConfig({ ...world.env, HTTP_PORT: '0', ...env }, (path) => readFileSync(path, 'utf8'));
    const app = await startApp(config, log, clock);
    stops.push(() => app.stop(3_000));
    return app;
  };
  const result: BotWorld = {
    world,
    cluster,
    replica,
    async process(env = {}) {
      const bot = await superviseBot({ ...world.env, ...env }, join(dir, 'bot.log'), () => undefined);
      stops.push(() => bot.stop());
      await waitUntilReady(`http://127.0.0.1:${world.httpPort}`, 30_000);
      return bot;
    },
    async age(change, ms) {
      const store = openStore({ endpoints: [world.etcd.endpoint] }, { prefix: 'shipmate/v1/', log });
      const found = await store.get<ChangeRecord>(`invocations/${change}`);
      if (!found) throw new Error(`no change ${change}`);
      const value = { ...found.value, createdAt: found.value.createdAt - ms, expiresAt: found.value.expiresAt - ms };
      await store.commit([{ op: 'put', path: found.path, value, expect: { revision: found.revision } }]);
      await store.close();
    },
    async stop() {
      for (const stop of stops.reverse()) await stop().catch(() => undefined);
    },
  };
  try {
    if (options.seeded !== false) await settleIn(cluster);
    for (let index = 0; index < (options.bots ?? 1); index++) await replica();
    return result;
  } catch (error) {
    await result.stop();
    throw error;
  }
}
