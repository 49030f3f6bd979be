import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { LEAN } from '../../../deploy/sandbox/bot.ts';
import { startEtcd, startRedis } from '../../../deploy/sandbox/services.ts';
import { CHANNELS } from '../../../deploy/sandbox/story/company.ts';

const ROOT = join(import.meta.dirname, '../../..');

export interface BotOptions {
  readonly kubeconfig: string;
  /** Of a practice Slack. */
  readonly slackApiUrl: string;
  readonly alerts: object;
  readonly bridges?: object;
  /** False: incidents are recorded and told to bridges, but no channel hears of them. */
  readonly isTold?: boolean;
  /** Slack's own is one. */
  readonly postsPerSecond?: number;
  /** The key file of the webhook: its text. */
  readonly secret?: string;
}

/** The whole bot as a process of its own, all roles, with an etcd and a Redis of its own. */
export interface MeasuredBot {
  /** From the start of the process until it watches, ms. */
  readonly startMs: number;
  /** From the first list to the last, as the bot's log says. */
  readonly etcdEndpoint: string;
  /** Resident set now and at its highest, MiB. */
  rssMb(): { readonly now: number; readonly peak: number };
  /** User and system time used so far, ms. */
  cpuMs(): number;
  /** etcd calls answered so far, by gRPC method. */
  etcdCalls(): Promise<Record<string, number>>;
  log(): string;
  stop(): Promise<void>;
}

export const ALERTS_CHANNEL = CHANNELS.find(({ name }) => name === 'prod-alerts')?.id as string;

export async function startBot(options: BotOptions): Promise<MeasuredBot> {
  const dir = await mkdtemp(join(tmpdir(), 'shipmate-bench-bot-'));
  const [etcd, redis] = await Promise.all([startEtcd(), startRedis()]);
  const config = join(dir, 'shipmate.yaml');
  await writeFile(join(dir, 'secret'), options.secret ?? 'not-used', { mode: 0o600 });
  await writeFile(config, stringify(configOf(options, join(dir, 'secret'))));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...LEAN, ...nodeArgs(), join(ROOT, 'src/main.ts')], {
    cwd: ROOT,
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, NODE_OPTIONS: process.env.BENCH_BOT_NODE_OPTIONS },
      ...{ SLACK_BOT_TOKEN: 'xoxb-practice-harbour', SLACK_APP_TOKEN: 'xapp-practice-harbour' },
      ...{ SLACK_API_URL: options.slackApiUrl, SLACK_POSTS_PER_SECOND: String(options.postsPerSecond ?? 1) },
      ...{ REDIS_URL: redis.url, ETCD_ENDPOINTS: etcd.endpoint, SHIPMATE_CONFIG: config },
      ...{ HTTP_PORT: '0', FLEETLOCK_PORT: '0', LOG_LEVEL: 'info' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = await untilWatching(child);
  return {
    startMs: performance.now() - startedAt,
    etcdEndpoint: etcd.endpoint,
    rssMb: () => rssOf(child.pid as number),
    cpuMs: () => cpuOf(child.pid as number),
    etcdCalls: () => callsOf(etcd.endpoint),
    log,
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await Promise.all([etcd.stop(), redis.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** For profiles: `BENCH_BOT_ARGS="--cpu-prof --cpu-prof-dir=/tmp/profiles"`. */
function nodeArgs(): string[] {
  return (process.env.BENCH_BOT_ARGS ?? '').split(' ').filter((word) => word !== '');
}

function configOf(options: BotOptions, keyFile: string): object {
  const { kubeconfig, alerts, bridges, isTold = true } = options;
  return {
    clusters: { bench: { kubeconfig } },
    channels: isTold ? { alerts: ALERTS_CHANNEL } : {},
    access: { admins: ['U0ADA'] },
    alerts,
    ...(bridges && { bridges: JSON.parse(JSON.stringify(bridges).replaceAll('KEY_FILE', keyFile)) }),
  };
}

/** @returns its log so far, whenever asked. @throws Error with its last words when it ends or takes longer than two minutes. */
async function untilWatching(child: ChildProcess): Promise<() => string> {
  const lines: string[] = [];
  const told = Promise.withResolvers<void>();
  const take = (chunk: Buffer): void => {
    lines.push(String(chunk));
    if (String(chunk).includes('"msg":"watching"')) told.resolve();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  const late = setTimeout(
    () => told.reject(new Error(`The bot does not watch.\n${lines.join('').slice(-3_000)}`)),
    120_000,
  );
  child.once('exit', (code) => told.reject(new Error(`The bot ended (${code}).\n${lines.join('').slice(-3_000)}`)));
  await told.promise.finally(() => clearTimeout(late));
  return () => lines.join('');
}

function rssOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
  return { now: Math.round(of('VmRSS')), peak: Math.round(of('VmHWM')) };
}

/** Linux counts in hundredths of a second. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function callsOf(endpoint: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${endpoint}/metrics`)).text();
  const calls: Record<string, number> = {};
  const pattern = /^grpc_server_handled_total\{grpc_code="OK",grpc_method="(\w+)".*\} (\S+)$/gm;
  for (const [, method = '', count] of text.matchAll(pattern)) calls[method] = Number(count);
  return calls;
}
