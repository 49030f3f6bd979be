import type { Store, Versioned } from '../../state/store.ts';
import { evidencePath } from '../book/paths.ts';
import type { EvidenceCode } from '../rule.ts';
import type { ObjectRef } from '../sight.ts';

/**
 * What the world looked like at the instant an incident began: gathered once, since logs rotate, events are gone after an hour and pods
 * are replaced. JSON in etcd under `incidents/evidence/<incident id>`, at most `EVIDENCE_BYTES`, everything in it redacted.
 */
export interface Evidence {
  /** The incident's id. */
  readonly incident: string;
  readonly cluster: string;
  /** Epoch ms. */
  readonly capturedAt: number;
  /** What the rules asked for; a code without a part below was either empty or stands in `missing`. */
  readonly codes: readonly EvidenceCode[];
  /** Signals that this was gathered for, `P01/<uid>/<key>`: a new one is a reason to look again. */
  readonly signals: readonly string[];
  /** The pod that was looked at, and the container in it. */
  readonly pod?: ObjectRef | undefined;
  readonly container?: string | undefined;
  readonly logs: readonly LogTail[];
  /** The last ten warnings about the pod and its owner, the newest last. */
  readonly events: readonly EventLine[];
  readonly exits: readonly Exit[];
  readonly images: readonly ImageChange[];
  readonly template?: TemplateChange | undefined;
  readonly node?: NodeFacts | undefined;
  readonly resources: readonly ResourceFacts[];
  readonly change?: RecentChange | undefined;
  readonly missing: readonly Missing[];
}

export interface LogTail {
  readonly pod: string;
  readonly container: string;
  /** Of the run before the last restart. */
  readonly isPrevious: boolean;
  /** At most 50 lines and 16 KiB, the newest last, without control characters. */
  readonly lines: readonly string[];
  /** Lines or bytes were left out before the first one. */
  readonly isCut: boolean;
}

export interface EventLine {
  /** `Pod/web-7d9f`. */
  readonly object: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** Epoch ms of the last time it happened. */
  readonly at: number;
}

/** How a container ended. */
export interface Exit {
  readonly pod: string;
  readonly container: string;
  readonly exitCode: number;
  readonly signal?: number | undefined;
  /** The API's word: `OOMKilled`, `Error`. */
  readonly reason: string;
  /** What the code means, in words: `killed by SIGKILL, usually from outside (not out of memory, says the API)`. */
  readonly meaning: string;
  /** Epoch ms; 0 when the API gave none. */
  readonly finishedAt: number;
  readonly restarts: number;
}

export interface ImageChange {
  readonly container: string;
  readonly now: string;
  /** In the previous revision; absent where there is none or it had no such container. */
  readonly before?: string | undefined;
}

/** What changed between the previous revision and this one. */
export interface TemplateChange {
  readonly from: number;
  readonly to: number;
  /** `spec.containers[web].image`; the values of environment variables are never here. At most 20. */
  readonly fields: readonly FieldChange[];
  readonly more: number;
}
export interface FieldChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export interface NodeFacts {
  readonly name: string;
  readonly isCordoned: boolean;
  /** Conditions that are not as they should be: `Ready=False (KubeletNotReady)`; none when it is well. */
  readonly troubles: readonly string[];
  readonly kubeletVersion: string;
}

export interface ResourceFacts {
  readonly container: string;
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

/** Who last changed the wishes of the root. */
export interface RecentChange {
  /** The field manager: `kubectl-client-side-apply`, `argocd-controller`, `shipmate`. */
  readonly by: string;
  /** Epoch ms. */
  readonly at: number;
  /** Top-level fields that it wrote then: `spec.template`, `spec.replicas`; at most 6. */
  readonly fields: readonly string[];
  /** `kubernetes.io/change-cause`, where somebody wrote one. */
  readonly cause?: string | undefined;
  /** The current revision, where the kind has them. */
  readonly revision?: number | undefined;
}

/** Something that was asked for and could not be had. */
export interface Missing {
  /** `log of web-7d9f/main`. */
  readonly what: string;
  /** One sentence. */
  readonly why: string;
}

export const EVIDENCE_BYTES = 48 * 1024;
export const LOG_LINES = 50;
export const LOG_BYTES = 16 * 1024;
export const EVENTS_KEPT = 10;

/** @returns undefined when none was gathered (yet). */
export async function readEvidence(store: Store, incident: string): Promise<Versioned<Evidence> | undefined> {
  return store.get<Evidence>(evidencePath(incident));
}
