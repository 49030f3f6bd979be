import type { Result } from './figures.ts';
import { startApiServer } from './incidents/api-server.ts';
import { everything } from './incidents/floor.ts';
import { benchLatency } from './incidents/latency.ts';
import { startSlack } from './incidents/sinks.ts';

/** From a fault in a cluster to the message about it: how soon, how many, and what the bot weighs. */
export async function benchIncidents(isShort: boolean): Promise<Result[]> {
  const results: Result[] = [];
  const slack = await startSlack();
  try {
    const api = await startApiServer(everything());
    try {
      for (const sink of ['webhook', 'slack'] as const) {
        results.push(await benchLatency(api, slack, { perSecond: 10, faults: isShort ? 50 : 200, sink }));
        results.push(await benchLatency(api, slack, { perSecond: 100, faults: isShort ? 100 : 500, sink }));
      }
    } finally {
      await api.stop();
    }
  } finally {
    slack.stop();
  }
  return results;
}
