import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterConfig, fileSchema } from '../../src/config/file.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { connectClusters } from '../../src/kubernetes/connect.ts';
import { createLogger } from '../../src/log.ts';

/** An HTTP server that answers exactly as a test says: for what a true API server seldom does. */
export interface ScriptedServer {
  readonly url: string;
  /** `METHOD path?query`, in order. */
  readonly asked: readonly string[];
  /** Our client, connected to it. */
  readonly cluster: Cluster;
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

export async function startScripted(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  config: Partial<ClusterConfig> = {},
  token = 'let-me-in',
): Promise<ScriptedServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const directory = await mkdtemp(join(tmpdir(), 'shipmate-kubeconfig-'));
  const kubeconfig = join(directory, 'config');
  await writeFile(kubeconfig, kubeconfigText(url, token));
  const parsed = fileSchema.parse({ clusters: { demo: { kubeconfig, ...config } } });
  const clusters = connectClusters(parsed.clusters, {}, createLogger('silent'));
  return {
    url,
    asked,
    cluster: clusters.get(),
    kubeconfig,
    stop: async () => {
      await clusters.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true });
    },
  };
}

export function kubeconfigText(url: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'demo',
    clusters: [{ name: 'demo', cluster: { server: url } }],
    contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'me', namespace: 'shop' } }],
    users: [{ name: 'me', user: { token } }],
  });
}

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };
