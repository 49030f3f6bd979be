import { figuresOf, type Result } from '../figures.ts';
import type { ApiServer } from './api-server.ts';
import { now } from './api-server.ts';
import { type MeasuredBot, startBot } from './bot.ts';
import { type PodRef, SETS } from './floor.ts';
import { type Answered, bareWatch, breakPods, healPods } from './load.ts';
import { type Arrivals, arrivalsIn, type MeasuredSlack, startRecorder } from './sinks.ts';
import { until } from './until.ts';

/** No hold and no grouping: nothing but the way is measured. */
const AT_ONCE = { rules: { '*': { hold: '0s' } }, storm: { sharing: 100_000, incidents: 0 } };
const DRAIN_MS = 30_000;

export interface LatencyOptions {
  readonly perSecond: number;
  readonly faults: number;
  readonly sink: 'slack' | 'webhook';
}

const TARGETS: Record<number, string> = {
  10: 'p50 <= 20, p99 <= 60',
  100: 'p50 <= 50, p99 <= 300',
};

/** F1: PATCH of a pod's status answered → message accepted, the incident committed to etcd before. Baseline: a bare watch of the same pods. */
export async function benchLatency(api: ApiServer, slack: MeasuredSlack, options: LatencyOptions): Promise<Result> {
  const recorder = await startRecorder();
  const isSlack = options.sink === 'slack';
  await slack.limit(false);
  const webhook = { name: 'recorder', kind: 'webhook', url: recorder.url, keyFile: 'KEY_FILE', severity: 'info' };
  const bot = await startBot({
    ...{ kubeconfig: api.kubeconfig, slackApiUrl: slack.apiUrl, alerts: AT_ONCE, isTold: isSlack },
    ...(isSlack ? { postsPerSecond: 1_000 } : { bridges: { out: [webhook] }, secret: recorder.secret }),
  });
  const pods = Array.from({ length: options.faults }, (_, n): PodRef => ({ set: (n * 3) % SETS, index: 5 }));
  const bare = await bareWatch(api);
  try {
    // The first incident of a process loads what the others find loaded.
    const warm: readonly PodRef[] = Array.from({ length: 10 }, (_, n) => ({ set: (n * 3 + 1) % SETS, index: 6 }));
    const since = now();
    const arrived = async (): Promise<Arrivals> =>
      isSlack ? arrivalsIn(await slack.messages(since)) : recorder.arrivals();
    await breakPods(api, warm, 10, kindOf);
    await until(arrived, (found) => found.size >= warm.length, DRAIN_MS);
    recorder.clear();
    const [cpu, calls, from] = [bot.cpuMs(), await bot.etcdCalls(), now()];
    const told = new Set(warm.map(({ set }) => set));
    const own = pods.filter(({ set }) => !told.has(set));
    const answered = await breakPods(api, own, options.perSecond, kindOf);
    const all = await until(arrived, (found) => own.every(({ set }) => found.has(set)), DRAIN_MS);
    const spent = { cpuMs: bot.cpuMs() - cpu, calls: difference(calls, await bot.etcdCalls()), ms: now() - from };
    return resultOf(options, own, answered, all, bare.seen(own), bot, spent);
  } finally {
    bare.stop();
    await bot.stop();
    await recorder.stop();
    await healPods(api, [...pods, ...Array.from({ length: 10 }, (_, n) => ({ set: (n * 3 + 1) % SETS, index: 6 }))]);
  }
}

const kindOf = (n: number): 'image' | 'crash' => (n % 2 === 0 ? 'image' : 'crash');

function resultOf(
  { perSecond, sink }: LatencyOptions,
  pods: readonly PodRef[],
  answered: Answered,
  arrived: Arrivals,
  seen: ReadonlyMap<number, number>,
  bot: MeasuredBot,
  spent: { cpuMs: number; calls: Record<string, number>; ms: number },
): Result {
  const count = pods.length;
  const perFault = (total: number): number => Math.round((total / count) * 100) / 100;
  const calls = Object.entries(spent.calls).map(([method, times]) => `${perFault(times)} ${method}`);
  const lost = pods.filter(({ set }) => !arrived.has(set)).length;
  return {
    what: `F1 ${perSecond} faults/s → ${sink}`,
    baseline: figuresOf(after(pods, answered, seen)),
    shipmate: figuresOf(after(pods, answered, arrived)),
    target: TARGETS[perSecond] ?? '',
    notes: `${count} faults, ${lost} not told; etcd per fault: ${calls.join(', ')}; bot CPU ${perFault(spent.cpuMs)} ms per fault (${Math.round((100 * spent.cpuMs) / spent.ms)} % of a core); RSS ${bot.rssMb().now} MiB, peak ${bot.rssMb().peak}; watching after ${Math.round(bot.startMs)} ms`,
  };
}

/** The event may be seen before the answer to the PATCH: that is no time at all. */
function after(pods: readonly PodRef[], answered: Answered, seen: ReadonlyMap<number, number>): number[] {
  return pods.flatMap(({ set }) => {
    const [from, to] = [answered.get(set), seen.get(set)];
    return from === undefined || to === undefined ? [] : [Math.max(0, to - from)];
  });
}

function difference(before: Record<string, number>, later: Record<string, number>): Record<string, number> {
  const names = Object.keys(later).filter((name) => (later[name] ?? 0) > (before[name] ?? 0));
  return Object.fromEntries(names.map((name) => [name, (later[name] ?? 0) - (before[name] ?? 0)]));
}
