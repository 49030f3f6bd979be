import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSchema } from '../../src/config/file.ts';
import { startFeed } from '../../src/incidents/scene/feed.ts';
import { createScene } from '../../src/incidents/scene/scene.ts';
import { connectClusters } from '../../src/kubernetes/connect.ts';
import { createLogger } from '../../src/log.ts';
import { systemClock } from '../../src/time.ts';
import { bigCount } from './big-cluster.ts';

/**
 * `node watch-client.ts parse|scene URL PODS EVENTS`: one run in a process of its own, so that its memory and its CPU are its own. `parse`
 * reads the same bytes and does nothing but JSON.parse, of which alone the time counts. Prints one line of JSON.
 */
export interface Measured {
  readonly syncMs: number;
  readonly syncCpuMs: number;
  readonly eventCpuMs: number;
  /** Before the first byte: node, its type stripping, and what Shipmate loads for a watch. */
  readonly rssBeforeMb: number;
  readonly rssMb: number;
  readonly bytes: number;
  readonly longestBlockMs: number;
}

const [mode, url = '', podsText, eventsText] = process.argv.slice(2);
const pods = Number(podsText);
const events = Number(eventsText);
const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
};
const askForEvents = (): Promise<unknown> => fetch(`${url}/change-events?count=${events}`, { method: 'POST' });

async function parseOnly(): Promise<Measured> {
  let bytes = 0;
  let parsedMs = 0;
  let parsedCpuMs = 0;
  const parse = (text: string): { metadata?: { continue?: string } } => {
    bytes += text.length;
    const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
    const value = JSON.parse(text);
    parsedMs += performance.now() - startedAt;
    parsedCpuMs += cpuMs(cpu);
    return value;
  };
  for (const path of ['api/v1/pods', 'apis/apps/v1/replicasets', 'apis/apps/v1/deployments'])
    for (let token: string | undefined = ''; token !== undefined; ) {
      const answer = await fetch(`${url}/${path}?limit=500${token && `&continue=${token}`}`);
      token = parse(await answer.text()).metadata?.continue;
    }
  const sync = { syncMs: parsedMs, syncCpuMs: parsedCpuMs };
  parsedCpuMs = 0;
  const syncBytes = bytes;
  const watch = await fetch(`${url}/api/v1/pods?watch=true`);
  await askForEvents();
  let rest = '';
  let seen = 0;
  const decoder = new TextDecoder();
  for await (const chunk of watch.body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) parse(line);
    seen += lines.length;
    if (seen >= events) break;
  }
  return { ...sync, eventCpuMs: parsedCpuMs, rssBeforeMb: 0, rssMb: rss(), bytes: syncBytes, longestBlockMs: 0 };
}

async function keepScene(): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'shipmate-bench-'));
  const kubeconfig = join(directory, 'config');
  const user = { name: 'me', user: { token: 'x' } };
  const context = { name: 'big', context: { cluster: 'big', user: 'me' } };
  await writeFile(
    kubeconfig,
    JSON.stringify({
      'current-context': 'big',
      clusters: [{ name: 'big', cluster: { server: url } }],
      contexts: [context],
      users: [user],
    }),
  );
  const clusters = connectClusters(
    fileSchema.parse({ clusters: { big: { kubeconfig } } }).clusters,
    {},
    createLogger('silent'),
  );
  const scene = createScene('big', systemClock);
  const stop = new AbortController();
  let awaited = Number.POSITIVE_INFINITY;
  let restarted = 0;
  let allSeen = (): void => {};
  const rssBeforeMb = rss();
  const blocks = longestBlock();
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  const feed = startFeed({
    cluster: clusters.get(),
    scene: {
      ...scene,
      sight: scene.sight,
      counts: () => scene.counts(),
      remove: scene.remove.bind(scene),
      replace: scene.replace.bind(scene),
      event: scene.event.bind(scene),
      put: (object) => {
        const touched = scene.put(object);
        if (object.kind === 'Pod' && Number(object.metadata.resourceVersion) > 1_000_000 && ++restarted >= awaited)
          allSeen();
        return touched;
      },
    },
    clock: systemClock,
    log: createLogger('silent'),
    random: Math.random,
    signal: stop.signal,
    onChange: () => {},
  });
  await feed.synced;
  const syncMs = performance.now() - startedAt;
  const syncCpuMs = cpuMs(cpu);
  const longestBlockMs = blocks.stop();
  if (scene.counts().Pod !== bigCount('pods', pods)) throw new Error(`only ${scene.counts().Pod} pods were seen`);
  const rssMb = rss();
  awaited = events;
  await new Promise((resolve) => setTimeout(resolve, 200));
  const eventCpu = process.cpuUsage();
  await new Promise<void>((resolve) => {
    allSeen = resolve;
    void askForEvents();
  });
  const eventCpuMs = cpuMs(eventCpu);
  const after = Math.max(rssMb, rss());
  await feed.stop();
  await clusters.close();
  await rm(directory, { recursive: true });
  return { syncMs, syncCpuMs, eventCpuMs, rssBeforeMb, rssMb: after, bytes: 0, longestBlockMs };
}

/** How long the event loop was held at most. */
function longestBlock(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  return {
    stop: () => {
      clearInterval(timer);
      return longest;
    },
  };
}

function rss(): number {
  return process.memoryUsage.rss() / 1024 / 1024;
}

process.stdout.write(`${JSON.stringify(mode === 'parse' ? await parseOnly() : await keepScene())}\n`);
process.exit(0);
