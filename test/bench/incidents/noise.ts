import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '../../../src/incidents/incident.ts';
import { createLogger } from '../../../src/log.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import { figuresOf, type Result } from '../figures.ts';
import type { ApiServer } from './api-server.ts';
import { now } from './api-server.ts';
import { type MeasuredBot, startBot } from './bot.ts';
import { notReady } from './faults.ts';
import {
  deploymentPath,
  FIRST_NODE,
  LARGE,
  nodeNotReady,
  nodePath,
  nodeReady,
  type PodRef,
  podPath,
  SETS,
  withAvailable,
} from './floor.ts';
import { breakPods, healPods } from './load.ts';
import type { MeasuredSlack, SlackMessage } from './sinks.ts';
import { until } from './until.ts';

/** Everything as it comes, but for the holds: it is counted what is said, not when. */
const DEFAULTS = { rules: { '*': { hold: '0s' } } };
/** A node is judged sooner than what it takes away, as by default (1 min, and 5 to 15). */
const NODE_FIRST = { rules: { '*': { hold: '4s' }, N01: { hold: '0s' }, N02: { hold: '0s' } } };

interface Told {
  readonly messages: readonly SlackMessage[];
  readonly incidents: readonly Incident[];
}

/** F4: 500 Deployments fail within ten seconds, Slack takes one message a second, storms are grouped as they are by default. */
export async function benchStorm(api: ApiServer, slack: MeasuredSlack, kind: 'registry' | 'crash'): Promise<Result> {
  const pods = Array.from({ length: SETS }, (_, set): PodRef => ({ set, index: 7 }));
  return await withBot(api, slack, pods, async (bot) => {
    const from = now();
    await breakPods(api, pods, SETS / 10, () => kind);
    // The list is completed ten seconds after the first message, then once a minute.
    const all = await until(
      async () => ({ told: await whatWasTold(slack, bot, from), text: await everyWord(slack, from) }),
      ({ told, text }) => rootsOf(told).length >= SETS && namedIn(text, pods) === SETS,
      80_000,
    );
    const { told, text } = all;
    const posts = told.messages.reduce((sum, { replies, isBroadcast }) => sum + (isBroadcast ? 0 : 1 + replies), 0);
    const first = Math.min(...told.messages.map(({ ts }) => Number(ts) * 1_000));
    const recorded = new Set(rootsOf(told).map(({ root }) => root.name));
    const missing = pods.filter(({ set }) => !recorded.has(`service-${set}`)).map(({ set }) => `service-${set}`);
    const umbrellas = told.incidents.filter(({ kind: one }) => one === 'storm').map(({ cause }) => cause);
    return {
      what: `F4 ${SETS} Deployments fail in 10 s (${kind}): messages`,
      baseline: figuresOf([SETS]),
      shipmate: figuresOf([posts]),
      target: '<= 10, the first within 2 s, all named',
      notes: `${SETS - missing.length} recorded in etcd${missing.length > 0 ? ` (not ${missing.slice(0, 5).join(', ')})` : ''}; first message after ${Math.round(first - from)} ms; ${told.messages.length} in the channel; ${namedIn(text, pods)} of ${SETS} Deployments named after ${Math.round((now() - from) / 1_000)} s; “${umbrellas.join('”, “')}”; bot CPU ${Math.round(bot.cpuMs())} ms, RSS ${bot.rssMb().now} MiB`,
    };
  });
}

/** F2: all pods of a large Deployment crash. */
export async function benchLargeDeployment(api: ApiServer, slack: MeasuredSlack): Promise<Result> {
  return await withBot(api, slack, LARGE, async (bot) => {
    const from = now();
    await breakPods(api, LARGE, 100, () => 'crash');
    await api.patch(deploymentPath(SETS), withAvailable(SETS, 0));
    return await count(slack, bot, from, `F2 a Deployment of ${LARGE.length} pods crash-loops: messages`, LARGE.length);
  }).finally(() => api.patch(deploymentPath(SETS), withAvailable(SETS, LARGE.length)));
}

/** F3: a node with 110 pods is not ready. */
export async function benchNode(api: ApiServer, slack: MeasuredSlack): Promise<Result> {
  return await withBot(
    api,
    slack,
    FIRST_NODE,
    async (bot) => {
      const from = now();
      await api.patch(nodePath(0), nodeNotReady());
      await Promise.all(FIRST_NODE.map((ref) => api.patch(podPath(ref), notReady(ref))));
      await Promise.all(FIRST_NODE.map(({ set }) => api.patch(deploymentPath(set), withAvailable(set, 9))));
      return await count(
        slack,
        bot,
        from,
        `F3 a node with ${FIRST_NODE.length} pods is not ready: messages`,
        1 + FIRST_NODE.length,
      );
    },
    NODE_FIRST,
  ).finally(async () => {
    await api.patch(nodePath(0), nodeReady());
    await Promise.all(FIRST_NODE.map(({ set }) => api.patch(deploymentPath(set), withAvailable(set, 10))));
  });
}

async function count(
  slack: MeasuredSlack,
  bot: MeasuredBot,
  from: number,
  what: string,
  plain: number,
): Promise<Result> {
  await until(
    () => slack.messages(from),
    (messages) => messages.length > 0,
    20_000,
  );
  await sleep(8_000);
  const { messages, incidents } = await whatWasTold(slack, bot, from);
  const replies = messages.reduce((sum, one) => sum + one.replies, 0);
  // A reply that is shown in the channel, too, is no message of its own.
  const own = messages.filter(({ isBroadcast }) => !isBroadcast);
  return {
    what,
    baseline: figuresOf([plain]),
    shipmate: figuresOf([own.length]),
    target: '1',
    notes: `first after ${Math.round(Number(messages[0]?.ts) * 1_000 - from)} ms; ${replies} lines in threads, ${messages.length - own.length} of them loud; ${incidents.length} incidents recorded: ${messages.map(({ text }) => `“${text}”`).join(', ')}`,
  };
}

async function withBot(
  api: ApiServer,
  slack: MeasuredSlack,
  pods: readonly PodRef[],
  work: (bot: MeasuredBot) => Promise<Result>,
  alerts: object = DEFAULTS,
): Promise<Result> {
  await slack.limit(true);
  const bot = await startBot({ kubeconfig: api.kubeconfig, slackApiUrl: slack.apiUrl, alerts });
  try {
    return await work(bot);
  } finally {
    await bot.stop();
    await healPods(api, pods);
  }
}

async function whatWasTold(slack: MeasuredSlack, bot: MeasuredBot, from: number): Promise<Told> {
  const store = openStore({ endpoints: [bot.etcdEndpoint] }, { prefix: 'shipmate/v1/', log: createLogger('silent') });
  try {
    const found = await store.list<Incident>('incidents/now/', { limit: 1_000 });
    return { messages: await slack.messages(from), incidents: found.map(({ value }) => value) };
  } finally {
    await store.close();
  }
}

function rootsOf({ incidents }: Told): readonly Incident[] {
  return incidents.filter(({ kind }) => kind === 'root');
}

/** Of every message and its thread. */
async function everyWord(slack: MeasuredSlack, from: number): Promise<string> {
  const messages = await slack.messages(from);
  const threads = await Promise.all(messages.filter(({ replies }) => replies > 0).map(({ ts }) => slack.thread(ts)));
  return [...messages.map(({ whole }) => whole), ...threads].join('\n');
}

function namedIn(text: string, pods: readonly PodRef[]): number {
  const names = new Set([...text.matchAll(/service-(\d+)/g)].map(([, set]) => Number(set)));
  return pods.filter(({ set }) => names.has(set)).length;
}
