import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SeenMessage } from '../../../deploy/sandbox/slack/protocol.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { createLogger } from '../../../src/log.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { delay } from '../../../src/time.ts';
import { type BotWorld, startBotWorld } from '../../support/bot.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import type { Actor } from '../../support/person.ts';
import { driveSlack } from '../../support/practice-slack.ts';
import { type Fleet, startFleet } from './fleet.ts';

export const IS_SHORT = Boolean(process.env.SHIPMATE_SHORT);

/** A bot that watches a fleet, seen from outside: what stands in etcd, and what stands in #prod-alerts. */
export interface IncidentWorld {
  readonly house: BotWorld;
  readonly fleet: Fleet;
  /** Stands between the bot and its API server. */
  readonly proxy: FaultProxy;
  readonly slack: ReturnType<typeof driveSlack>;
  readonly ada: Actor;
  readonly store: Store;
  /** Everything that was ever recorded, open or over. @throws while etcd is away. */
  incidents(): Promise<readonly Incident[]>;
  /** The messages of incidents in #prod-alerts; lines in threads are not among them. */
  messages(): Promise<readonly SeenMessage[]>;
  /** Resolved when a bot has looked at the cluster for the first time: what stands then is one digest. */
  watched(): Promise<void>;
  /** How many words wait to be said. */
  waiting(): Promise<number>;
  stop(): Promise<void>;
}

/** Every fault is told at once and by itself, and is over a second after it is well. */
export const AT_ONCE = {
  storm: { incidents: 0, sharing: 1_000 },
  rules: {
    '*': { hold: '0s', resolveAfter: '1s' },
    P01: { settings: { window: '1s' }, hold: '0s', resolveAfter: '1s' },
  },
};

export interface IncidentWorldOptions {
  /** How many Deployments. */
  readonly size: number;
  /** Of the config file. Default `AT_ONCE`. */
  readonly alerts?: Readonly<Record<string, unknown>>;
  readonly bridges?: Readonly<Record<string, unknown>>;
  /** Replicas in this process. Default 1. */
  readonly bots?: number;
}

export async function startIncidentWorld(options: IncidentWorldOptions): Promise<IncidentWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'shipmate-incidents-'));
  const fleet = await startFleet(options.size);
  const proxy = await startFaultProxy(fleet.cluster.url);
  const kubeconfig = join(dir, 'kubeconfig');
  await writeFile(kubeconfig, fleet.cluster.kubeconfig.replaceAll(fleet.cluster.url, proxy.url));
  const { alerts = AT_ONCE, bridges, bots = 1 } = options;
  const config = { alerts, ...(bridges && { bridges }) };
  const house = await startBotWorld({ cluster: { alias: 'demo', kubeconfig }, config, bots, seeded: false });
  const slack = driveSlack(house.world.slack.controlUrl);
  await slack.settings({ keepCalls: 20_000 });
  const ada = slack.person('ada');
  const store = openStore(
    { endpoints: [house.world.etcd.endpoint] },
    { prefix: 'shipmate/v1/', log: createLogger('silent') },
  );
  return {
    house,
    fleet,
    proxy,
    slack,
    ada,
    store,
    async incidents() {
      const [now, past] = await Promise.all([
        store.list<Incident>('incidents/now/'),
        store.list<Incident>('incidents/past/'),
      ]);
      return [...new Map([...past, ...now].map(({ value }) => [value.id, value])).values()];
    },
    async messages() {
      const all = await ada.reads('prod-alerts', { limit: 5_000 });
      return all.filter(({ metadata }) => /^[^.]+$/.test(incidentIn(metadata)));
    },
    async watched() {
      while (!(await store.get('incidents/meta/demo'))) await delay(50);
    },
    waiting: async () => (await store.list('outbox/')).length,
    async stop() {
      await house.stop();
      await store.close();
      await proxy.stop();
      await fleet.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export function incidentIn(metadata: SeenMessage['metadata']): string {
  return String(metadata?.event_payload.incident ?? '.');
}
