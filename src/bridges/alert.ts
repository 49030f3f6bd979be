/** The bridges' own words: what other systems tell us, and what we tell them. Incidents are mapped to and from these elsewhere. */

/** The label by which an alert that we sent is known when it comes back; its value is the `dedupKey`. */
export const INCIDENT_LABEL = 'shipmate_incident';

export type AlertSeverity = 'info' | 'warning' | 'high' | 'critical';

/** One alert as another system told it. */
export interface IncomingAlert {
  /** Name of the bridge. */
  readonly source: string;
  /** Its identity there: the same one again is the same alert. */
  readonly fingerprint: string;
  readonly groupKey?: string | undefined;
  readonly title: string;
  readonly text: string;
  readonly url?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: 'firing' | 'resolved';
  readonly severity: AlertSeverity;
  /** Epoch ms; undefined where the sender does not say since when. */
  readonly startsAt?: number | undefined;
  readonly endsAt?: number | undefined;
  /** True for one that always fires, to show that its sender lives. */
  readonly isHeartbeat: boolean;
}

/** One incident as other systems are told. */
export interface OutgoingAlert {
  /** The same for trigger, acknowledge and resolve of one occurrence: `shipmate-k3f9q2x`. */
  readonly dedupKey: string;
  readonly status: 'firing' | 'acked' | 'resolved';
  readonly severity: AlertSeverity;
  /** `[eu1] shop/cart rollout stalled: image not found`. */
  readonly summary: string;
  readonly cause: string;
  readonly cluster: string;
  readonly namespace: string;
  /** `deployment/cart`. */
  readonly object: string;
  /** Rule ids, the headline's first; empty for alerts from elsewhere. */
  readonly rules: readonly string[];
  /** Epoch ms. */
  readonly startedAt: number;
  readonly resolvedAt?: number | undefined;
  /** Link to the Slack message, where there is one. */
  readonly url?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, string>>;
}

/** How one attempt went. */
export type Delivery =
  | { readonly ok: true /** Their id of it, where they give one. */; readonly reference?: string | undefined }
  | {
      readonly ok: false;
      /** Trying again cannot help: the body or the key is refused. */
      readonly permanent: boolean;
      readonly error: string;
      /** What they asked for in `Retry-After`. */
      readonly retryAfterMs?: number | undefined;
    };

/** A system that incidents are sent to. */
export interface Target {
  readonly name: string;
  /** How often a firing alert must be sent again so that the other side keeps it, ms; undefined: never. */
  readonly repeatEveryMs?: number | undefined;
  /** A beginning is worth holding back so long for the link to its message, because it is never said again, ms; undefined: not at all. */
  readonly linkWaitMs?: number | undefined;
  /** Never throws. */
  send(alert: OutgoingAlert, options: SendOptions): Promise<Delivery>;
}

export interface SendOptions {
  /** Names this delivery, the same for every attempt. */
  readonly id: string;
  readonly signal: AbortSignal;
  readonly now: number;
  /** The severity under which they know it; undefined: they do not know it. */
  readonly knownAs?: AlertSeverity | undefined;
}
