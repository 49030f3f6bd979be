import type { Access } from '../../access/access.ts';
import type { Audit } from '../../access/audit/audit.ts';
import { targetOf } from '../../bridges/out/targets.ts';
import type { Chat } from '../../chat/chat.ts';
import type { FileConfig } from '../../config/file.ts';
import { UnavailableError } from '../../errors.ts';
import type { Hook } from '../../http/hooks.ts';
import type { Clusters } from '../../kubernetes/cluster.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { Doors, Wing } from '../../pipeline/wing.ts';
import type { Leadership, Store } from '../../state/store.ts';
import { type Clock, delay, parseDuration } from '../../time.ts';
import { openBook } from '../book/book.ts';
import { incidentWords } from '../book/words.ts';
import { cardFor, incidentRenderers, membersWrites } from '../card/renderers.ts';
import { Crowd } from '../crowd.ts';
import { createAlertsDesk } from '../desk/create.ts';
import { createDeeds } from '../desk/deeds.ts';
import type { AlertsDesk } from '../desk/desk.ts';
import { createEvidenceKeeper } from '../evidence/keeper.ts';
import { type Heartbeats, monitorsOf, openHeartbeats } from '../heartbeats.ts';
import type { Incident } from '../incident.ts';
import { incidentPresses } from '../presses/presses.ts';
import { createBoard } from '../relay/board.ts';
import { deadLettersOn } from '../relay/dead-letters.ts';
import { createEar } from '../relay/heard.ts';
import { createRelay } from '../relay/relay.ts';
import { relayCompanion } from '../relay/rows.ts';
import { createRouter } from '../route.ts';
import { type AnyRule, MINUTE } from '../rule.ts';
import type { RuleSettings } from '../settings.ts';
import { createSilences, type Silences } from '../silences/silences.ts';
import { Backlog } from '../watcher/backlog.ts';
import { glance } from '../watcher/glance.ts';
import type { Watching } from '../watcher/term.ts';
import { hooksOf } from './hooks.ts';
import { listenersOf } from './listeners.ts';
import { slackLink } from './slack-link.ts';
import { startWatch, type Watch } from './watch.ts';

export interface IncidentsDeps {
  readonly file: Pick<FileConfig, 'alerts' | 'bridges' | 'channels'>;
  readonly rules: readonly AnyRule[];
  readonly settings: RuleSettings;
  readonly clusters: Clusters;
  readonly store: Store;
  readonly leadership: Leadership;
  readonly chat: Chat;
  readonly access: Access;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly metrics: Metrics;
  /** The text of a file that holds a key or a token. @throws when it cannot be read. */
  readKey(path: string): string;
}

const SILENCES_WAIT_MS = 2_000;

/** What is wrong now: everything of this domain, put together. The decisions are in the folders beside this one. */
export interface Incidents {
  readonly wing: Wing;
  readonly desk: AlertsDesk;
  /** Ways in for other systems. */
  readonly hooks: readonly Hook[];
  /** Follows what other replicas write, as soon as etcd answers. */
  start(): void;
  /** Stands for every cluster (role `watcher`). */
  watch(): void;
  /** Refreshes the gauges. */
  measure(): void;
  stop(): Promise<void>;
}

/** @throws UsageError when a bridge's key is missing. */
export function createIncidents(deps: IncidentsDeps, doors: Doors): Incidents {
  const { store, clock, log, chat, file } = deps;
  const route = createRouter(file.alerts, file.channels.alerts);
  const bridges = file.bridges.out.map((config) => ({ config, target: targetOf(config, deps.readKey) }));
  const link = slackLink(store, chat);
  const watching = new Map<string, Watching>();
  const stopping = new AbortController();
  const backlog = new Backlog();
  // The bridges that stand in for Slack speak when M02 begins to count.
  const slackPatienceMs = deps.settings.rule('M02').thresholds.oldest ?? MINUTE;
  const { incidents, within } = file.alerts.storm;
  let watch: Watch | undefined;

  const listeners = listenersOf({ ...deps, courier: doors.courier });
  const book = openBook({
    store,
    clock,
    log,
    companions: [incidentWords, membersWrites, relayCompanion(file.bridges.out)],
    listeners: [
      listeners.words,
      listeners.metrics,
      () => relay.kick(),
      (before, after) => evidence.listener(before, after),
    ],
    keep: file.alerts.keep,
  });
  const relay = createRelay({
    ...deps,
    bridges,
    book,
    // Judged by what waits, not by the socket: a watcher without a gateway has none, and posts all the same.
    isSlackWell: () => !backlog.isOlderThan(slackPatienceMs, clock()),
    link: (incident: Incident) => link(incident),
  });
  const evidence = createEvidenceKeeper({
    ...deps,
    book,
    sightOf: (cluster) => watching.get(cluster)?.scene.sight,
  });
  const silences = createSilences({ store, clock, log, alerts: file.alerts });
  const silencesKnown = Promise.withResolvers<void>();
  let opened: Promise<Heartbeats> | undefined;
  // Opened by the first who asks; an etcd that was away then is asked again by the next.
  const heartbeats = (): Promise<Heartbeats> => {
    opened ??= openHeartbeats({ store, clock, log, monitors: monitorsOf(file.bridges.in) }).catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  const deeds = createDeeds({ ...deps, book, route, authorise: doors.authorise });
  const cards = { book, store, clock, route, fallback: fallbackOf(file) };
  const desk = createAlertsDesk({
    ...deps,
    book,
    route,
    deeds,
    silences,
    authorise: doors.authorise,
    clusters: deps.clusters.names,
    may: async (person, channel, asked) => (await deps.access.judge(person, asked, { channel })).allowed,
    card: async (incident) => await cardFor(incident, cards),
    watched: (cluster) => {
      const found = watching.get(cluster);
      return found && { sight: found.scene.sight, engine: found.engine };
    },
    glance: (target) => glance({ ...deps, cluster: deps.clusters.get(target.cluster) }, target),
    zoneOf: async (person) => (await chat.person(person.user)).timeZone,
    bridges: createBoard({ bridges: file.bridges, store, book, heartbeats, clock }),
  });

  return {
    wing: {
      presses: incidentPresses({ book, deeds, chat, clock, invoke: doors.invoke }),
      renderers: incidentRenderers(cards),
    },
    desk,
    hooks: hooksOf({
      ...deps,
      bridges: file.bridges.in,
      book,
      route,
      quiets: () => silences.quiets(),
      heartbeats,
      ear: createEar(deps),
      crowd: new Crowd({ incidents, withinMs: parseDuration(within) }),
    }).map((hook) => ({
      ...hook,
      async take(body) {
        await inTime(silencesKnown.promise);
        return await hook.take(body);
      },
    })),
    start: () => void followSilences(silences, log, stopping.signal).then(silencesKnown.resolve),
    watch() {
      watch ??= startWatch({
        ...deps,
        book,
        quiets: () => silences.quiets(),
        ready: silencesKnown.promise,
        relay,
        evidence,
        letters: deadLettersOn(store),
        sweepSilences: () => silences.sweep(),
        heartbeats,
        backlog,
        onWatching: (cluster, found) => {
          if (found) watching.set(cluster, found);
          else watching.delete(cluster);
        },
      });
    },
    measure() {
      watch?.measure();
    },
    async stop() {
      stopping.abort();
      await watch?.stop();
      await evidence.stop();
      await silences.stop();
      await opened?.then(
        (open) => open.stop(),
        () => undefined,
      );
    },
  };
}

/** What somebody silenced must not be told because nobody knows it yet; whoever sends it comes again. */
async function inTime(known: Promise<void>): Promise<void> {
  const late = delay(SILENCES_WAIT_MS).then(() => {
    throw new UnavailableError('Shipmate does not know yet what is silenced.', { hint: 'Send it again.' });
  });
  await Promise.race([known, late]);
}

/** Where incidents are told when Slack refuses their channel for good: whom Escalate asks first, else the channel of operations. */
function fallbackOf({ alerts, channels }: Pick<FileConfig, 'alerts' | 'channels'>): string | undefined {
  return alerts.escalateTo.find((target) => /^[UW]/.test(target)) ?? channels.ops;
}

/** etcd may be away at the moment. */
async function followSilences(silences: Silences, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await silences.start();
    } catch (error) {
      log.warn({ err: error }, 'silences are not followed yet; tried again');
      await delay(2_000, signal).catch(() => undefined);
    }
  }
}
