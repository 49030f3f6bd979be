import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figuresOf, type Result } from './figures.ts';
import { startBot } from './incidents/bot.ts';
import { startScript } from './incidents/child-line.ts';
import { startSlack } from './incidents/sinks.ts';

/** What one bot weighed from the moment on at which it watched. */
interface Weighed {
  /** Resident set, MiB, once a second. */
  readonly rssMb: readonly number[];
  readonly peakMb: number;
  /** From the start of the process, ms. */
  readonly watchingMs: number;
}

const SAMPLE_MS = 1_000;

/**
 * What the whole bot (all roles, its own process, as `npm start` starts it) weighs while it watches a healthy cluster, beside the same bot
 * that watches one pod.
 * @param seconds how long it is looked at after it watches.
 */
export async function benchMemory(sizes: readonly number[], seconds: number): Promise<Result[]> {
  const slack = await startSlack();
  try {
    const small = await weigh(1, seconds, slack.apiUrl);
    const results: Result[] = [];
    for (const pods of sizes) {
      const large = await weigh(pods, seconds, slack.apiUrl);
      results.push({
        what: `${pods} pods: RSS of the whole bot (MiB), with one pod and with all`,
        baseline: figuresOf(small.rssMb),
        shipmate: figuresOf(large.rssMb),
        target: '<= 400 MiB at 50,000, <= 260 at 20,000',
        notes: `highest ever ${large.peakMb} MiB; watches ${Math.round(large.watchingMs)} ms after its start, one pod after ${Math.round(small.watchingMs)} ms`,
      });
    }
    return results;
  } finally {
    slack.stop();
  }
}

async function weigh(pods: number, seconds: number, slackApiUrl: string): Promise<Weighed> {
  const dir = await mkdtemp(join(tmpdir(), 'shipmate-bench-memory-'));
  const server = await startScript(join(import.meta.dirname, 'watch-server.ts'), [String(pods)]);
  try {
    const kubeconfig = join(dir, 'kubeconfig');
    await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(server.line)));
    const bot = await startBot({ kubeconfig, slackApiUrl, alerts: {} });
    try {
      const rssMb: number[] = [];
      for (let second = 0; second < seconds; second++) {
        rssMb.push(bot.rssMb().now);
        await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
      }
      return { rssMb, peakMb: bot.rssMb().peak, watchingMs: bot.startMs };
    } finally {
      await bot.stop();
    }
  } finally {
    server.child.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  }
}

function kubeconfigOf(server: string): object {
  return {
    'current-context': 'big',
    clusters: [{ name: 'big', cluster: { server } }],
    contexts: [{ name: 'big', context: { cluster: 'big', user: 'me' } }],
    users: [{ name: 'me', user: { token: 'x' } }],
  };
}
