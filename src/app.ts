import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowListAccess } from './access/allow-list.ts';
import { redactingChat } from './access/redact/chat.ts';
import { redactingQueues, redactingStore } from './access/redact/kept.ts';
import { redactingPlans } from './access/redact/plans.ts';
import { NotDelivered } from './chat/delivery.ts';
import { createChat } from './chat/slack.ts';
import { normalise } from './chat/text/normalise.ts';
import type { Config, Role } from './config.ts';
import { connectEtcdClusters } from './etcd/connect.ts';
import { startHttp } from './http/server.ts';
import { openQueues } from './jobs/bull-queues.ts';
import { connectClusters } from './kubernetes/connect.ts';
import type { Logger } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { House } from './pipeline/definition.ts';
import { houseStatus } from './pipeline/house-status.ts';
import type { LineWord } from './pipeline/line.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { createRegistry, loadCommands } from './pipeline/registry.ts';
import { refuseHidden } from './redact/typed-line.ts';
import { redactValue } from './redact/values.ts';
import { openStore } from './state/etcd-store.ts';
import { type Clock, systemClock } from './time.ts';

/** The composition root: the only file that knows every room. */
export interface App {
  /** The port of health, readiness and metrics. */
  readonly httpPort: number;
  /** Stops taking work, finishes or hands over, closes everything. Never takes longer than `deadlineMs` (default 25 s). */
  stop(deadlineMs?: number): Promise<void>;
}

const COMMANDS = join(import.meta.dirname, '../commands');
const REFUSED_CHANNEL = new Set([
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'cannot_reply_to_message',
  'not_authed_for_channel',
]);

/**
 * Starts the roles that the config asks for. Everything is checked before Slack is connected, so that nobody types into a half-built bot.
 * @throws ConfigError, UsageError (kubeconfig, Redis URL) before anything runs; UnavailableError when Slack refuses the token.
 */
export async function startApp(config: Config, log: Logger, clock: Clock = systemClock): Promise<App> {
  const registry = createRegistry((await loadCommands(COMMANDS)).map(redactingPlans));
  const metrics = createMetrics();
  const clusters = connectClusters(config.file.clusters, { kubeconfig: config.env.KUBECONFIG }, log);
  const etcds = connectEtcdClusters(config.file.etcd, log);
  const queues = redactingQueues(openQueues(config.env.REDIS_URL, log));
  const store = redactingStore(
    openStore(
      {
        endpoints: config.env.ETCD_ENDPOINTS,
        username: config.env.ETCD_USERNAME,
        password: config.env.ETCD_PASSWORD,
        caFile: config.env.ETCD_CA_FILE,
        certFile: config.env.ETCD_CERT_FILE,
        keyFile: config.env.ETCD_KEY_FILE,
      },
      { prefix: 'shipmate/v1/', log },
    ),
  );
  const chat = redactingChat(
    createChat(
      {
        botToken: config.env.SLACK_BOT_TOKEN,
        appToken: config.env.SLACK_APP_TOKEN,
        signingSecret: config.env.SLACK_SIGNING_SECRET,
        port: config.env.SLACK_PORT,
        apiUrl: config.env.SLACK_API_URL,
      },
      { clock, log, metrics: { ack: metrics.ack, request: metrics.slack } },
    ),
  );
  const access = allowListAccess(
    { ...config.file.access, configured: config.fileFound },
    () => chat.health().bot?.team,
  );
  const house: House = {
    commands: registry.commands,
    may: (person, command) => access.may(person, command.permission),
    status: () => houseStatus({ chat, store, queues, clusters, etcds, version: packageVersion() }),
  };
  const pipeline = createPipeline({
    registry,
    access,
    chat,
    store,
    queues,
    clusters,
    etcds,
    clock,
    log,
    house,
    normalise: (raw) => wordsOf(raw, registry.families),
    isRefusedChannel: (error) => error instanceof NotDelivered && REFUSED_CHANNEL.has(error.slackError),
    isGoneMessage: (error) =>
      error instanceof NotDelivered &&
      (error.slackError === 'message_not_found' || error.slackError === 'cant_update_message'),
    measured: metrics.command,
  });

  const has = (role: Role): boolean => config.env.SHIPMATE_ROLES.includes(role);
  const http = await startHttp(config.env.HTTP_PORT, {
    metrics: () => metrics.expose(),
    probes: () => probesOf(house, has('gateway')),
  });
  await chat.start(pipeline.inbox, { receive: has('gateway') });
  const working = has('worker') ? await pipeline.work() : undefined;
  const gauges = setInterval(
    () =>
      void queues.depth().then(
        (depth) => recordDepth(depth, metrics),
        () => undefined,
      ),
    10_000,
  );
  log.info(
    { roles: config.env.SHIPMATE_ROLES, http: http.port, commands: registry.commands.length },
    'Shipmate is ready',
  );

  return {
    httpPort: http.port,
    async stop(deadlineMs = 25_000) {
      clearInterval(gauges);
      const graceMs = Math.max(0, deadlineMs - 7_000);
      await chat.stopReceiving();
      await working?.stop(graceMs);
      await Promise.allSettled([
        chat.stop(),
        http.stop(),
        queues.close(),
        store.close(),
        clusters.close(),
        ...etcds.all().map((etcd) => etcd.close()),
      ]);
    },
  };
}

/** A line that began with the tool's own name belongs to that family: `@Shipmate kubectl get pods`. */
function wordsOf(raw: string, families: readonly string[]): readonly LineWord[] {
  refuseHidden(raw);
  const line = normalise(raw);
  const first = line.words[0]?.text.replace(/^\//, '').toLowerCase();
  if (line.tool === undefined || (first !== undefined && families.includes(first))) return line.words;
  return [{ text: line.tool === 'etcdctl' ? 'etcd' : 'k8s' }, ...line.words];
}

const REQUIRED = new Set(['Redis', 'etcd (own)']);

async function probesOf(house: House, isGateway: boolean) {
  const systems = await house.status();
  return systems.map((system) => ({
    ...redactValue(system),
    required: REQUIRED.has(system.system) || (isGateway && system.system === 'Slack'),
  }));
}

function recordDepth(depth: Awaited<ReturnType<ReturnType<typeof openQueues>['depth']>>, metrics: Metrics): void {
  for (const [queue, counts] of Object.entries(depth)) {
    for (const [state, count] of Object.entries(counts)) metrics.jobs(queue, state, count);
  }
}

function packageVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
