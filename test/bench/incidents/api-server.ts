import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Etcd3 } from 'etcd3';
import { type Dispatcher, Pool } from 'undici';
import { freePorts, type Service, startProgram } from '../../../deploy/sandbox/child.ts';
import { controlPlaneBinaries } from '../../../deploy/sandbox/real/binaries.ts';
import { createAuthority } from '../../../deploy/sandbox/real/certificates.ts';
import {
  apiUrl,
  components,
  etcdEndpoint,
  kubeconfigFile,
  type Layout,
} from '../../../deploy/sandbox/real/components.ts';
import { writeIdentities } from '../../../deploy/sandbox/real/identities.ts';
import { writeKubeconfig } from '../../../deploy/sandbox/real/kubeconfig.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';

/** A real etcd and kube-apiserver and nothing else, as envtest starts them: objects are what they were made, nobody repairs them. */
export interface ApiServer {
  readonly url: string;
  readonly kubeconfig: string;
  /** Merge patch. @returns epoch ms when the answer began. @throws when it is refused. */
  patch(path: string, body: object): Promise<number>;
  /** A raw stream of everything that follows. @param list whose version it goes on from. */
  watch(path: string, list: string): Promise<AsyncIterable<Uint8Array>>;
  stop(): Promise<void>;
}

/** One object and where the API server keeps it: `pods/shop/web-1`. */
export interface Stored {
  readonly path: string;
  readonly object: KubeObject & { readonly apiVersion: string; readonly kind: string };
}

const PER_TRANSACTION = 50;

/** @param objects are there from the first moment: they are written to etcd before the API server starts, which reads JSON as well. */
export async function startApiServer(objects: readonly Stored[]): Promise<ApiServer> {
  const binaries = await controlPlaneBinaries((line) => process.stderr.write(`${line}\n`));
  const dir = await mkdtemp(join(tmpdir(), 'shipmate-bench-api-'));
  const names = ['etcd', 'etcd-peer', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
  const ports = await freePorts(names.length);
  const authority = createAuthority('shipmate-bench', Date.now());
  const layout: Layout = {
    ...{ dir, binaries, ca: authority.certificate },
    ports: Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Layout['ports'],
    admin: authority.issue({ user: 'admin', groups: ['system:masters'] }),
  };
  await writeIdentities(layout, authority);
  const programs = components(layout);
  const running: Service[] = [];
  const stop = async (): Promise<void> => {
    await pool?.destroy().catch(() => undefined);
    await Promise.all(running.map((service) => service.kill()));
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  let pool: Pool | undefined;
  try {
    running.push(await startProgram(programs.etcd));
    await store(etcdEndpoint(layout), objects);
    const server = programs['kube-apiserver'];
    // Nobody makes service accounts here, and nodes are ready from the beginning.
    const plugins = '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition';
    running.push(await startProgram({ ...server, args: [...server.args, plugins] }));
    const { certificate, key } = layout.admin;
    const url = apiUrl(layout);
    const own = new Pool(url, {
      connect: { ca: layout.ca, cert: certificate, key },
      connections: 32,
      bodyTimeout: 0,
      allowH2: false,
    });
    pool = own;
    const access = { url, ca: layout.ca, credential: layout.admin, context: 'real' };
    const kubeconfig = await writeKubeconfig(kubeconfigFile(layout, 'admin'), access);
    return {
      url,
      kubeconfig,
      patch: (path, body) => patch(own, path, body),
      async watch(path, list) {
        const first = await own.request({ method: 'GET', path: list });
        const { metadata } = (await first.body.json()) as { metadata: { resourceVersion: string } };
        const from = `${path}&resourceVersion=${metadata.resourceVersion}`;
        return (await own.request({ method: 'GET', path: from })).body;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Epoch ms with fractions, the same in every process of this machine. */
export const now = (): number => performance.timeOrigin + performance.now();

async function patch(pool: Dispatcher, path: string, body: object): Promise<number> {
  const answer = await pool.request({
    method: 'PATCH',
    path,
    origin: undefined,
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify(body),
  } as Dispatcher.RequestOptions);
  const at = now();
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`PATCH ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
  return at;
}

async function store(endpoint: string, objects: readonly Stored[]): Promise<void> {
  const etcd = new Etcd3({ hosts: endpoint });
  try {
    for (let at = 0; at < objects.length; at += PER_TRANSACTION) {
      const success = objects.slice(at, at + PER_TRANSACTION).map(({ path, object }) => ({
        request_put: { key: Buffer.from(`/registry/${path}`), value: Buffer.from(JSON.stringify(object)) },
      }));
      await etcd.kv.txn({ compare: [], success, failure: [] });
    }
  } finally {
    etcd.close();
  }
}
