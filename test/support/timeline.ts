import { alertsSchema } from '../../src/config/alerts.ts';
import { createEngine } from '../../src/incidents/engine/engine.ts';
import type { OnRuleError } from '../../src/incidents/engine/judge.ts';
import type { Engine, Explained, Marks, Scene } from '../../src/incidents/engine-contract.ts';
import type { AnyRule } from '../../src/incidents/rule.ts';
import { createScene } from '../../src/incidents/scene/scene.ts';
import type { Kind, SeenByKind } from '../../src/incidents/seen/kinds.ts';
import { seenOf } from '../../src/incidents/seen/projection.ts';
import { settingsOf } from '../../src/incidents/settings.ts';
import type { Sight } from '../../src/incidents/sight.ts';
import type { RootState, Signal } from '../../src/incidents/signal.ts';
import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { T0 } from './kube-meta.ts';

export { T0 } from './kube-meta.ts';

/**
 * The table-test harness of alert rules: raw API objects go in at given seconds after T0, signals come out. Between two calls it lives
 * through everything that is due, at the exact moment; nothing but `put`, `remove`, `event` and a rule's own `lookAgainAt` wakes a rule.
 */
export interface World {
  readonly sight: Sight;
  readonly engine: Engine;
  /** A raw object, as a watch would bring it (`kind` must stand in it). It, `remove` and `event` return the states that this changed. */
  put(raw: KubeObject, atSeconds?: number): readonly RootState[];
  /** What is made by us and not read from a cluster: `Shipmate`. */
  putSeen(object: SeenByKind['Shipmate'], atSeconds?: number): void;
  remove(kind: Kind, namespace: string, name: string, atSeconds?: number): readonly RootState[];
  event(event: TimelineEvent, atSeconds?: number): readonly RootState[];
  /** Advances time and returns every signal that stands then; those whose condition is over for less than the hold-down have `clearSince`. */
  at(seconds: number): readonly Signal[];
  states(): readonly RootState[];
  /** Tells every state that the engine hands out, as the ledger hears them. */
  listen(listener: (state: RootState) => void): void;
  /** A new engine from what the old one had handed over to be kept; the objects are seen again as at a first sync, but for the
   * uids of those that went meanwhile. */
  restart(atSeconds: number, options?: { without?: readonly string[] }): void;
  /** As the 30 s sweep does: judges everything, also what no change brought. */
  sweep(atSeconds?: number): readonly Signal[];
  /** What etcd would hold now. */
  marks(): ReadonlyMap<string, Marks>;
  explain(kind: Kind, namespace: string, name: string): readonly Explained[];
}

export interface TimelineOptions {
  /** What `alerts` of the config file says. */
  readonly alerts?: unknown;
  readonly cluster?: string;
  /** Default: a rule that throws fails the test. */
  readonly onRuleError?: OnRuleError;
}

export interface TimelineEvent {
  about: { kind: Kind; namespace: string; name: string };
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** Default 1. */
  count?: number;
  /** Seconds. Default: the time of the event. */
  firstAt?: number;
}

/** @throws Error when time would run backward, an object is unknown or an engine never comes to rest. */
export function timeline(rules: readonly AnyRule[], options: TimelineOptions = {}): World {
  const { alerts = {}, cluster = 'eu1' } = options;
  const settings = settingsOf(alertsSchema.parse(alerts), rules);
  const kept = new Map<string, Marks>();
  const onRuleError =
    options.onRuleError ??
    ((rule: string, _object: unknown, error: unknown): void => {
      throw new Error(`rule ${rule} threw`, { cause: error });
    });
  let scene: Scene = createScene(cluster);
  let engine = createEngine({ scene, rules, settings, onRuleError });
  let now = T0;
  let version = 1;
  let tell = (_state: RootState): void => undefined;
  const uids = new Set<string>();

  function keep(): void {
    for (const { uid, value } of engine.takeMarks()) value === undefined ? kept.delete(uid) : kept.set(uid, value);
  }
  function advance(seconds: number | undefined): void {
    const until = seconds === undefined ? now : T0 + seconds * 1_000;
    if (until < now) throw new Error(`time runs backward: it is ${(now - T0) / 1_000} s, ${seconds} s was asked for`);
    for (let turns = 0; ; turns++) {
      if (turns > 100_000) throw new Error('the engine is due without end');
      const next = engine.nextDue();
      if (next === undefined || next > until) break;
      now = Math.max(now, next);
      engine.due(now).forEach(tell);
    }
    now = until;
  }
  function judged(uids: readonly string[]): readonly RootState[] {
    const states = engine.changed(uids, now);
    states.forEach(tell);
    keep();
    return states;
  }
  function find(kind: Kind, namespace: string, name: string): SeenByKind[Kind] {
    const found = scene.sight.get(kind, namespace, name);
    if (!found) throw new Error(`no ${kind} ${namespace}/${name} was put`);
    return found;
  }
  function signals(): readonly Signal[] {
    return engine.standing(now).flatMap((state) => state.signals);
  }

  return {
    get sight() {
      return scene.sight;
    },
    get engine() {
      return engine;
    },
    put(raw, atSeconds) {
      advance(atSeconds);
      const fresh = { ...raw, metadata: { ...raw.metadata, resourceVersion: String(++version) } };
      const seen = seenOf(raw.kind as Kind, fresh);
      uids.add(seen.metadata.uid);
      return judged(scene.put(seen));
    },
    putSeen(object, atSeconds) {
      advance(atSeconds);
      uids.add(object.metadata.uid);
      engine.changed(scene.put(object), now);
      keep();
    },
    remove(kind, namespace, name, atSeconds) {
      advance(atSeconds);
      const { uid } = find(kind, namespace, name).metadata;
      uids.delete(uid);
      return judged(scene.remove(kind, uid));
    },
    event({ about, type, reason, message, count = 1, firstAt }, atSeconds) {
      advance(atSeconds);
      const { uid } = find(about.kind, about.namespace, about.name).metadata;
      const firstTimestamp = firstAt === undefined ? now : T0 + firstAt * 1_000;
      const event = { about: uid, type, reason, message, count, firstTimestamp, lastTimestamp: now };
      return judged(scene.event(event, now));
    },
    at(seconds) {
      advance(seconds);
      keep();
      return signals();
    },
    states: () => engine.standing(now),
    listen(listener) {
      tell = listener;
    },
    restart(atSeconds, { without = [] } = {}) {
      // Whoever is away sees nothing: what was due meanwhile is found at the start.
      keep();
      now = T0 + atSeconds * 1_000;
      for (const uid of without) uids.delete(uid);
      const objects = [...uids].flatMap((uid) => scene.sight.byUid(uid) ?? []);
      scene = createScene(cluster);
      engine = createEngine({ scene, rules, settings, marks: new Map(kept), onRuleError });
      for (const object of objects) scene.put(object);
      while (!engine.sweep(now, 100).done);
      keep();
    },
    sweep(atSeconds) {
      advance(atSeconds);
      while (!engine.sweep(now, 100).done);
      keep();
      return signals();
    },
    marks: () => kept,
    explain: (kind, namespace, name) => engine.explain(find(kind, namespace, name).metadata.uid, now),
  };
}
