import { startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';
import { describeClusterContract } from '../contract/kubernetes/suite.ts';

describeClusterContract('a real control plane', async () => {
  const controlPlane = await startControlPlane({ nodes: 3 });
  const lockedOut = await controlPlane.kubeconfigFor({ user: 'locked-out' });
  return {
    kubeconfig: controlPlane.kubeconfig,
    locked: { kubeconfig: lockedOut, namespace: 'locked' },
    stop: () => controlPlane.stop(),
  };
});
