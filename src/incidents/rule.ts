import type { Kind, SeenByKind } from './seen/kinds.ts';
import type { Severity } from './severity.ts';
import type { Memory, ObjectRef, Sight } from './sight.ts';

/**
 * A rule says what is wrong with one object, as a pure function of what is seen and the time. One file under `src/incidents/rules`, whose
 * default export is one of these and whose name begins with the rule's id in lower case (`p01-crash-loop.ts`).
 *
 * The engine owns everything else: it judges an object again whenever it, an object that it owns, or its events change, at the exact end
 * of a hold, and in a sweep; it starts and ends signals, and it leaves out what is silenced, deleted, gated or opted out.
 */
export interface Rule<K extends Kind = Kind> {
  /** `P01`. */
  readonly id: string;
  /** What people read: `crash loop`. Lower case, no verb. */
  readonly title: string;
  /** One sentence for `/alerts rules` and the docs: what is wrong when it fires. */
  readonly summary: string;
  readonly kind: K;
  /** Further kinds that it judges in the same way; `K` is then the union of all of them. */
  readonly alsoKinds?: readonly K[];
  readonly domain: Domain;
  /** Named thresholds with their defaults, overridable in the config file and by annotation (`shipmate/alert.P01.hold: 5m`). */
  readonly settings: Readonly<Record<string, Threshold>>;
  /** The condition must be false without a break for so long before the signal ends, ms. Usually 2 min. */
  readonly resolveAfterMs: number;
  /** What is gathered at the moment it fires. */
  readonly evidence: readonly EvidenceCode[];
  /** Buttons beside the lifecycle's own. */
  readonly actions: readonly ActionWord[];
  /** What the upstream rule or issue is that this copies, if any. */
  readonly source?: string;
  /** True for a rule that judges objects which are being deleted (`deletionTimestamp`); the others never see them. */
  readonly judgesTerminating?: boolean;
  /** Examples of what it says, for `/alerts test`. */
  readonly drill: { readonly cause: string; readonly severity: Severity };
  judge(object: SeenByKind[K], at: Judging): readonly Finding[];
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds rules of every kind; each file keeps its own type.
export type AnyRule = Rule<any>;

/** An incident is one root object in one of these respects. */
export type Domain =
  | 'availability'
  | 'rollout'
  | 'job'
  | 'storage'
  | 'node'
  | 'node-update'
  | 'scaling'
  | 'shipmate'
  | 'external';

/** Durations in ms (written `90s` in the config file) or plain numbers. */
export type Threshold =
  | { readonly kind: 'duration'; readonly ms: number; readonly meaning: string }
  | { readonly kind: 'number'; readonly value: number; readonly meaning: string };

export interface Judging {
  /** Epoch ms. */
  readonly now: number;
  readonly sight: Sight;
  readonly memory: Memory;
  /** A threshold as it is in force for this object: default, config file, annotation of the namespace, of the root, of the object. */
  setting(name: string): number;
}

/** Something wrong, perhaps not for long enough yet. */
export interface Finding {
  /** Tells several findings of one rule on one object apart, such as the container's name. Default ''. */
  readonly key?: string;
  /** Since when, epoch ms, where the API tells; otherwise the time of the first finding, which the engine remembers. */
  readonly since?: number | undefined;
  /** It fires once it has held for this long, ms. */
  readonly holdMs: number;
  readonly severity: Severity;
  /** One line that says what is wrong and why, without the object's own name: `image "shop/web:9" cannot be pulled: not found`. */
  readonly cause: string;
  /** The place in the cause tree (§1.6): decides which signal of an incident is its headline. */
  readonly causeClass: CauseClass;
  readonly facts?: readonly { readonly label: string; readonly value: string }[];
  /** What other roots may share: five of them make a storm with a named cause. */
  readonly shares?: Shared;
  /** What the evidence is to be gathered from, when not from the judged object: the first bad pod, its container. */
  readonly about?: ObjectRef | undefined;
  readonly container?: string | undefined;
  /** The next moment, epoch ms, at which this rule could answer differently although nothing changes (beside the end of the hold). */
  readonly lookAgainAt?: number | undefined;
  /** True where another root carries it: told inside an incident that is open anyway, but never opening one. */
  readonly isFolded?: boolean;
}

export interface Shared {
  readonly node?: string | undefined;
  /** Host of the image. */
  readonly registry?: string | undefined;
  readonly storageClass?: string | undefined;
  /** `namespace/name`. */
  readonly quota?: string | undefined;
  readonly webhook?: string | undefined;
}

/** In the order of §1.6: the first class that an incident has is its headline. */
export const CAUSE_CLASSES = [
  'admission',
  'image',
  'config',
  'init',
  'oom',
  'crash',
  'volume',
  'unschedulable',
  'probe',
  'terminating',
  'disruption',
  'node',
  'controller',
  'capacity',
  'schedule',
  'other',
  'unknown',
] as const;
export type CauseClass = (typeof CAUSE_CLASSES)[number];

/** L log tails, E events, X exit codes, I images now and before, N node, R requests and limits, C recent change, D template diff. */
export type EvidenceCode = 'L' | 'E' | 'X' | 'I' | 'N' | 'R' | 'C' | 'D';

/** Buttons; each stands for a command line that runs through the pipeline and its gates (`actions.ts`). */
export type ActionWord =
  | 'logs'
  | 'describe'
  | 'rollback'
  | 'pause'
  | 'resume'
  | 'restart'
  | 'scale'
  | 'delete-pod'
  | 'cordon'
  | 'uncordon'
  | 'rerun';

/** Type inference only. */
export function defineRule<K extends Kind>(rule: Rule<K>): Rule<K> {
  return rule;
}

/** A threshold of time. @param ms default. */
export function lasting(ms: number, meaning: string): Threshold {
  return { kind: 'duration', ms, meaning };
}

/** A threshold of number. */
export function counting(value: number, meaning: string): Threshold {
  return { kind: 'number', value, meaning };
}

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
