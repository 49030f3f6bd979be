import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from '../child.ts';
import type { Binaries } from './binaries.ts';
import type { Identity } from './certificates.ts';
import { callHttps } from './https.ts';

export type ComponentName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

/** Where everything of one control plane is: its directory, its ports on 127.0.0.1, and who may ask whether it is ready. */
export interface Layout {
  readonly dir: string;
  readonly ports: Readonly<Record<ComponentName | 'etcd-peer', number>>;
  readonly binaries: Binaries;
  readonly ca: string;
  readonly admin: Identity;
}

/** Files in the control plane's directory, written before anything starts. */
export const FILES = {
  ca: 'ca.crt',
  caKey: 'ca.key',
  serverCertificate: 'server.crt',
  serverKey: 'server.key',
  tokenKey: 'service-accounts.key',
  tokenPublicKey: 'service-accounts.pub',
};

/** What goes wrong on the fake nodes, by annotation and image name. */
const FAULTS_FILE = fileURLToPath(new URL('faults.yaml', import.meta.url));

export function kubeconfigFile(layout: Pick<Layout, 'dir'>, name: string): string {
  return join(layout.dir, `${name}.kubeconfig`);
}

export function apiUrl(layout: Pick<Layout, 'ports'>): string {
  return `https://127.0.0.1:${layout.ports['kube-apiserver']}`;
}

export function etcdEndpoint(layout: Pick<Layout, 'ports'>): string {
  return `http://127.0.0.1:${layout.ports.etcd}`;
}

/** How each component is started and asked whether it is ready. Together they are what kubeadm would set up, on loopback. */
export function components(layout: Layout): Record<ComponentName, Program> {
  const at = (file: string): string => join(layout.dir, file);
  const program = (
    name: ComponentName,
    options: Record<string, string | number | boolean>,
    isReady: () => Promise<boolean>,
  ): Program => ({
    name,
    file: layout.binaries.file(name),
    args: Object.entries(options).map(([flag, value]) => `--${flag}=${value}`),
    logFile: at(`${name}.log`),
    // HOME: KWOK and kubectl would read the person's own settings there.
    env: { PATH: process.env.PATH, HOME: layout.dir },
    isReady,
    cleanUp: () => {},
  });
  const port = (name: ComponentName): number => layout.ports[name];
  const peer = `http://127.0.0.1:${layout.ports['etcd-peer']}`;

  return {
    etcd: program(
      'etcd',
      {
        ...{ name: 'sandbox', 'data-dir': at('etcd'), 'log-level': 'warn' },
        ...{ 'listen-client-urls': etcdEndpoint(layout), 'advertise-client-urls': etcdEndpoint(layout) },
        ...{ 'listen-peer-urls': peer, 'initial-advertise-peer-urls': peer, 'initial-cluster': `sandbox=${peer}` },
        // As kubeadm: without it the API server sends no bookmarks about what does not change.
        'watch-progress-notify-interval': '5s',
        // A killed process loses nothing without fsync; a power cut may cost a sandbox.
        'unsafe-no-fsync': true,
      },
      async () => {
        const response = await fetch(`${etcdEndpoint(layout)}/health`, { signal: AbortSignal.timeout(500) });
        return ((await response.json()) as { health?: string }).health === 'true';
      },
    ),
    'kube-apiserver': program(
      'kube-apiserver',
      {
        'etcd-servers': etcdEndpoint(layout),
        ...{ 'bind-address': '127.0.0.1', 'secure-port': port('kube-apiserver') },
        // The `kubernetes` Service cannot point at a loopback address; nothing in a fake pod would use it.
        ...{ 'advertise-address': '127.0.0.1', 'endpoint-reconciler-type': 'none' },
        ...{ 'tls-cert-file': at(FILES.serverCertificate), 'tls-private-key-file': at(FILES.serverKey) },
        'client-ca-file': at(FILES.ca),
        'authorization-mode': 'Node,RBAC',
        'enable-admission-plugins': 'NodeRestriction',
        'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
        'service-account-key-file': at(FILES.tokenPublicKey),
        'service-account-signing-key-file': at(FILES.tokenKey),
        'service-cluster-ip-range': '10.96.0.0/16',
        'allow-privileged': true,
        profiling: false,
      },
      async () => {
        const answer = await callHttps(`${apiUrl(layout)}/readyz`, { ca: layout.ca, identity: layout.admin });
        return answer.status === 200;
      },
    ),
    'kube-controller-manager': program(
      'kube-controller-manager',
      {
        kubeconfig: kubeconfigFile(layout, 'kube-controller-manager'),
        ...{ 'bind-address': '127.0.0.1', 'secure-port': port('kube-controller-manager') },
        'leader-elect': false,
        'use-service-account-credentials': true,
        'service-account-private-key-file': at(FILES.tokenKey),
        'root-ca-file': at(FILES.ca),
        ...{ 'cluster-signing-cert-file': at(FILES.ca), 'cluster-signing-key-file': at(FILES.caKey) },
        ...{ 'kube-api-qps': 200, 'kube-api-burst': 400 },
        profiling: false,
      },
      () => isHealthy(`https://127.0.0.1:${port('kube-controller-manager')}/healthz`),
    ),
    'kube-scheduler': program(
      'kube-scheduler',
      {
        kubeconfig: kubeconfigFile(layout, 'kube-scheduler'),
        ...{ 'bind-address': '127.0.0.1', 'secure-port': port('kube-scheduler') },
        'leader-elect': false,
        ...{ 'kube-api-qps': 200, 'kube-api-burst': 400 },
        profiling: false,
      },
      () => isHealthy(`https://127.0.0.1:${port('kube-scheduler')}/healthz`),
    ),
    kwok: program(
      'kwok',
      {
        kubeconfig: kubeconfigFile(layout, 'kwok'),
        config: `${layout.binaries.stagesFile},${FAULTS_FILE}`,
        'manage-all-nodes': true,
        'node-ip': '10.0.0.1',
        'node-lease-duration-seconds': 40,
        'server-address': `127.0.0.1:${port('kwok')}`,
      },
      async () => {
        const response = await fetch(`http://127.0.0.1:${port('kwok')}/healthz`, { signal: AbortSignal.timeout(500) });
        return response.ok;
      },
    ),
  };
}

/** Their certificates are their own work and change with every start; whether they answer is all that is asked. */
async function isHealthy(url: string): Promise<boolean> {
  return (await callHttps(url, { deadlineMs: 1_000 })).status === 200;
}
