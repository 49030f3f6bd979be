import type { Result } from './figures.ts';
import { startApiServer } from './incidents/api-server.ts';
import { benchFlapping } from './incidents/flapping.ts';
import { everything } from './incidents/floor.ts';
import { benchLatency } from './incidents/latency.ts';
import { benchLargeDeployment, benchNode, benchStorm } from './incidents/noise.ts';
import { type MeasuredSlack, startSlack } from './incidents/sinks.ts';
import { benchSize } from './incidents/size.ts';

/** From a fault in a cluster to the message about it: how soon, how many, and what the bot weighs. */
export async function benchIncidents(isShort: boolean): Promise<Result[]> {
  const slack = await startSlack();
  try {
    return [
      ...(await onRealCluster(slack, isShort)),
      await benchFlapping(),
      ...(await benchSize(slack, isShort ? [5_500] : [5_500, 20_500, 50_000])),
    ];
  } finally {
    slack.stop();
  }
}

async function onRealCluster(slack: MeasuredSlack, isShort: boolean): Promise<Result[]> {
  const api = await startApiServer(everything());
  try {
    const results: Result[] = [];
    for (const sink of ['webhook', 'slack'] as const) {
      results.push(await benchLatency(api, slack, { perSecond: 10, faults: isShort ? 50 : 200, sink }));
      results.push(await benchLatency(api, slack, { perSecond: 100, faults: isShort ? 100 : 500, sink }));
    }
    results.push(await benchLargeDeployment(api, slack), await benchNode(api, slack));
    results.push(await benchStorm(api, slack, 'registry'));
    if (!isShort) results.push(await benchStorm(api, slack, 'crash'));
    return results;
  } finally {
    await api.stop();
  }
}
