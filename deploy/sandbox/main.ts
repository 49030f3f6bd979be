import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectEtcdClusters } from '../../src/etcd/connect.ts';
import { connectClusters } from '../../src/kubernetes/connect.ts';
import { createLogger } from '../../src/log.ts';
import { superviseBot, waitUntilReady } from './bot.ts';
import { sandboxOptions } from './options.ts';
import { type PracticeWorld, startPracticeWorld } from './practice-world.ts';
import { CHANNELS, PEOPLE, TIPS } from './story/company.ts';
import { type Hooks, makeHooks } from './story/hooks.ts';
import { settleIn, startStalledRelease } from './story/settle-in.ts';
import { ETCD_KEYS } from './story/workloads.ts';

/** `npm run sandbox`: the whole practice world and the bot, until Ctrl-C. Everything it makes lives under `.sandbox/` or is temporary. */
const DIR = join(import.meta.dirname, '../../.sandbox');
const say = (line = ''): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const startedAt = performance.now();
  const options = sandboxOptions(process.argv.slice(2));
  await mkdir(DIR, { recursive: true });
  await rm(join(DIR, 'sandbox.json'), { force: true });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.reverse()) await each().catch((error: Error) => say(`  ${error.message}`));
  };
  // From the first moment on, Ctrl-C leaves nothing behind.
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  try {
    const running = start(options, stops, startedAt);
    await Promise.race([running.then(() => interrupted), interrupted]);
    say('\nStopping …');
    await stop();
    await rm(join(DIR, 'sandbox.json'), { force: true });
    say('Stopped. Nothing is left running.');
    process.exit(0);
  } catch (error) {
    await stop();
    say(`\nThe sandbox could not start: ${(error as Error).message}`);
    process.exit(1);
  }
}

async function start(
  options: ReturnType<typeof sandboxOptions>,
  stops: (() => Promise<void>)[],
  startedAt: number,
): Promise<void> {
  const cluster = await chosenCluster(options, stops);
  say('Starting Redis, etcd, the practice Slack and the cluster …');
  const hooks = await makeHooks(DIR, cluster?.alias ?? 'demo');
  const world = await startPracticeWorld({
    dir: DIR,
    port: options.port,
    ...(cluster ? { cluster } : {}),
    config: { bridges: hooks.bridges },
  });
  stops.push(() => world.stop());

  const bot = superviseBot(world.env, join(DIR, 'bot.log'), (pid, died) => {
    if (died) say(`The bot died (${died}) and was started again, pid ${pid}.`);
    void describe(world, pid, hooks);
  });
  stops.push(async () => (await bot).stop());
  // A cluster of yours is looked at and never written to by the story.
  await Promise.all([
    waitUntilReady(`http://127.0.0.1:${world.httpPort}`, 30_000),
    options.kubeconfig ? undefined : seed(world),
  ]);
  greet(world, hooks, startedAt);
}

async function chosenCluster(options: ReturnType<typeof sandboxOptions>, stops: (() => Promise<void>)[]) {
  if (options.kubeconfig) return { alias: 'yours', kubeconfig: options.kubeconfig };
  if (!options.real) return undefined;
  const { startRealCluster } = await import('./real/start.ts');
  const real = await startRealCluster(say);
  stops.push(() => real.stop());
  return { alias: 'real', kubeconfig: real.kubeconfig };
}

async function seed(world: PracticeWorld): Promise<void> {
  const log = createLogger('silent');
  const clusters = connectClusters({ [world.cluster]: { kubeconfig: world.kubeconfig, production: false } }, {}, log);
  const etcds = connectEtcdClusters(
    { main: { endpoints: [world.etcd.endpoint], production: false, protectedPrefixes: [] } },
    log,
  );
  await settleIn(clusters.get());
  for (const [key, value] of ETCD_KEYS) {
    await etcds.get().txn({ compare: [], success: [{ put: { key: Buffer.from(key), value: Buffer.from(value) } }] });
  }
  await etcds.get().close();
  // The stalled release comes once the good one is out; nobody waits for it.
  void startStalledRelease(clusters.get())
    .catch(() => undefined)
    .finally(() => clusters.close());
}

/** `.sandbox/sandbox.json`: addresses and ids, so that a script can drive the sandbox. */
async function describe(world: PracticeWorld, botPid: number, hooks: Hooks): Promise<void> {
  const document = {
    page: world.slack.url,
    control: world.slack.controlUrl,
    slackApi: world.slack.apiUrl,
    kubeconfig: world.kubeconfig,
    cluster: world.cluster,
    redis: world.redis.url,
    etcd: world.etcd.endpoint,
    bot: {
      http: `http://127.0.0.1:${world.httpPort}`,
      httpPort: world.httpPort,
      pid: botPid,
      log: join(DIR, 'bot.log'),
      user: world.slack.world.app.botUserId,
    },
    hooks: hooks.urls(world.httpPort),
    config: world.env.SHIPMATE_CONFIG,
    people: Object.fromEntries(PEOPLE.map((person) => [person.name, person.id])),
    channels: Object.fromEntries(CHANNELS.map((channel) => [channel.name, channel.id])),
  };
  await writeFile(join(DIR, 'sandbox.json'), `${JSON.stringify(document, null, 2)}\n`);
}

function greet(world: PracticeWorld, hooks: Hooks, startedAt: number): void {
  const page = `${world.slack.url.replace(/\/$/, '')}/?as=ada`;
  say();
  say(`  Shipmate's sandbox is ready (${((performance.now() - startedAt) / 1_000).toFixed(1)} s).`);
  say();
  say(`  You are Ada:      ${page}`);
  say(`  and also Grace:   ${page.replace('ada', 'grace')}`);
  say();
  say('  Try in #ops:');
  for (const tip of TIPS) say(`    ${tip}`);
  say();
  say(`  An alert from elsewhere: curl -d title='Backup failed' ${hooks.urls(world.httpPort).generic}`);
  say('  Addresses for scripts: .sandbox/sandbox.json     The bot’s log: .sandbox/bot.log');
  say(`  kubectl works too:     kubectl --kubeconfig ${world.kubeconfig} get pods -A`);
  say('  Ctrl-C stops everything.');
}

await main();
