import type { ControlPlane } from '../../deploy/sandbox/real/control-plane.ts';
import type { Subject } from '../../deploy/sandbox/real/identities.ts';
import { fileSchema } from '../../src/config/file.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { connectClusters } from '../../src/kubernetes/connect.ts';
import { createLogger } from '../../src/log.ts';

/** Shipmate's own client, connected to the real control plane as the administrator or as somebody with less power. */
export async function connectTo(
  controlPlane: ControlPlane,
  subject?: Subject,
): Promise<{ cluster: Cluster; close(): Promise<void> }> {
  const kubeconfig = subject ? await controlPlane.kubeconfigFor(subject) : controlPlane.kubeconfig;
  const config = fileSchema.parse({ clusters: { real: { kubeconfig } } });
  const clusters = connectClusters(config.clusters, {}, createLogger('silent'));
  return { cluster: clusters.get('real'), close: () => clusters.close() };
}
