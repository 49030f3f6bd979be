import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPracticeCluster } from '../../deploy/sandbox/cluster/practice-cluster.ts';
import { alertsSchema } from '../../src/config/alerts.ts';
import { connectClusters } from '../../src/kubernetes/connect.ts';
import { createLogger } from '../../src/log.ts';
import { steadyClock } from './steady-clock.ts';
import { POOLS, type Pool, poolNode } from './stories/nodes.ts';
import { describeQuiet } from './suite.ts';

/** A minute of the cluster's life is a second of ours. */
const SPEED = 60;

describeQuiet(
  'the practice cluster',
  async () => {
    const steady = steadyClock();
    const pools = (Object.keys(POOLS) as Pool[]).flatMap((pool) =>
      POOLS[pool].map((name) => ({ name, ...poolNode(pool) })),
    );
    const nodes = [
      ...['harbour-1', 'harbour-2', 'harbour-3'].map((name) => ({ name, labels: {}, spec: {} })),
      ...pools,
    ];
    const practice = await startPracticeCluster({
      ...{ speed: SPEED, isTimeFast: true, clock: steady.clock },
      seed: nodes.map(({ name, labels, spec }) => ({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels },
        spec,
      })),
    });
    const dir = await mkdtemp(join(tmpdir(), 'shipmate-quiet-'));
    const kubeconfig = join(dir, 'kubeconfig');
    await writeFile(kubeconfig, practice.kubeconfig, { mode: 0o600 });
    const clusters = connectClusters({ practice: { kubeconfig, production: false } }, {}, createLogger('silent'));
    return {
      ...{ cluster: clusters.get(), clock: practice.clock, pace: 1, speed: SPEED },
      ...{ alerts: alertsSchema.parse({}), hasMetrics: true, hasProvisioner: true },
      async stop() {
        await clusters.close();
        await practice.stop();
        steady.stop();
        await rm(dir, { recursive: true, force: true });
      },
    };
  },
  { timeoutMs: 90_000 },
);
