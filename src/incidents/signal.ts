import type { ActionWord, CauseClass, Domain, EvidenceCode, Shared } from './rule.ts';
import type { Severity } from './severity.ts';
import type { ObjectRef } from './sight.ts';

/** A rule's finding that has held for long enough: what incidents are made of. JSON, it stands in the incident's record. */
export interface Signal {
  /** Rule id. */
  readonly rule: string;
  readonly title: string;
  /** The judged object. */
  readonly object: ObjectRef;
  /** The finding's key; '' for none. */
  readonly key: string;
  readonly domain: Domain;
  /** Since when the condition holds, epoch ms (API time where there is one). */
  readonly since: number;
  /** When it fired: the end of its hold, epoch ms. */
  readonly firedAt: number;
  /** When the condition was last seen to be false; absent while it holds. The signal ends when it stays so for the rule's hold-down. */
  readonly clearSince?: number | undefined;
  readonly severity: Severity;
  readonly cause: string;
  readonly causeClass: CauseClass;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly shares: Shared;
  readonly about: ObjectRef;
  readonly container?: string | undefined;
  readonly evidence: readonly EvidenceCode[];
  readonly actions: readonly ActionWord[];
  readonly isFolded: boolean;
}

/** What the engine says about one root in one domain: everything that is wrong with it now. Empty `signals`: nothing any more. */
export interface RootState {
  readonly cluster: string;
  readonly root: ObjectRef;
  readonly domain: Domain;
  readonly signals: readonly Signal[];
  /** Pods that serve, of how many wished; absent where that means nothing. */
  readonly impact?: { readonly available: number; readonly desired: number } | undefined;
  /** Labels of the namespace, for routes and for "not production". */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** The root's own labels, for routes and silences. */
  readonly labels: Readonly<Record<string, string>>;
  /** Node names on which the ill pods of this root are, for inhibition; bounded. */
  readonly nodes: readonly string[];
  /** A finding that has not held long enough yet: the incident must not end meanwhile. */
  readonly isPending: boolean;
  /** The object is gone: nothing can be wrong with it any more. */
  readonly isGone: boolean;
}
