import type { Cluster } from '../../kubernetes/cluster.ts';
import type { Logger } from '../../log.ts';
import type { Change, Store } from '../../state/store.ts';
import { type Clock, delay } from '../../time.ts';
import type { Book } from '../book.ts';
import { createEngine } from '../engine/engine.ts';
import type { Engine, Scene } from '../engine-contract.ts';
import { keyOf } from '../key.ts';
import type { Ledger, LedgerDeps } from '../ledger/contract.ts';
import type { AnyRule, Domain } from '../rule.ts';
import { type Feed, type FeedStatus, startFeed } from '../scene/feed.ts';
import { createScene } from '../scene/scene.ts';
import type { RuleSettings } from '../settings.ts';
import { isWorse } from '../severity.ts';
import type { ObjectRef } from '../sight.ts';
import { joinedEngine } from '../stall/joined-engine.ts';
import { startLoop, type WatchLoop } from './loop.ts';
import { keepMarks, loadMarks } from './marks.ts';
import { seenShipmate } from './self.ts';
import { mindUnseen } from './unseen.ts';
import { blindKinds, seenWatches } from './watches.ts';

/** What one term of watching one cluster needs. */
export interface TermDeps {
  readonly cluster: Cluster;
  readonly rules: readonly AnyRule[];
  readonly settings: RuleSettings;
  readonly store: Store;
  readonly book: Pick<Book, 'current'>;
  /** A ledger for this term; its commits carry the term's check. */
  ledger(scene: Scene, check: Change, more: Pick<LedgerDeps, 'isBlindFor' | 'only'>): Ledger;
  /** Silences and what else must be known before anything is told. Default: nothing. */
  readonly ready?: Promise<unknown> | undefined;
  /** What is watched from now on, seen or not; undefined: no more. */
  onFeed?(cluster: string, feed: Feed | undefined): void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
}

/** What is going on in a term: for metrics, `/shipmate status` and questions about rules. */
export interface Watching {
  readonly cluster: string;
  readonly scene: Scene;
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly feed: Feed;
  lagMs(): number;
}

const MARKS_EVERY_MS = 1_000;
const SELF_EVERY_MS = 5_000;

/**
 * Watches one cluster for as long as this process leads: lists everything, judges it, compares it with what is recorded, and follows every
 * change from then on. Resolves when the signal aborts.
 * @param onWatching called once everything was seen for the first time.
 */
export async function watchCluster(
  deps: TermDeps,
  term: { readonly signal: AbortSignal; readonly check: Change },
  onWatching: (watching: Watching | undefined) => void,
): Promise<void> {
  const { cluster, clock, log } = deps;
  await untilAborted(deps.ready ?? Promise.resolve(), term.signal);
  const bornAt = clock();
  const marks = await loadMarks(deps.store, cluster.name);
  const scene = createScene(cluster.name, clock);
  let blind: ReadonlySet<string> = new Set();
  const ledger = deps.ledger(scene, term.check, { isBlindFor: (kind) => blind.has(kind) });
  const open = await openIncidents(cluster.name, deps.book, ledger);
  const engine = joinedEngine(
    createEngine({
      scene,
      rules: deps.rules,
      settings: deps.settings,
      marks,
      onRuleError: (rule, object, error) => log.error({ err: error, rule, object }, 'a rule failed; the others go on'),
    }),
    { sight: scene.sight, isOpen: open.has },
  );
  let loop: WatchLoop | undefined;
  // What changes during the first look.
  const early = new Set<string>();
  const feed = startFeed({
    cluster,
    scene,
    clock,
    log,
    random: deps.random,
    signal: term.signal,
    onChange: (uids) => {
      if (loop) loop.changed(uids);
      else for (const uid of uids) early.add(uid);
    },
  });
  deps.onFeed?.(cluster.name, feed);
  try {
    await untilSeen({ ...deps, feed, bornAt }, term);
    if (term.signal.aborted) return;
    blind = blindKinds(feed.statuses());
    await judgeEverything(engine, clock, term.signal);
    loop = startLoop({ engine, ledger: open.ledger, clock, log, signal: term.signal });
    loop.changed([...early]);
    onWatching({ cluster: cluster.name, scene, engine, ledger, feed, lagMs: () => loop?.lagMs() ?? 0 });
    log.info({ cluster: cluster.name, objects: scene.counts() }, 'watching');
    const onLook = (statuses: readonly FeedStatus[]): void => {
      const before = blind;
      blind = blindKinds(statuses);
      // What is seen now for the first time may be over.
      if (blind.size < before.size) loop?.compare();
    };
    const minding = mindSelf({ ...deps, scene, feed, loop, bornAt, onLook }, term.signal);
    const keeping = keepAll(deps, engine, term);
    await Promise.all([loop.done, minding, keeping]);
  } finally {
    onWatching(undefined);
    deps.onFeed?.(cluster.name, undefined);
    await feed.stop();
    await ledger.stop();
  }
}

/**
 * Which roots have an incident open: as recorded until the ledger has taken over, as the ledger has it from then on.
 * @throws UnavailableError
 */
async function openIncidents(
  cluster: string,
  book: Pick<Book, 'current'>,
  ledger: Ledger,
): Promise<{ has(root: ObjectRef, domain: Domain): boolean; readonly ledger: Ledger }> {
  const open = (await book.current()).map(({ value }) => value).filter(({ status }) => status === 'firing');
  const recorded = new Set(open.filter(({ severity }) => isWorse(severity, 'info')).map(({ key }) => key));
  let hasStarted = false;
  return {
    has(root, domain) {
      const key = keyOf(cluster, root, domain);
      if (!hasStarted) return recorded.has(key);
      return isWorse(ledger.openAt(key)?.severity ?? 'info', 'info');
    },
    ledger: {
      accept: (states, now) => ledger.accept(states, now),
      due: (now) => ledger.due(now),
      nextDue: () => ledger.nextDue(),
      async start(standing, now) {
        await ledger.start(standing, now);
        hasStarted = true;
      },
      open: () => ledger.open(),
      openAt: (key) => ledger.openAt(key),
      stop: () => ledger.stop(),
    },
  };
}

/** The first look: slice by slice, so that everything else in the process goes on. */
async function judgeEverything(engine: Engine, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let done = false; !done && !signal.aborted; ) {
    done = engine.sweep(clock(), 500).done;
    await delay(0);
  }
}

/** Resolves once everything was seen for the first time, or the signal aborts. Until then it is told that nothing is seen. */
async function untilSeen(
  deps: TermDeps & { readonly feed: Feed; readonly bornAt: number },
  { signal, check }: { readonly signal: AbortSignal; readonly check: Change },
): Promise<void> {
  const seen = new AbortController();
  const telling = mindUnseen({
    ...deps,
    cluster: deps.cluster.name,
    ledger: (scene) => deps.ledger(scene, check, { only: ({ root }) => root.kind === 'Shipmate' }),
    signal: AbortSignal.any([signal, seen.signal]),
  });
  await untilAborted(deps.feed.synced, signal);
  seen.abort();
  await telling;
}

/** Shows the rules how the watch itself is. */
async function mindSelf(
  deps: Pick<TermDeps, 'cluster'> & {
    readonly scene: Scene;
    readonly feed: Feed;
    readonly loop: WatchLoop;
    readonly bornAt: number;
    onLook(statuses: readonly FeedStatus[]): void;
  },
  signal: AbortSignal,
): Promise<void> {
  const { cluster, scene, feed, loop, bornAt } = deps;
  while (!signal.aborted) {
    const statuses = feed.statuses();
    deps.onLook(statuses);
    const watches = seenWatches(statuses, bornAt);
    loop.changed(scene.put(seenShipmate(cluster.name, bornAt, { watches, lagMs: loop.lagMs() })));
    await delay(SELF_EVERY_MS, signal).catch(() => undefined);
  }
}

/** What was remembered goes to etcd within a second; what could not be written is offered again. */
async function keepAll(
  { store, cluster, log }: TermDeps,
  engine: Engine,
  term: { readonly signal: AbortSignal; readonly check: Change },
): Promise<void> {
  const waiting = new Map<string, ReturnType<Engine['takeMarks']>[number]>();
  while (!term.signal.aborted) {
    for (const change of engine.takeMarks()) waiting.set(change.uid, change);
    const batch = [...waiting.values()];
    try {
      if (batch.length > 0 && (await keepMarks(store, cluster.name, batch, term.check))) {
        for (const change of batch) if (waiting.get(change.uid) === change) waiting.delete(change.uid);
      }
    } catch (error) {
      if (!term.signal.aborted) log.warn({ err: error }, 'what rules remember was not kept; tried again');
    }
    await delay(MARKS_EVERY_MS, term.signal).catch(() => undefined);
  }
}

function untilAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return Promise.resolve();
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  return Promise.race([promise, aborted]);
}
