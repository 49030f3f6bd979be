import { createEngine } from '../../src/incidents/engine/engine.ts';
import type { Engine } from '../../src/incidents/engine-contract.ts';
import { loadRules } from '../../src/incidents/load-rules.ts';
import { startFeed } from '../../src/incidents/scene/feed.ts';
import { createScene } from '../../src/incidents/scene/scene.ts';
import { settingsOf } from '../../src/incidents/settings.ts';
import type { RootState, Signal } from '../../src/incidents/signal.ts';
import { joinedEngine } from '../../src/incidents/stall/joined-engine.ts';
import { createLogger } from '../../src/log.ts';
import type { QuietWorld } from './world.ts';

export const RULES_DIRECTORY = new URL('../../src/incidents/rules/', import.meta.url).pathname;

/** What would have become an incident. */
export interface Heard {
  readonly namespace: string;
  readonly root: string;
  readonly rule: string;
  readonly cause: string;
}

/** A finding that was there, however short. */
export interface Nearly extends Heard {
  /** How long it stood at most, in seconds of life. */
  readonly seconds: number;
}

export interface Listener {
  /** Everything said, once per root and rule. */
  heard(namespace?: string): readonly Heard[];
  /** What all rules would have said without any hold. */
  nearly(): readonly Nearly[];
  readonly ruleErrors: readonly string[];
  stop(): Promise<void>;
}

/** The chain from the watches to what the ledger is told, with all rules; and beside it the same without any hold. */
export async function listenTo(world: QuietWorld): Promise<Listener> {
  const rules = await loadRules(RULES_DIRECTORY);
  const ruleErrors: string[] = [];
  const scene = createScene('quiet');
  const onRuleError = (rule: string, object: { name: string }, error: unknown): void => {
    ruleErrors.push(`${rule} about ${object.name}: ${(error as Error).stack}`);
  };
  const engineOf = (settings: ReturnType<typeof settingsOf>): Engine =>
    createEngine({ scene, rules, settings, onRuleError });
  const open = new Set<string>();
  const engine = joinedEngine(engineOf(settingsOf(world.alerts, rules)), {
    sight: scene.sight,
    isOpen: (root, domain) => open.has(`${root.uid} ${domain}`),
  });
  const eager = engineOf(settingsOf(world.alerts, rules, { holdMs: 0, resolveAfterMs: 0 }));
  const heard = new Map<string, Heard>();
  const nearly = new Nearness(world.pace);

  const take = (states: readonly RootState[]): void => {
    for (const { root, domain, signals } of states) {
      if (signals.length > 0) open.add(`${root.uid} ${domain}`);
      else open.delete(`${root.uid} ${domain}`);
      for (const signal of signals)
        if (!signal.isFolded) heard.set(`${root.uid} ${signal.rule}`, heardOf(root, signal));
    }
  };
  const stopping = new AbortController();
  const judge = (uids: readonly string[]): void => {
    const now = world.clock();
    take([...engine.changed(uids, now), ...engine.due(now)]);
    nearly.take([...eager.changed(uids, now), ...eager.due(now)], now);
  };
  const feed = startFeed({
    cluster: world.cluster,
    scene,
    clock: world.clock,
    log: createLogger('silent'),
    random: Math.random,
    signal: stopping.signal,
    onChange: judge,
  });
  await feed.synced;
  const sweep = (): void => {
    const now = world.clock();
    for (let done = false; !done; ) {
      const swept = engine.sweep(now, 1_000);
      take(swept.states);
      done = swept.done;
    }
  };
  sweep();
  const turning = setInterval(() => judge([]), 10);
  const sweeping = setInterval(sweep, 30_000 / world.pace / world.speed);
  return {
    heard: (namespace) => [...heard.values()].filter((one) => namespace === undefined || one.namespace === namespace),
    nearly: () => nearly.all(world.clock()),
    ruleErrors,
    async stop() {
      clearInterval(turning);
      clearInterval(sweeping);
      stopping.abort();
      await feed.stop();
    },
  };
}

/** Measures how long each finding stood. */
class Nearness {
  readonly #longest = new Map<string, Nearly>();
  readonly #standing = new Map<string, Map<string, { readonly since: number; readonly heard: Heard }>>();
  readonly #pace: number;

  constructor(pace: number) {
    this.#pace = pace;
  }

  take(states: readonly RootState[], now: number): void {
    for (const { root, domain, signals } of states) {
      const where = `${root.uid} ${domain}`;
      this.#end(where, now);
      const found = signals.map(
        (one) => [`${one.rule} ${one.object.uid}`, { since: one.since, heard: heardOf(root, one) }] as const,
      );
      this.#standing.set(where, new Map(found));
    }
  }

  all(now: number): readonly Nearly[] {
    for (const where of this.#standing.keys()) this.#end(where, now);
    return [...this.#longest.values()].sort((a, b) => a.rule.localeCompare(b.rule) || b.seconds - a.seconds);
  }

  #end(where: string, now: number): void {
    for (const { since, heard } of this.#standing.get(where)?.values() ?? []) {
      const seconds = Math.max(0, Math.round(((now - since) * this.#pace) / 1_000));
      const key = `${where} ${heard.rule}`;
      const known = this.#longest.get(key);
      if (known === undefined || known.seconds < seconds) this.#longest.set(key, { ...heard, seconds });
    }
  }
}

function heardOf(root: RootState['root'], { rule, cause }: Signal): Heard {
  return { namespace: root.namespace, root: `${root.kind} ${root.name}`, rule, cause };
}
