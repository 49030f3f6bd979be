import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** What is built and from what: the Go modules in `test/cluster/control-plane`, whose `tool` lines name the same packages. */
export const SOURCES_DIR = fileURLToPath(new URL('../../../test/cluster/control-plane/', import.meta.url));

export type BinaryName =
  | 'etcd'
  | 'etcdctl'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubectl'
  | 'kwok';

/** `minutes`: measured on two cores, with nothing compiled before. In this order, later ones reuse what earlier ones compiled. */
export const BINARIES: readonly { name: BinaryName; module: string; package: string; minutes: number }[] = [
  { name: 'etcd', module: 'etcd', package: 'go.etcd.io/etcd/server/v3', minutes: 1 },
  { name: 'etcdctl', module: 'etcd', package: 'go.etcd.io/etcd/etcdctl/v3', minutes: 0 },
  { name: 'kube-apiserver', module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-apiserver', minutes: 4 },
  {
    name: 'kube-controller-manager',
    module: 'kubernetes',
    package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    minutes: 1,
  },
  { name: 'kube-scheduler', module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-scheduler', minutes: 0 },
  { name: 'kubectl', module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kubectl', minutes: 0 },
  { name: 'kwok', module: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok', minutes: 1 },
];

/** KWOK's own rules for fake nodes and pods, shipped in its module: nodes that stay Ready, pods that are Ready at once. */
export const STAGES = [
  'kustomize/stage/node/fast/node-initialize.yaml',
  'kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'kustomize/stage/pod/fast/pod-ready.yaml',
  'kustomize/stage/pod/fast/pod-complete.yaml',
  'kustomize/stage/pod/fast/pod-delete.yaml',
];

/** Raised when the way of building changes, so that older binaries are not taken for new ones. */
const RECIPE = '1';

export interface Sources {
  /** `v1.36.3` */
  readonly kubernetesVersion: string;
  /** Twelve hex digits over every go.mod and go.sum. */
  readonly digest: string;
}

/** Reads the pinned versions. The version is said once, in go.mod. */
export async function readSources(): Promise<Sources> {
  const hash = createHash('sha256').update(RECIPE);
  for (const module of [...new Set(BINARIES.map((binary) => binary.module))]) {
    for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(`${SOURCES_DIR}${module}/${file}`));
  }
  const goMod = await readFile(`${SOURCES_DIR}kubernetes/go.mod`, 'utf8');
  const kubernetesVersion = /^(?:require )?\s*k8s\.io\/kubernetes (v\S+)/m.exec(goMod)?.[1];
  if (!kubernetesVersion)
    throw new Error('test/cluster/control-plane/kubernetes/go.mod does not pin k8s.io/kubernetes.');
  return { kubernetesVersion, digest: hash.digest('hex').slice(0, 12) };
}

/**
 * Linker flags that a release build sets, so that `kubectl version` and `/version` tell the truth; `-s -w` leaves out what only a
 * debugger reads.
 */
export function linkerFlags(kubernetesVersion: string): string {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(kubernetesVersion) ?? [];
  const values = { gitVersion: kubernetesVersion, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const settings = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((home) =>
    Object.entries(values).map(([name, value]) => `-X ${home}.${name}=${value}`),
  );
  return ['-s', '-w', ...settings].join(' ');
}
