import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { figuresOf, type Result } from '../figures.ts';
import { startBot } from './bot.ts';
import { startScript } from './child-line.ts';
import type { MeasuredSlack } from './sinks.ts';

const SETTLE_MS = 5_000;

/** What the whole bot weighs that watches so many pods, and how soon it has seen them all. Baseline: the same bot and an empty cluster. */
export async function benchSize(slack: MeasuredSlack, sizes: readonly number[]): Promise<Result[]> {
  const empty = await weigh(slack, 1);
  const results: Result[] = [];
  for (const pods of sizes) {
    const full = await weigh(slack, pods);
    results.push({
      what: `${pods} pods: RSS of the whole bot, MiB`,
      baseline: figuresOf([empty.settledMb]),
      shipmate: figuresOf([full.settledMb]),
      target: TARGETS[pods] ?? '',
      notes: `peak ${full.peakMb} MiB; watching ${Math.round(full.startMs)} ms after its start (empty cluster ${Math.round(empty.startMs)} ms)`,
    });
  }
  return results;
}

const TARGETS: Record<number, string> = { 20500: '<= 260', 50000: '<= 400' };

async function weigh(
  slack: MeasuredSlack,
  pods: number,
): Promise<{ settledMb: number; peakMb: number; startMs: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'shipmate-bench-size-'));
  const { child, line: url } = await startScript(new URL('../watch-server.ts', import.meta.url).pathname, [`${pods}`]);
  try {
    const kubeconfig = join(dir, 'config');
    await writeFile(
      kubeconfig,
      JSON.stringify({
        'current-context': 'big',
        clusters: [{ name: 'big', cluster: { server: url } }],
        contexts: [{ name: 'big', context: { cluster: 'big', user: 'me' } }],
        users: [{ name: 'me', user: { token: 'x' } }],
      }),
    );
    const bot = await startBot({ kubeconfig, slackApiUrl: slack.apiUrl, alerts: {} });
    try {
      await sleep(SETTLE_MS);
      const { now: settledMb, peak: peakMb } = bot.rssMb();
      return { settledMb, peakMb, startMs: bot.startMs };
    } finally {
      await bot.stop();
    }
  } finally {
    child.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  }
}
