import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from './api-server.ts';
import { now } from './api-server.ts';
import { type FaultKind, fault, healthy } from './faults.ts';
import { type PodRef, podName, podPath } from './floor.ts';

/** When the PATCH of each fault was answered: Deployment → epoch ms. */
export type Answered = ReadonlyMap<number, number>;

/** Breaks pods at a steady rate, one of each Deployment; `kindOf` the number of the fault. */
export async function breakPods(
  api: ApiServer,
  pods: readonly PodRef[],
  perSecond: number,
  kindOf: (n: number) => FaultKind,
): Promise<Answered> {
  const answered = new Map<number, number>();
  const startedAt = performance.now();
  const patches: Promise<void>[] = [];
  for (const [n, ref] of pods.entries()) {
    const waitMs = startedAt + (n * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    patches.push(
      api.patch(podPath(ref), fault(ref, kindOf(n), n)).then((at) => {
        answered.set(ref.set, Math.min(at, answered.get(ref.set) ?? at));
      }),
    );
  }
  await Promise.all(patches);
  return answered;
}

/** Makes pods well, some at a time. */
export async function healPods(api: ApiServer, pods: readonly PodRef[]): Promise<void> {
  for (let at = 0; at < pods.length; at += 32) {
    await Promise.all(pods.slice(at, at + 32).map((ref) => api.patch(podPath(ref), healthy(ref))));
  }
}

/** A bare watch of pods, which does nothing but look for the names: what no alert can beat. */
export async function bareWatch(
  api: ApiServer,
): Promise<{ seen(pods: readonly PodRef[]): ReadonlyMap<number, number>; stop(): void }> {
  const found = new Map<string, number>();
  const stream = await api.watch('/api/v1/pods?watch=true', '/api/v1/pods?limit=1');
  let isOver = false;
  const read = async (): Promise<void> => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      if (isOver) return;
      const at = now();
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const name = line.startsWith('{"type":"MODIFIED"') ? /"name":"([^"]+)"/.exec(line)?.[1] : undefined;
        if (name !== undefined && !found.has(name)) found.set(name, at);
      }
    }
  };
  void read().catch(() => undefined);
  return {
    seen: (pods) => new Map(pods.flatMap((ref) => present(ref.set, found.get(podName(ref))))),
    stop: () => {
      isOver = true;
    },
  };
}

function present(set: number, at: number | undefined): [number, number][] {
  return at === undefined ? [] : [[set, at]];
}
