import type { Engine } from '../engine-contract.ts';
import { isInRollout, isRollingKind } from '../reading/progress.ts';
import { newestTest } from '../reading/rollouts.ts';
import type { Domain } from '../rule.ts';
import type { ObjectRef, Sight } from '../sight.ts';
import type { RootState, Signal } from '../signal.ts';
import { isJoined, joinDomains, targetOf } from './merge.ts';

export interface JoinDeps {
  readonly sight: Sight;
  /**
   * Whether an incident of this root is open in that domain (worse than info). Asked when signals of a root appear: after a restart that is
   * before the ledger was started, so it must know what is recorded by then.
   */
  isOpen(root: ObjectRef, domain: Domain): boolean;
}

/** An engine that tells one state for each sick root where the given one tells of its availability and its rollout apart (`merge.ts`). */
export function joinedEngine(engine: Engine, deps: JoinDeps): Engine {
  const joiner = new Joiner(deps);
  return {
    changed: (uids, now) => joiner.join(engine.changed(uids, now), now),
    due: (now) => joiner.join(engine.due(now), now),
    nextDue: () => engine.nextDue(),
    sweep: (now, slice) => {
      const { states, done } = engine.sweep(now, slice);
      return { states: joiner.join(states, now), done };
    },
    standing: (now) => joiner.standing(engine.standing(now), now),
    takeMarks: () => engine.takeMarks(),
    explain: (uid, now) => engine.explain(uid, now),
    ruleErrors: () => engine.ruleErrors(),
  };
}

/** The newest state of each domain of one root, and where their signals go. */
interface Root {
  readonly states: Map<Domain, RootState>;
  target: Domain | undefined;
}

class Joiner {
  readonly #deps: JoinDeps;
  #roots = new Map<string, Root>();

  constructor(deps: JoinDeps) {
    this.#deps = deps;
  }

  join(states: readonly RootState[], now: number): readonly RootState[] {
    const told = states.filter(({ domain }) => !isJoined(domain));
    const touched = new Set<string>();
    for (const state of states) {
      if (!isJoined(state.domain)) continue;
      const key = keyOf(state);
      const root = this.#roots.get(key) ?? { states: new Map(), target: undefined };
      this.#roots.set(key, root);
      root.states.set(state.domain, state);
      touched.add(key);
    }
    for (const key of touched) told.push(...this.#tell(key, now));
    return told;
  }

  /** Everything that is wrong now; who is not among them is well. Decisions about the others stay. */
  standing(states: readonly RootState[], now: number): readonly RootState[] {
    const known = this.#roots;
    this.#roots = new Map();
    for (const state of states) {
      if (!isJoined(state.domain)) continue;
      const target = known.get(keyOf(state))?.target;
      if (target) this.#roots.set(keyOf(state), { states: new Map(), target });
    }
    return this.join(states, now).filter(({ signals, isPending }) => signals.length > 0 || isPending);
  }

  #tell(key: string, now: number): readonly RootState[] {
    const root = this.#roots.get(key) as Root;
    const states = [...root.states.values()];
    const before = root.target;
    root.target ??= targetOf(states, {
      isOpen: (ref, domain) => this.#deps.isOpen(ref, domain),
      isOfRollout: (signal, ref) => isOfRollout(signal, ref, this.#deps.sight, now),
    });
    const { target } = root;
    for (const [domain, state] of root.states)
      if (state.signals.length === 0 && !state.isPending) root.states.delete(domain);
    if (root.states.size === 0) this.#roots.delete(key);
    if (target === undefined) return states;
    const [first] = states as [RootState];
    const told = joinDomains(states, target);
    return before === undefined ? [...told, ...this.#elsewhere(first, target, told)] : told;
  }

  /** Another domain's incident of this root is open as well: what it told is told in the target from now on. */
  #elsewhere(state: RootState, target: Domain, told: readonly RootState[]): readonly RootState[] {
    return (['availability', 'rollout'] as const)
      .filter((domain) => domain !== target && !told.some((one) => one.domain === domain))
      .filter((domain) => this.#deps.isOpen(state.root, domain))
      .map((domain) => ({ ...state, domain, signals: [], isPending: false }));
  }
}

function keyOf({ root }: RootState): string {
  return `${root.kind} ${root.namespace}/${root.name}`;
}

function isOfRollout(signal: Signal, root: ObjectRef, sight: Sight, now: number): boolean {
  const pod = sight.byUid(signal.object.uid);
  const workload = sight.byUid(root.uid);
  if (pod?.kind !== 'Pod' || !workload || !isRollingKind(workload)) return false;
  return isInRollout(workload, sight, now) && newestTest(workload, sight)(pod);
}
