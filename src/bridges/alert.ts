/** The bridges' own words: what other systems tell us, and what we tell them. Incidents are mapped to and from these elsewhere. */

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
  /** Epoch ms. */
  readonly startsAt: number;
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
  /** @param options.id names this delivery, the same for every attempt. Never throws. */
  send(alert: OutgoingAlert, options: { id: string; signal: AbortSignal; now: number }): Promise<Delivery>;
}
