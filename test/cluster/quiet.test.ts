import { startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';
import { alertsSchema } from '../../src/config/alerts.ts';
import { systemClock } from '../../src/time.ts';
import { shortened } from '../quiet/shortened.ts';
import { POOLS, type Pool, poolNode } from '../quiet/stories/nodes.ts';
import { describeQuiet } from '../quiet/suite.ts';
import { connectTo } from './ours.ts';

/** A real cluster lives in our time, but pods without containers are quick: 45 s of a slow start are 1.5 s, a hold of 5 min is 10 s. */
const PACE = 30;

describeQuiet(
  'a real control plane',
  async () => {
    const pools = (Object.keys(POOLS) as Pool[]).flatMap((pool) => POOLS[pool].map((name) => ({ name, pool })));
    const controlPlane = await startControlPlane({ nodes: ['node-1', 'node-2', ...pools.map(({ name }) => name)] });
    for (const { name, pool } of pools) {
      const { labels, spec } = poolNode(pool);
      await controlPlane.kubectl(['patch', 'node', name, '-p', JSON.stringify({ metadata: { labels }, spec })]);
    }
    const { cluster, close } = await connectTo(controlPlane);
    return {
      ...{ cluster, clock: systemClock, pace: PACE, speed: 1, hasMetrics: false, hasProvisioner: false },
      alerts: alertsSchema.parse({ rules: await shortened(PACE) }),
      async stop() {
        await close();
        await controlPlane.stop();
      },
    };
  },
  { timeoutMs: 180_000 },
);
