import { NODES } from '../story/workloads.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';

export { NoControlPlane } from './binaries.ts';

/** The cluster of `npm run sandbox -- --real`. */
export interface RealCluster extends Pick<ControlPlane, 'kubeconfig' | 'url' | 'kubernetesVersion' | 'dir' | 'stop'> {
  /** Absolute path of the `kubectl` of the same version, for people who want to look behind the bot's back. */
  readonly kubectl: string;
}

/**
 * Builds the real control plane if it is not built yet, starts it with the story's nodes, and says on `progress` how far it is.
 * The kubeconfig's only context is `real`, with every right.
 * @throws NoControlPlane (its message is for the person) without Go; Error with the end of the failing component's log.
 */
export async function startRealCluster(progress: (line: string) => void): Promise<RealCluster> {
  const startedAt = performance.now();
  const { kubeconfig, url, kubernetesVersion, dir, stop, binaries } = await startControlPlane({
    nodes: NODES,
    progress,
  });
  progress(`Kubernetes ${kubernetesVersion} is ready at ${url} (${seconds(performance.now() - startedAt)} s)`);
  return { kubeconfig, url, kubernetesVersion, dir, stop, kubectl: binaries.file('kubectl') };
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
