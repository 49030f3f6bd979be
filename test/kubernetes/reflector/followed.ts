import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSchema } from '../../../src/config/file.ts';
import type { Cluster } from '../../../src/kubernetes/cluster.ts';
import { connectClusters } from '../../../src/kubernetes/connect.ts';
import { type Reflector, type ReflectorTimings, startReflector } from '../../../src/kubernetes/reflector/reflector.ts';
import { createLogger } from '../../../src/log.ts';
import { systemClock } from '../../../src/time.ts';
import { kubeconfigText } from '../scripted-server.ts';

/** What somebody who follows ConfigMaps believes, beside what they were told. */
export interface Followed {
  readonly reflector: Reflector;
  /** Name → data.n as last told. */
  believed(): Record<string, string>;
  /** `+name n` and `-name`, in order. */
  readonly told: readonly string[];
  stop(): Promise<void>;
}

export const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };

/** Short times, so that a test sees an hour's worth. */
export const QUICK: Partial<ReflectorTimings> = { firstRetryMs: 20, maxRetryMs: 100, pageSize: 3 };

export function follow(cluster: Cluster, timings: Partial<ReflectorTimings> = {}, resource = CONFIG_MAPS): Followed {
  const names = new Map<string, string>();
  const values = new Map<string, string>();
  const told: string[] = [];
  const stopping = new AbortController();
  const reflector = startReflector({
    cluster,
    resource,
    project: ({ metadata, data }) => ({ uid: metadata.uid ?? '', name: metadata.name ?? '', n: String(data?.n) }),
    onPut: ({ uid, name, n }) => {
      names.set(uid, name);
      values.set(uid, n);
      told.push(`+${name} ${n}`);
    },
    onRemove: (uids) => {
      for (const uid of uids) {
        told.push(`-${names.get(uid)}`);
        values.delete(uid);
      }
    },
    signal: stopping.signal,
    clock: systemClock,
    log: createLogger('silent'),
    random: Math.random,
    timings: { ...QUICK, ...timings },
  });
  return {
    reflector,
    told,
    believed: () => Object.fromEntries([...values].map(([uid, n]) => [names.get(uid) ?? '', n]).sort()),
    stop: async () => {
      stopping.abort();
      await reflector.stopped;
    },
  };
}

/** Our client, connected to some API server's address. */
export async function connected(url: string, token: string): Promise<{ cluster: Cluster; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'shipmate-reflector-'));
  const kubeconfig = join(directory, 'config');
  await writeFile(kubeconfig, kubeconfigText(url, token));
  const clusters = connectClusters(
    fileSchema.parse({ clusters: { demo: { kubeconfig } } }).clusters,
    {},
    createLogger('silent'),
  );
  return {
    cluster: clusters.get(),
    close: async () => {
      await clusters.close();
      await rm(directory, { recursive: true });
    },
  };
}
