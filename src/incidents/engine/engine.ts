import type { Engine, Explained, MarkChange, Marks, Scene } from '../engine-contract.ts';
import type { AnyRule } from '../rule.ts';
import { refOf } from '../scene/roots.ts';
import type { Kind, SeenObject } from '../seen/kinds.ts';
import type { RuleSettings } from '../settings.ts';
import type { Sight } from '../sight.ts';
import type { RootState } from '../signal.ts';
import { Bystanders } from './bystanders.ts';
import { explained } from './explain.ts';
import { GoneUids } from './gone-uids.ts';
import { Judge, type OnRuleError } from './judge.ts';
import { type Mark, Remembered } from './remembered.ts';
import { isRuleWord, isSinceWord } from './rule-memory.ts';
import { stateOf } from './state.ts';
import type { Group, Ill, Line, Root } from './trouble.ts';
import { TOLD, Troubles } from './troubles.ts';
import { wishDifferently } from './wishes.ts';

export interface EngineDeps {
  readonly scene: Scene;
  readonly rules: readonly AnyRule[];
  /** Made for the same rules. */
  readonly settings: RuleSettings;
  /** What an engine before this one handed over to be kept. */
  readonly marks?: ReadonlyMap<string, Marks> | undefined;
  /** Told of every rule that threw; what it said before stands, and the others go on. Must not throw. */
  readonly onRuleError?: OnRuleError | undefined;
}

/** Judging a node looks at all its pods: so many objects it counts for in a slice. */
const PODS_PER_NODE = 20;

/** Judges one cluster; see `Engine` for what it promises. */
export function createEngine(deps: EngineDeps): Engine {
  return new RuleEngine(deps);
}

class RuleEngine implements Engine {
  readonly #sight: Sight;
  readonly #settings: RuleSettings;
  readonly #remembered: Remembered;
  readonly #troubles: Troubles;
  readonly #judge: Judge;
  readonly #bystanders: Bystanders;
  readonly #gone = new GoneUids();
  readonly #errors = new Map<string, number>();
  #sweeping: Iterator<SeenObject> | undefined;
  #hasSwept = false;

  constructor({ scene, rules, settings, marks, onRuleError }: EngineDeps) {
    this.#sight = scene.sight;
    this.#settings = settings;
    this.#bystanders = new Bystanders(scene.sight);
    this.#remembered = new Remembered(marks, (uid, own) => this.#isKept(uid, own));
    this.#troubles = new Troubles(rules, settings, this.#remembered);
    this.#judge = new Judge({
      sight: this.#sight,
      rules,
      settings,
      remembered: this.#remembered,
      isGone: (uid) => this.#gone.has(uid),
      onRuleError: (rule, object, error) => {
        this.#errors.set(rule.id, (this.#errors.get(rule.id) ?? 0) + 1);
        onRuleError?.(rule.id, refOf(object), error);
      },
    });
  }

  changed(uids: readonly string[], now: number): readonly RootState[] {
    const states: RootState[] = [];
    for (const uid of uids) if (this.#sight.byUid(uid) === undefined) this.#lose(uid, states);
    for (const object of this.#bystanders.concerned(uids)) this.#see(object, now);
    return this.#tell(states, now);
  }

  due(now: number): readonly RootState[] {
    const states: RootState[] = [];
    for (const who of this.#troubles.wakes.take(now)) {
      if (isLine(who)) this.#troubles.touchLine(who);
      else this.#judgeAgain(who.uid, now, states);
    }
    return this.#tell(states, now);
  }

  nextDue(): number | undefined {
    return this.#troubles.wakes.next();
  }

  sweep(now: number, slice: number): { states: readonly RootState[]; done: boolean } {
    this.#sweeping ??= this.#everything();
    for (let judged = 0; judged < slice; ) {
      const next = this.#sweeping.next();
      if (next.done) return { states: this.#endSweep(now), done: true };
      this.#judgeOne(next.value, now);
      if (!this.#hasSwept) this.#bystanders.seen(next.value);
      judged += next.value.kind === 'Node' ? PODS_PER_NODE : 1;
    }
    return { states: this.#tell([], now), done: false };
  }

  standing(now: number): readonly RootState[] {
    this.#claimRemembered(now);
    this.#settle(now);
    const states: RootState[] = [];
    for (const root of this.#troubles.roots)
      for (const group of root.groups.values()) {
        const state = this.#stateOf(group);
        if (state.signals.length === 0 && !state.isPending) continue;
        // Whoever is told that something is held hears of its end, too.
        group.said ??= TOLD;
        states.push(state);
      }
    return states;
  }

  takeMarks(): readonly MarkChange[] {
    return this.#remembered.takeChanges();
  }

  explain(uid: string, now: number): readonly Explained[] {
    const object = this.#sight.byUid(uid);
    if (object === undefined) return [];
    const deps = { sight: this.#sight, judge: this.#judge, ill: this.#troubles.ills.get(uid) };
    return this.#remembered.asIs(uid, () => explained(object, deps, now));
  }

  ruleErrors(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#errors);
  }

  #see(object: SeenObject, now: number): void {
    this.#judgeOne(object, now);
    const root = this.#troubles.rootAt(object);
    if (root) this.#seeRoot(root, object, now);
    if (object.kind !== 'Namespace') return;
    for (const inside of [...this.#troubles.roots])
      if (inside.ref.namespace === object.metadata.name) this.#judgeMembers(inside, now);
  }

  /** What its annotations wish holds for everything below it. */
  #seeRoot(root: Root, object: SeenObject, now: number): void {
    const { annotations } = object.metadata;
    const isNew = root.annotations !== undefined && wishDifferently(root.annotations, annotations);
    root.annotations = annotations;
    this.#troubles.touch(root);
    // Named as a root while its own owner was not seen yet: what stands below it belongs elsewhere.
    const isBelow = this.#sight.rootOf(object).uid !== root.ref.uid;
    if (isNew || isBelow) this.#judgeMembers(root, now);
  }

  #judgeMembers(root: Root, now: number): void {
    this.#troubles.touch(root);
    const members = new Set<string>();
    for (const { lines } of root.groups.values())
      for (const { tracks } of lines.values()) for (const { ill } of tracks) members.add(ill.uid);
    for (const uid of members) {
      const object = this.#sight.byUid(uid);
      if (object) this.#judgeOne(object, now);
    }
  }

  #judgeAgain(uid: string, now: number, states: RootState[]): void {
    const object = this.#sight.byUid(uid);
    if (object) this.#judgeOne(object, now);
    else this.#lose(uid, states);
  }

  #judgeOne(object: SeenObject, now: number): void {
    if (this.#judge.rulesOf(object.kind).length === 0) return;
    const root = this.#sight.rootOf(object);
    const judged = this.#judge.judge(object, root, now);
    this.#troubles.note(object, root, judged, now);
  }

  /** The object is gone. Nothing is wrong any more with a root that is. */
  #lose(uid: string, states: RootState[]): void {
    this.#gone.add(uid);
    this.#troubles.drop(uid);
    const root = this.#troubles.rootOfUid(uid);
    if (root) {
      root.isSeen = true;
      for (const group of this.#troubles.dropRoot(root))
        if (group.said !== undefined) states.push(stateOf(group, this.#sight, this.#settings));
    }
    this.#remembered.forget(uid);
  }

  #settle(now: number): ReadonlySet<Group> {
    return this.#troubles.takeDirty(now);
  }

  /** Adds the states that are not as they were told last. */
  #tell(states: RootState[], now: number): readonly RootState[] {
    for (const group of this.#settle(now)) {
      const state = this.#stateOf(group);
      const isOver = state.signals.length === 0 && !state.isPending;
      // What is only held yet is nobody's business, unless something was said before.
      if (state.signals.length > 0 || group.said !== undefined) {
        // Beside a signal, that more is held is no news.
        const said = JSON.stringify(state.signals.length > 0 ? { ...state, isPending: false } : state);
        if (said !== group.said) states.push(state);
        group.said = isOver ? undefined : said;
      }
      this.#troubles.tidy(group);
    }
    return states;
  }

  #stateOf(group: Group): RootState {
    const { root } = group;
    const object = this.#sight.byUid(root.ref.uid);
    if (object) {
      root.isSeen = true;
      root.annotations ??= object.metadata.annotations;
    }
    return stateOf(group, this.#sight, this.#settings);
  }

  *#everything(): Generator<SeenObject> {
    for (const kind of this.#judge.kinds) yield* this.#sight.all(kind as Kind);
  }

  /** Whatever is gone without anybody having said so is noticed here. */
  #endSweep(now: number): readonly RootState[] {
    this.#sweeping = undefined;
    this.#hasSwept = true;
    this.#bystanders.tidy();
    const states: RootState[] = [];
    for (const uid of [...this.#troubles.ills.keys()]) if (!this.#sight.byUid(uid)) this.#lose(uid, states);
    for (const { ref, isSeen } of [...this.#troubles.roots])
      if (isSeen && !this.#sight.byUid(ref.uid)) this.#lose(ref.uid, states);
    this.#claimRemembered(now);
    for (const uid of [...this.#remembered.uids()])
      if (!this.#sight.byUid(uid) && !this.#troubles.rootOfUid(uid)) this.#remembered.forget(uid);
    return this.#tell(states, now);
  }

  /** Roots of which something fired before a restart and where nothing was found since: their hold-down begins. */
  #claimRemembered(now: number): void {
    for (const uid of [...this.#troubles.unclaimed]) {
      const object = this.#sight.byUid(uid);
      if (object) this.#troubles.claim(refOf(object), now);
    }
  }

  /** Which memories are worth a write to etcd: those of objects that are ill, and those that a restart could not find again. */
  #isKept(uid: string, marks: ReadonlyMap<string, Mark>): boolean {
    if (this.#troubles.ills.get(uid)?.tracks.size) return true;
    const isPod = this.#sight.byUid(uid)?.kind === 'Pod';
    for (const [label, { ring = [] }] of marks)
      if (ring.length > 0 || !isRuleWord(label) || (!isPod && isSinceWord(label))) return true;
    return false;
  }
}

function isLine(who: Ill | Line): who is Line {
  return 'group' in who;
}
