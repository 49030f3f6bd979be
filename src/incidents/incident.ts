import type { Person } from '../chat/invocation.ts';
import type { Domain } from './rule.ts';
import type { Severity } from './severity.ts';
import type { ObjectRef } from './sight.ts';
import type { RootState, Signal } from './signal.ts';

/**
 * One thing that is wrong: a root object in one respect, an umbrella over many that share a cause, or an alert from another system. It has
 * one living message. JSON in etcd under `incidents/now/<key>`; every change is a new `generation`.
 */
export interface Incident {
  /** What people type: 7 characters, `k3f9q2x`. New for each occurrence. */
  readonly id: string;
  /** `keyOf(cluster, root, domain)`: the same for every occurrence. */
  readonly key: string;
  readonly generation: number;
  readonly kind: 'root' | 'storm' | 'external' | 'drill';
  /** '' for storms over clusters and alerts without one. */
  readonly cluster: string;
  readonly root: ObjectRef;
  readonly domain: Domain;
  readonly severity: Severity;
  /** The worst it has been: a rise is told anew, a return is not. */
  readonly peak: Severity;
  readonly status: 'firing' | 'resolved';
  /** The headline's cause, one line. */
  readonly cause: string;
  /** At most `SIGNALS_KEPT`; `moreSignals` counts the rest. */
  readonly signals: readonly Signal[];
  readonly moreSignals: number;
  readonly impact?: RootState['impact'];
  /** When it began in the world (the first signal's `since`), when it was detected (its hold ended), and when we recorded it. Epoch ms. */
  readonly startedAt: number;
  readonly detectedAt: number;
  readonly openedAt: number;
  readonly resolvedAt?: number | undefined;
  readonly resolution?: Resolution | undefined;
  /** Of one resolved by hand: when it ended in the world, too. Until then it stays resolved, unless it gets worse. */
  readonly endedAt?: number | undefined;
  readonly ack?: { readonly by: Person; readonly at: number } | undefined;
  readonly snooze?: { readonly by: Person; readonly until: number } | undefined;
  readonly escalations: readonly { readonly by: Person | 'shipmate'; readonly at: number; readonly to: string }[];
  /** A silence or maintenance window that keeps it quiet. */
  readonly silencedBy?: string | undefined;
  /** Another incident that explains this one: it is recorded and linked, and says nothing itself. */
  readonly partOf?:
    | { readonly id: string; readonly key: string; readonly why: 'storm' | 'node' | 'reboot' }
    | undefined;
  /** For umbrellas: what the members share and who they are. */
  readonly storm?: Storm | undefined;
  /** Times of the last ends and beginnings, for the flapping badge; bounded. */
  readonly transitions: readonly number[];
  readonly isFlapping: boolean;
  /** What happened, newest last, bounded: shown in the thread and by `/alerts show`. */
  readonly log: readonly LogLine[];
  /** Channel id of its message; undefined: said nowhere (info, silenced before it was said, part of another). */
  readonly channel?: string | undefined;
  /** When Slack first took the message. */
  readonly notifiedAt?: number | undefined;
  /** The worst of `alerts` that fires, or the last one. */
  readonly external?: ExternalAlert | undefined;
  /** Everything that the other system grouped here, by fingerprint. Notes to ourselves: what people see of them stands in `signals`. */
  readonly alerts?: Readonly<Record<string, ExternalAlert>> | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Why somebody called it noise. */
  readonly noise?: { readonly by: Person; readonly at: number; readonly why: string } | undefined;
}

export const SIGNALS_KEPT = 12;

export type Resolution =
  | { readonly how: 'recovered' }
  /** Seen to be well, or gone, at a start: nobody was looking when it ended. */
  | { readonly how: 'while-away' }
  | { readonly how: 'deleted' }
  | { readonly how: 'by-hand'; readonly by: Person; readonly why?: string | undefined }
  /** The other system said so, or fell silent for twice its interval. */
  | { readonly how: 'external' | 'stale' }
  | { readonly how: 'drill-over' };

export interface Storm {
  /** `registry registry.example.com`, `node harbour-2`; undefined: nothing known that they share. */
  readonly shared?: {
    readonly what: 'node' | 'registry' | 'storageClass' | 'quota' | 'webhook';
    readonly name: string;
  };
  /** Names by namespace, `deployment/web`; all of them, in compact form. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  readonly count: number;
  /** Members that are still wrong. */
  readonly open: number;
}

export interface LogLine {
  /** 1, 2, …: ever growing within an incident, so that each line is said once in the thread although old ones are dropped here. */
  readonly n: number;
  readonly at: number;
  /** A whole sentence without a date and without who did it: `P03 image also fires: …`, `Acked.` */
  readonly text: string;
  /** Who did it; whoever renders the line names them. */
  readonly by?: Person | undefined;
  /** Told in the channel, too (`reply_broadcast`): a rise of severity, the end of a critical one. */
  readonly isLoud?: boolean;
}

/** An alert as another system told it. */
export interface ExternalAlert {
  /** `alertmanager` or the name of the hook. */
  readonly source: string;
  /** Its identity there: fingerprint or key. */
  readonly fingerprint: string;
  readonly groupKey?: string | undefined;
  readonly title: string;
  readonly text: string;
  readonly url?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: 'firing' | 'resolved';
  readonly severity: Severity;
  readonly startsAt: number;
  /** The other system does not say since when: `startsAt` is when it was first heard here. */
  readonly isStartGuessed?: boolean | undefined;
  readonly lastSeenAt: number;
  /** After this without a word it is stale. Epoch ms; absent: never. */
  readonly staleAt?: number | undefined;
}

/** What one step did to an incident: the new value, and what to say beside the living message. */
export type Step = (incident: Incident, now: number) => Incident | undefined;
