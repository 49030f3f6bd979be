import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPracticeCluster } from '../../support/practice-cluster.ts';
import { describeClusterContract } from './suite.ts';

describeClusterContract('the practice cluster', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'shipmate-contract-'));
  const practice = await startPracticeCluster({ speed: 4 });
  practice.access.deny({ verb: 'list', group: '', resource: 'pods', namespace: 'locked' });
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, practice.kubeconfig);
  return {
    kubeconfig,
    locked: { kubeconfig, namespace: 'locked' },
    stop: async () => {
      await practice.stop();
      await rm(directory, { recursive: true });
    },
  };
});
