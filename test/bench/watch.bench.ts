import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Result } from './figures.ts';
import { figuresOf } from './figures.ts';
import type { Measured } from './watch-client.ts';

/**
 * A first sync of a large cluster, and what each change costs after it, against nothing but JSON.parse of the same bytes. CPU time of the
 * whole process (network, garbage collection and all), since wall time on a shared machine is somebody else's.
 */
export async function benchWatch(sizes: readonly number[], rounds: number): Promise<Result[]> {
  const results: Result[] = [];
  for (const pods of sizes) results.push(...(await measureAt(pods, rounds)));
  return results;
}

const EVENTS = 20_000;

async function measureAt(pods: number, rounds: number): Promise<Result[]> {
  const { server, url } = await startServer(pods);
  try {
    const parse: Measured[] = [];
    const scene: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      parse.push(await run('parse', url, pods));
      scene.push(await run('scene', url, pods));
    }
    const of = (all: readonly Measured[], what: (one: Measured) => number) => figuresOf(all.map(what));
    const mebibytes = Math.round((parse[0]?.bytes ?? 0) / 1024 / 1024);
    const rss = of(scene, (one) => one.rssMb);
    const before = of(scene, (one) => one.rssBeforeMb);
    return [
      {
        what: `${pods} pods: first sync, CPU`,
        baseline: of(parse, (one) => one.syncCpuMs),
        shipmate: of(scene, (one) => one.syncCpuMs),
        target: '<= 2x JSON.parse',
        notes: `${mebibytes} MiB of JSON; wall ${of(scene, (one) => one.syncMs).p50} ms; event loop held at most ${of(scene, (one) => one.longestBlockMs).max} ms`,
      },
      {
        what: `${pods} pods: 1,000 changes, CPU`,
        baseline: of(parse, (one) => (one.eventCpuMs * 1_000) / EVENTS),
        shipmate: of(scene, (one) => (one.eventCpuMs * 1_000) / EVENTS),
        target: '<= 2x JSON.parse',
      },
      {
        what: `${pods} pods: RSS (MiB), process before and with the scene`,
        baseline: before,
        shipmate: rss,
        target: 'whole bot <= 400 MiB at 50,000, <= 260 at 20,000',
      },
    ];
  } finally {
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
}

async function startServer(pods: number): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'watch-server.ts'), String(pods)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { server, url: (await firstLine(server)).trim() };
}

async function run(mode: 'parse' | 'scene', url: string, pods: number): Promise<Measured> {
  const args = [join(import.meta.dirname, 'watch-client.ts'), mode, url, String(pods), String(EVENTS)];
  return JSON.parse(
    await firstLine(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })),
  ) as Measured;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the child has no output');
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error('the child ended without a word');
}
