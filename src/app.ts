import { readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { openAudit } from './access/audit/audit.ts';
import { redactDraft } from './access/audit/redact-draft.ts';
import { createIdentity } from './access/identity/identity.ts';
import { policyInForce, type Reread } from './access/policy/in-force.ts';
import { reread } from './access/policy/reread.ts';
import { redactingChat } from './access/redact/chat.ts';
import { redactingQueues, redactingStore } from './access/redact/kept.ts';
import { redactingPlans } from './access/redact/plans.ts';
import { NotDelivered } from './chat/delivery.ts';
import { paceOf } from './chat/send/lane.ts';
import { createChat } from './chat/slack.ts';
import { normalise } from './chat/text/normalise.ts';
import type { Problem } from './config/problem.ts';
import { watchFile } from './config/watch.ts';
import { type Config, ConfigError, type Role } from './config.ts';
import { connectEtcdClusters } from './etcd/connect.ts';
import { startHttp } from './http/server.ts';
import { newId } from './ids.ts';
import { checkAlerts } from './incidents/check-alerts.ts';
import { checkBridges } from './incidents/check-bridges.ts';
import { createIncidents, type Incidents } from './incidents/house/incidents.ts';
import { loadRules } from './incidents/load-rules.ts';
import type { AnyRule } from './incidents/rule.ts';
import { settingsOf } from './incidents/settings.ts';
import { openQueues } from './jobs/bull-queues.ts';
import { connectClusters } from './kubernetes/connect.ts';
import type { Logger } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { accessDesk } from './pipeline/access-desk.ts';
import type { House } from './pipeline/definition.ts';
import { houseStatus } from './pipeline/house-status.ts';
import type { LineWord } from './pipeline/line.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { createRegistry, loadCommands } from './pipeline/registry.ts';
import { refuseHidden } from './redact/typed-line.ts';
import { redactValue } from './redact/values.ts';
import { connectState, storeOn } from './state/etcd-store.ts';
import { openLeadership } from './state/leadership.ts';
import { type Clock, parseDuration, systemClock } from './time.ts';

/** The composition root: the only file that knows every room. */
export interface App {
  /** The port of health, readiness and metrics. */
  readonly httpPort: number;
  /** Reads the config file again; only `access` changes while running. */
  reload(): void;
  /** Stops taking work, finishes or hands over, closes everything. Never takes longer than `deadlineMs` (default 25 s). */
  stop(deadlineMs?: number): Promise<void>;
}

const COMMANDS = join(import.meta.dirname, '../commands');
const RULES = join(import.meta.dirname, 'incidents/rules');
/** A watcher that died is replaced within ten seconds, the first look included. */
const LEADER_TTL_SECONDS = 6;
/** What waits for Slack's pace when the process ends is another one's to say. */
const QUIET_MS = 3_000;
const GROUPS_EVERY_MS = 5 * 60_000;
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
  const permissions = registry.commands.flatMap(({ permission }) => permission ?? []);
  const rules = await loadRules(RULES);
  const now = (): Reread | undefined => rereadFile(config, permissions);
  const wrong = config.fileFound ? [...(now()?.problems ?? []), ...alertProblems(config, rules)] : undefined;
  if (wrong && wrong.length > 0) throw new ConfigError(wrong);
  const metrics = createMetrics();
  const clusters = connectClusters(config.file.clusters, { kubeconfig: config.env.KUBECONFIG }, log);
  const etcds = connectEtcdClusters(config.file.etcd, log);
  const queues = redactingQueues(openQueues(config.env.REDIS_URL, log));
  const state = connectState(
    {
      endpoints: config.env.ETCD_ENDPOINTS,
      username: config.env.ETCD_USERNAME,
      password: config.env.ETCD_PASSWORD,
      caFile: config.env.ETCD_CA_FILE,
      certFile: config.env.ETCD_CERT_FILE,
      keyFile: config.env.ETCD_KEY_FILE,
    },
    { prefix: 'shipmate/v1/', log },
  );
  const ownEtcd = storeOn(state);
  const owner = `${hostname()}-${process.pid}-${newId()}`;
  const store = redactingStore(ownEtcd);
  const slack = createChat(
    {
      botToken: config.env.SLACK_BOT_TOKEN,
      appToken: config.env.SLACK_APP_TOKEN,
      signingSecret: config.env.SLACK_SIGNING_SECRET,
      port: config.env.SLACK_PORT,
      apiUrl: config.env.SLACK_API_URL,
      pace: paceOf(config.env.SLACK_POSTS_PER_SECOND),
    },
    { clock, log, metrics: { ack: metrics.ack, request: metrics.slack } },
  );
  const chat = redactingChat(slack);
  const policy = policyInForce({
    access: config.file.access,
    configured: config.fileFound,
    homeTeam: () => slack.health().bot?.team,
    readGroups: () => slack.userGroups(),
    store,
    clock,
    log,
  });
  const { access } = policy;
  const identity = createIdentity({ chat, allowedTeams: () => access.allowedTeams(), clock });
  const audit = openAudit(
    {
      ...config.file.access.audit,
      keepMs: parseDuration(config.file.access.audit.keep),
      token: config.env.AUDIT_TOKEN,
    },
    {
      // It cleans what it writes before it hashes it; cleaned once more, an entry might no longer be what its hash says.
      store: ownEtcd,
      clock,
      log,
      owner,
      random: Math.random,
      redact: redactDraft,
    },
  );
  let incidents: Incidents | undefined;
  const house: House = {
    get alerts() {
      return incidents?.desk;
    },
    commands: registry.commands,
    may: (person, command) => access.may(person, command.permission),
    status: () =>
      houseStatus({ chat, store, queues, clusters, etcds, version: packageVersion(), policy: () => policy.status() }),
    desk: accessDesk({ access, claims: policy.claims, registry, shelf: queues.shelf, log, audit, clock }),
    audit,
  };
  const pipeline = createPipeline({
    registry,
    access,
    identity,
    chat,
    store,
    queues,
    clusters,
    etcds,
    clock,
    log,
    house,
    audit,
    auditChannel: config.file.channels.audit,
    approvalsChannel: config.file.channels.approvals,
    normalise: (raw) => wordsOf(raw, registry.families),
    isRefusedChannel: (error) => error instanceof NotDelivered && REFUSED_CHANNEL.has(error.slackError),
    isGoneMessage: (error) =>
      error instanceof NotDelivered &&
      (error.slackError === 'message_not_found' || error.slackError === 'cant_update_message'),
    measured: metrics.command,
    wings(doors) {
      incidents = createIncidents(
        {
          file: config.file,
          rules,
          settings: settingsOf(config.file.alerts, rules),
          clusters,
          store,
          leadership: openLeadership(state, { owner, ttlSeconds: LEADER_TTL_SECONDS }),
          chat,
          access,
          audit,
          clock,
          log,
          random: Math.random,
          metrics,
          readKey: (path) => readFileSync(path, 'utf8'),
        },
        doors,
      );
      return [incidents.wing];
    },
  });

  const has = (role: Role): boolean => config.env.SHIPMATE_ROLES.includes(role);
  const http = await startHttp(config.env.HTTP_PORT, {
    metrics: () => metrics.expose(),
    probes: () => probesOf(house, has('gateway')),
    hooks: incidents?.hooks ?? [],
  });
  await policy.start();
  const inbox = { ...pipeline.inbox, groupsChanged: () => void policy.refreshGroups(0) };
  await chat.start(inbox, { receive: has('gateway') });
  const working = has('worker') ? await pipeline.work() : undefined;
  incidents?.start();
  if (has('watcher')) incidents?.watch();
  const gauges = setInterval(() => {
    incidents?.measure();
    void queues.depth().then(
      (depth) => recordDepth(depth, metrics),
      () => undefined,
    );
  }, 10_000);
  log.info(
    { roles: config.env.SHIPMATE_ROLES, http: http.port, commands: registry.commands.length },
    'Shipmate is ready',
  );

  let last = JSON.stringify(now());
  const reload = (force = true): void => {
    const reread = now();
    const text = JSON.stringify(reread);
    if (reread && (force || text !== last)) policy.reload(reread);
    last = text;
  };
  const stopWatching = watchFile(config.filePath, () => reload(false));
  const refreshing = setInterval(() => void policy.refreshGroups(GROUPS_EVERY_MS), 60_000);

  return {
    httpPort: http.port,
    reload: () => reload(),
    async stop(deadlineMs = 25_000) {
      clearInterval(gauges);
      clearInterval(refreshing);
      stopWatching();
      const graceMs = Math.max(0, deadlineMs - 7_000);
      await Promise.all([chat.stopReceiving(), incidents?.stop()]);
      await working?.stop(graceMs);
      await pipeline.quiet(QUIET_MS);
      await Promise.allSettled([
        chat.stop(),
        http.stop(),
        queues.close(),
        policy.stop().then(() => store.close()),
        clusters.close(),
        ...etcds.all().map((etcd) => etcd.close()),
      ]);
    },
  };
}

/** @returns undefined when the file cannot be read at the moment: it is being replaced, or gone, and the old policy stays. */
function rereadFile({ filePath, file }: Config, permissions: readonly string[]): Reread | undefined {
  try {
    return reread(filePath, readFileSync(filePath, 'utf8'), file, permissions, homedir());
  } catch {
    return undefined;
  }
}

/** Rules and thresholds that the file names but nobody knows, bridges that cannot work. */
function alertProblems({ filePath, file }: Config, rules: readonly AnyRule[]): readonly Problem[] {
  const text = readFileSync(filePath, 'utf8');
  return [
    ...checkAlerts(filePath, text, file, rules),
    ...checkBridges(filePath, text, file, (path) => readFileSync(path, 'utf8')),
  ];
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
