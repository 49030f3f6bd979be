import type { AnyRule, Domain, Finding } from '../rule.ts';
import type { SeenObject } from '../seen/kinds.ts';
import type { ObjectRef } from '../sight.ts';
import type { Waking } from './wakes.ts';

/**
 * The engine's own picture of what is wrong.
 *
 *   Ill (an object) ─ has ─▶ Track (one finding, held or fired) ─ in ─▶ Line (one signal) ─ of ─▶ Group (root and domain) ─▶ Root
 *
 * Tracks of twins, that is of pods of one root that one rule finds ill in the same container, stand in one line. A line fires with its first
 * track and outlives it: it ends when none of its tracks has fired for the rule's hold-down.
 */
export interface Ill extends Waking {
  readonly uid: string;
  readonly ref: ObjectRef;
  readonly tracks: Map<string, Track>;
  /** Where a pod runs. */
  node: string | undefined;
}

export interface Track {
  readonly ill: Ill;
  readonly rule: AnyRule;
  readonly key: string;
  readonly line: Line;
  finding: Finding;
  /** Since when it is found, and the end of its hold; epoch ms. */
  since: number;
  fireAt: number;
  /** For as long as it is found without a break, also when `since` moves on. */
  hasFired: boolean;
}

export interface Line extends Waking {
  readonly group: Group;
  readonly rule: AnyRule;
  /** Under which it is remembered, `P01=web-1|app`. */
  readonly label: string;
  readonly key: string;
  readonly tracks: Set<Track>;
  firing: { readonly since: number; readonly firedAt: number } | undefined;
  /** Since when none of its tracks has fired. */
  clearSince: number | undefined;
  /** What was last shown of it. Undefined while firing: it fired before a restart and was not seen since. */
  shown: Shown | undefined;
}

export interface Shown {
  readonly ref: ObjectRef;
  readonly finding: Finding;
  /** All fired tracks of the line, counted as of then. */
  readonly count: number;
  readonly severities: ReadonlySet<Finding['severity']>;
}

export interface Group {
  readonly root: Root;
  readonly domain: Domain;
  readonly lines: Map<string, Line>;
  /** The state that was last handed out, as JSON; undefined: nothing was, or the end. */
  said: string | undefined;
  /** When its last signal ended: what began later does not keep the incident open. */
  quietSince: number | undefined;
}

export interface Root {
  readonly address: string;
  ref: ObjectRef;
  readonly groups: Map<Domain, Group>;
  /** It was in the cache once: when it is no more, it is gone. */
  isSeen: boolean;
  /** As when its objects were last judged: a change of them judges all anew. */
  annotations: SeenObject['metadata']['annotations'] | undefined;
}

export function addressOf({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind}/${namespace}/${name}`;
}
