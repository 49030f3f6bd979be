import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, PortTaken, type Service, startProgram } from '../child.ts';
import { type Binaries, controlPlaneBinaries } from './binaries.ts';
import { type Authority, createAuthority } from './certificates.ts';
import { apiUrl, type ComponentName, components, etcdEndpoint, kubeconfigFile, type Layout } from './components.ts';
import { credentialFor, type Subject, writeIdentities } from './identities.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { addNodes } from './nodes.ts';
import { runTool } from './tool.ts';

/**
 * A real Kubernetes control plane on 127.0.0.1: etcd, kube-apiserver with RBAC, kube-controller-manager, kube-scheduler, and KWOK, which
 * plays the nodes: pods get scheduled and become Ready, but no container runs.
 */
export interface ControlPlane {
  /** `v1.36.3` */
  readonly kubernetesVersion: string;
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** Path of a kubeconfig whose only context, `real`, may do everything. */
  readonly kubeconfig: string;
  /** `http://127.0.0.1:PORT` of the cluster's own etcd. */
  readonly etcdEndpoint: string;
  /** Absolute paths of the programs. */
  readonly binaries: Binaries;
  /** Logs are here, one file per component. */
  readonly dir: string;
  /** To pause, kill and restart one component; it comes back on the same port with the same data. */
  component(name: ComponentName): Service;
  /** Writes a kubeconfig for somebody with only what RBAC gives them; its path. A service account must exist. */
  kubeconfigFor(subject: Subject): Promise<string>;
  /** `kubectl ARGS`, as the administrator unless another kubeconfig is named. Its output. @throws Error whose message is kubectl's own. */
  kubectl(args: readonly string[], options?: { kubeconfig?: string; input?: string }): Promise<string>;
  /** `etcdctl ARGS` on the cluster's own etcd. @throws Error whose message is etcdctl's own. */
  etcdctl(args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** How many, called `node-1` and so on, or their names. Default 3. */
  readonly nodes?: number | readonly string[];
  /** An empty or new directory that stays afterwards; a temporary one when absent. */
  readonly dir?: string;
  /** Gets one line at a time while binaries are built or components start. */
  readonly progress?: (line: string) => void;
}

const START_ATTEMPTS = 3;

/**
 * Builds what is not built yet (minutes, the first time) and starts it (seconds); resolves when the nodes are Ready.
 * @throws NoControlPlane without Go; Error with the end of the failing component's log.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = await controlPlaneBinaries(options.progress ?? (() => {}));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnFreePorts(binaries, options);
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function startOnFreePorts(binaries: Binaries, options: ControlPlaneOptions): Promise<ControlPlane> {
  const home = await homeOf(options.dir);
  const authority = createAuthority('shipmate-sandbox', Date.now());
  const layout: Layout = {
    ...{ dir: home.dir, binaries, ports: await choosePorts(), ca: authority.certificate },
    admin: authority.issue({ user: 'admin', groups: ['system:masters'] }),
  };
  const running = new Map<ComponentName, Service>();
  const stop = async (): Promise<void> => {
    // Killed, not asked: an API server takes its time over open watches, and nothing here is kept.
    await Promise.all([...running.values()].map((service) => service.kill()));
    home.remove();
  };
  try {
    await startAll(layout, authority, running);
    await addNodes(layout, nodeNames(options.nodes ?? 3));
  } catch (error) {
    await stop();
    throw error;
  }
  return controlPlane(layout, authority, running, stop);
}

/** Each waits for what it talks to: the API server for etcd, the others for the API server. */
async function startAll(layout: Layout, authority: Authority, running: Map<ComponentName, Service>): Promise<void> {
  await writeIdentities(layout, authority);
  const programs = components(layout);
  const start = async (name: ComponentName): Promise<void> => {
    running.set(name, await startProgram(programs[name]));
  };
  await start('etcd');
  await start('kube-apiserver');
  const started = await Promise.allSettled(
    (['kube-controller-manager', 'kube-scheduler', 'kwok'] as const).map((name) => start(name)),
  );
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function controlPlane(
  layout: Layout,
  authority: Authority,
  running: ReadonlyMap<ComponentName, Service>,
  stop: () => Promise<void>,
): Promise<ControlPlane> {
  const { binaries, ca } = layout;
  const url = apiUrl(layout);
  let written = 0;
  const write = (name: string, credential: Parameters<typeof writeKubeconfig>[1]['credential']): Promise<string> =>
    writeKubeconfig(kubeconfigFile(layout, name), { url, ca, credential, context: 'real' });
  const kubeconfig = await write('admin', layout.admin);
  return {
    ...{ kubernetesVersion: binaries.kubernetesVersion, url, kubeconfig, etcdEndpoint: etcdEndpoint(layout) },
    ...{ binaries, dir: layout.dir, stop },
    component: (name) => {
      const service = running.get(name);
      if (!service) throw new Error(`There is no component "${name}".`);
      return service;
    },
    kubeconfigFor: async (subject) => {
      written += 1;
      return write(`subject-${written}`, await credentialFor(layout, authority, subject));
    },
    kubectl: (args, { kubeconfig: other = kubeconfig, input } = {}) =>
      runTool(binaries.file('kubectl'), ['--kubeconfig', other, ...args], { home: layout.dir, input }),
    etcdctl: (args) =>
      runTool(binaries.file('etcdctl'), ['--endpoints', etcdEndpoint(layout), ...args], { home: layout.dir }),
  };
}

function nodeNames(nodes: number | readonly string[]): readonly string[] {
  return typeof nodes === 'number' ? Array.from({ length: nodes }, (_, index) => `node-${index + 1}`) : nodes;
}

async function choosePorts(): Promise<Layout['ports']> {
  const names = ['etcd', 'etcd-peer', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Layout['ports'];
}

async function homeOf(dir: string | undefined): Promise<{ dir: string; remove: () => void }> {
  if (dir !== undefined) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if ((await readdir(dir)).length > 0) throw new Error(`${dir} is not empty; name a new directory.`);
    return { dir, remove: () => {} };
  }
  const temporary = await mkdtemp(join(tmpdir(), 'shipmate-control-plane-'));
  const erase = (): void => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', erase);
  return {
    dir: temporary,
    remove: () => {
      process.off('exit', erase);
      erase();
    },
  };
}
