import type { AnyRule, Finding, Judging } from '../rule.ts';
import type { Kind, SeenObject } from '../seen/kinds.ts';
import type { RuleSettings } from '../settings.ts';
import type { Memory, ObjectRef, Sight } from '../sight.ts';
import type { Remembered } from './remembered.ts';
import { RuleMemory } from './rule-memory.ts';
import { isCalm, isLeftOut, type Suppression, suppressionOf } from './suppression.ts';
import { Wishing } from './wishes.ts';

/** A finding with the hold that is in force for it. */
export interface Found {
  readonly rule: AnyRule;
  readonly finding: Finding;
  readonly holdMs: number;
}

export interface Judged {
  readonly found: readonly Found[];
  /** Rules that threw: what they said before still stands. */
  readonly failed: ReadonlySet<AnyRule>;
  /** When an answer changes by itself, epoch ms; always in the future. */
  readonly lookAgainAt: number | undefined;
}

export type OnRuleError = (rule: string, object: ObjectRef, error: unknown) => void;

/** A rule that finds more than this in one object has lost its way. */
const MAX_FINDINGS = 20;
const NOBODY: ReadonlySet<AnyRule> = new Set();

interface JudgeDeps {
  readonly sight: Sight;
  readonly rules: readonly AnyRule[];
  readonly settings: RuleSettings;
  readonly remembered: Remembered;
  readonly isGone: (uid: string) => boolean;
  readonly onRuleError: (rule: AnyRule, object: SeenObject, error: unknown) => void;
}

/** Asks every rule of an object's kind. */
export class Judge {
  readonly #deps: JudgeDeps;
  readonly #byKind = new Map<Kind, AnyRule[]>();
  readonly #enabled = new Map<Kind, AnyRule[]>();
  readonly #memory: RuleMemory;
  readonly #asking: Asking;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
    this.#memory = new RuleMemory(deps.remembered);
    this.#asking = new Asking(deps.sight, this.#memory, deps.settings);
    for (const rule of deps.rules) {
      for (const kind of new Set<Kind>([rule.kind, ...(rule.alsoKinds ?? [])])) {
        this.#byKind.set(kind, [...this.rulesOf(kind), rule]);
        if (deps.settings.rule(rule.id).isEnabled) this.#enabled.set(kind, [...(this.#enabled.get(kind) ?? []), rule]);
      }
    }
  }

  /** Kinds that any rule judges. */
  get kinds(): readonly Kind[] {
    return [...this.#byKind.keys()];
  }

  rulesOf(kind: Kind): readonly AnyRule[] {
    return this.#byKind.get(kind) ?? [];
  }

  judge(object: SeenObject, root: ObjectRef, now: number): Judged {
    const { sight, settings, isGone } = this.#deps;
    const suppression = suppressionOf(object, root, sight, settings, isGone);
    const wishing = new Wishing(sight, object, root);
    const found: Found[] = [];
    let failed: Set<AnyRule> | undefined;
    let lookAgainAt = Infinity;
    for (const rule of this.#enabled.get(object.kind) ?? []) {
      if (this.#quiet(rule, object, wishing, suppression) !== undefined) continue;
      try {
        const answer = this.ask(rule, object, wishing, now);
        lookAgainAt = Math.min(lookAgainAt, answer.lookAgainAt);
        for (const finding of answer.findings)
          if (!isCalm(finding, suppression))
            found.push({ rule, finding, holdMs: this.#holdOf(rule, finding, wishing) });
      } catch (error) {
        failed ??= new Set();
        failed.add(rule);
        this.#deps.onRuleError(rule, object, error);
      }
    }
    return { found, failed: failed ?? NOBODY, lookAgainAt: lookAgainAt === Infinity ? undefined : lookAgainAt };
  }

  /** Why a rule is not asked about an object, in words; undefined: it is. */
  silence(rule: AnyRule, object: SeenObject, root: ObjectRef): string | undefined {
    const { sight, settings, isGone } = this.#deps;
    if (!settings.rule(rule.id).isEnabled) return DISABLED;
    const suppression = suppressionOf(object, root, sight, settings, isGone);
    return this.#quiet(rule, object, new Wishing(sight, object, root), suppression);
  }

  /** One rule, one object. @throws whatever the rule throws. */
  ask(
    rule: AnyRule,
    object: SeenObject,
    wishing: Wishing,
    now: number,
  ): { findings: readonly Finding[]; lookAgainAt: number } {
    this.#memory.begin(object.metadata.uid, rule.id, now);
    const findings = rule.judge(object, this.#asking.about(rule, wishing, now)).slice(0, MAX_FINDINGS);
    let lookAgainAt = this.#memory.end() ?? Infinity;
    for (const { lookAgainAt: at } of findings)
      if (at !== undefined && at > now) lookAgainAt = Math.min(lookAgainAt, at);
    return { findings, lookAgainAt };
  }

  #quiet(rule: AnyRule, object: SeenObject, wishing: Wishing, suppression: Suppression): string | undefined {
    const left = isLeftOut(rule, object, suppression);
    if (left !== undefined) return left;
    const who = wishing.optedOut(rule.id);
    return who && `opted out by annotation of ${who}`;
  }

  #holdOf(rule: AnyRule, finding: Finding, wishing: Wishing): number {
    return wishing.hold(rule) ?? this.#deps.settings.rule(rule.id).holdMs ?? finding.holdMs;
  }
}

/** What `silence` says of a rule that the config file turned off. */
export const DISABLED = 'disabled in the config file';

/** What a rule is handed; one for all of them, filled anew for each: this is the hottest path of the watcher. */
class Asking implements Judging {
  readonly sight: Sight;
  readonly memory: Memory;
  readonly #settings: RuleSettings;
  now = 0;
  #rule: AnyRule | undefined;
  #wishing: Wishing | undefined;

  constructor(sight: Sight, memory: Memory, settings: RuleSettings) {
    this.sight = sight;
    this.memory = memory;
    this.#settings = settings;
  }

  about(rule: AnyRule, wishing: Wishing, now: number): Judging {
    this.now = now;
    this.#rule = rule;
    this.#wishing = wishing;
    return this;
  }

  /** @throws Error for a name that the rule does not define. */
  setting(name: string): number {
    const rule = this.#rule as AnyRule;
    const value = this.#wishing?.threshold(rule, name) ?? this.#settings.rule(rule.id).thresholds[name];
    if (value === undefined) throw new Error(`rule ${rule.id} defines no setting "${name}"`);
    return value;
  }
}
