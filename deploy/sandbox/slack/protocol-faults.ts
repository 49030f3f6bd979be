/** What scripts may break, tune and read: the bodies of `/control/faults`, `/control/settings` and `/control/calls`. */

/** One or more of these; they add to what is already set. */
export interface FaultRequest {
  /** For Web API calls: `method` is exact, or `*`. */
  readonly calls?: readonly CallFault[];
  /** `apps.connections.open` hands out no address. Shorthand for a call fault on it, without end until cleared. */
  readonly sockets?: {
    readonly open?: '503' | 'hang' | 'ok';
    /** Sends `disconnect` with this reason to every connection, or to `count` of them, and closes them as Slack does. */
    readonly refresh?: 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';
    /** Cuts TCP without a close frame. */
    readonly drop?: 'all' | number;
    /** Sends the `app_rate_limited` envelope, which has no `event`. */
    readonly appRateLimited?: boolean;
    /** The next n envelopes are delivered twice. */
    readonly duplicateNext?: number;
    /** Stops sending pings and envelopes, connections stay open (half-open link). */
    readonly mute?: boolean;
  };
  /** Every token is refused with this error until `tokens: 'ok'`. */
  readonly tokens?: 'token_expired' | 'token_revoked' | 'account_inactive' | 'invalid_auth' | 'ok';
  readonly deactivate?: string;
  readonly reactivate?: string;
  readonly removeScope?: string;
  readonly addScope?: string;
  readonly archive?: string;
  readonly unarchive?: string;
  readonly extShare?: string;
  /** Takes the bot out of a channel, or puts it in. */
  readonly kickBot?: string;
  readonly inviteBot?: string;
  /** The next n deliveries in HTTP mode are sent twice. */
  readonly duplicateHttpNext?: number;
}

export interface CallFault {
  readonly method: string;
  /** 429 carries `Retry-After`. */
  readonly status?: 429 | 500 | 502 | 503;
  readonly retryAfterSeconds?: number;
  /** An `{ok: false, error}` answer instead. */
  readonly error?: string;
  /** Waits before processing. With nothing else set the call is then carried out, even if the caller has given up by then. */
  readonly hangMs?: number;
  /** The call is carried out, but the connection is cut before the answer. */
  readonly dropAfter?: boolean;
  /** Carried out, then the answer is this status: a gateway that gave up. */
  readonly statusAfter?: 500 | 502 | 503 | 504;
  /** How many calls; absent: until cleared. */
  readonly count?: number;
  /** Only calls whose `channel` argument is this id. */
  readonly channel?: string;
}

export interface CallRecord {
  readonly seq: number;
  /** Epoch milliseconds, server's clock. */
  readonly at: number;
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly ok: boolean;
  readonly error?: string;
  /** `ts` of the message made or changed, when there is one. */
  readonly ts?: string;
}

export interface SettingsRequest {
  /** `chat.postMessage` per channel: a bucket of `burst`, refilled at `perSecond`. False: no limit (benches). */
  readonly postLimit?: false | { readonly burst: number; readonly perSecond: number };
  /** HTTP mode addresses; null returns to Socket Mode. */
  readonly eventsUrl?: string | null;
  readonly commandsUrl?: string | null;
  readonly interactivityUrl?: string | null;
  /** How long an app has to acknowledge. Default 3,000. */
  readonly ackTimeoutMs?: number;
  /** Log of calls kept. Default 2,000; 0 turns it off (benches). */
  readonly keepCalls?: number;
  /** Adds or replaces slash commands. */
  readonly slashCommands?: readonly {
    readonly command: string;
    readonly description: string;
    readonly usageHint?: string;
  }[];
}
