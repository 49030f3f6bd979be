import type { Workspace } from '../workspace.ts';
import { type PostOutcome, signedPost } from './signed-post.ts';
import { type Envelope, Sockets } from './sockets.ts';

/** After an event that nobody acknowledged: at once, a minute later, five minutes later. */
const RETRY_AFTER_MS = [0, 60_000, 300_000];

export interface Outcome {
  readonly acknowledged: boolean;
  readonly ackMs: number;
  readonly failure?: 'dispatch_failed' | 'operation_timeout';
  /** What the app sent along with its acknowledgement. */
  readonly body?: unknown;
}

export type RequestKind = 'slash_commands' | 'interactive';

/** Brings gestures and events to the app: over one Socket Mode connection, or signed HTTP when addresses are configured. */
export class Delivery {
  readonly #workspace: Workspace;
  readonly sockets: Sockets;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.sockets = new Sockets(workspace.world.app.id, (count) =>
      workspace.page.toEveryone({ type: 'app', sockets: count }),
    );
  }

  get mode(): 'socket' | 'http' {
    const { commandsUrl, eventsUrl } = this.#workspace.settings;
    return commandsUrl === undefined && eventsUrl === undefined ? 'socket' : 'http';
  }

  stop(): void {
    this.sockets.stop();
  }

  /** A command, a button or a modal: delivered once, and the app has three seconds. */
  async request(kind: RequestKind, payload: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const started = performance.now();
    const url =
      kind === 'slash_commands' ? this.#workspace.settings.commandsUrl : this.#workspace.settings.interactivityUrl;
    const outcome =
      this.mode === 'http' && url !== undefined
        ? await this.#requestOverHttp(url, kind, payload)
        : await this.#overSocket({ type: kind, payload, acceptsResponse: true });
    return { ...outcome, ackMs: Math.round((performance.now() - started) * 100) / 100 };
  }

  /** An event: redelivered up to three times until acknowledged. Returns at once. */
  event(payload: Readonly<Record<string, unknown>>): void {
    void this.#deliverEvent(payload, 0, undefined);
  }

  async #deliverEvent(
    payload: Readonly<Record<string, unknown>>,
    attempt: number,
    reason: string | undefined,
  ): Promise<void> {
    const failure =
      this.mode === 'http' && this.#workspace.settings.eventsUrl !== undefined
        ? await this.#eventOverHttp(this.#workspace.settings.eventsUrl, payload, attempt, reason)
        : await this.#eventOverSocket(payload, attempt, reason);
    const wait = RETRY_AFTER_MS[attempt];
    if (failure === undefined || wait === undefined) return;
    this.#workspace.time.after(wait, () => void this.#deliverEvent(payload, attempt + 1, failure));
  }

  async #eventOverSocket(
    payload: Readonly<Record<string, unknown>>,
    attempt: number,
    reason: string | undefined,
  ): Promise<string | undefined> {
    const retry = attempt === 0 ? {} : { retryAttempt: attempt, retryReason: reason ?? 'timeout' };
    const outcome = await this.#overSocket({ type: 'events_api', payload, acceptsResponse: false, ...retry });
    if (outcome.acknowledged) return undefined;
    return outcome.failure === 'dispatch_failed' ? 'connection_failed' : 'timeout';
  }

  #overSocket(envelope: Envelope): Promise<Outcome> {
    const copies = this.#workspace.faults.duplicateEnvelopes > 0 ? 2 : 1;
    if (copies === 2) this.#workspace.faults.duplicateEnvelopes -= 1;
    return new Promise((resolve) => {
      const sent = this.sockets.send(
        envelope,
        (body) => {
          clearTimeout(timer);
          resolve({ acknowledged: true, ackMs: 0, body });
        },
        copies,
      );
      const timer = setTimeout(() => {
        sent.forget();
        resolve({ acknowledged: false, ackMs: 0, failure: 'operation_timeout' });
      }, this.#workspace.settings.ackTimeoutMs);
      if (sent.isSent) return;
      clearTimeout(timer);
      resolve({ acknowledged: false, ackMs: 0, failure: 'dispatch_failed' });
    });
  }

  async #requestOverHttp(url: string, kind: RequestKind, payload: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const form =
      kind === 'slash_commands'
        ? new URLSearchParams(Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)]))
        : new URLSearchParams({ payload: JSON.stringify(payload) });
    const answer = await this.#post(url, form.toString(), 'application/x-www-form-urlencoded');
    if (answer.failure === undefined) return { acknowledged: true, ackMs: 0, body: answer.body };
    const failure = answer.failure === 'http_timeout' ? 'operation_timeout' : 'dispatch_failed';
    return { acknowledged: false, ackMs: 0, failure };
  }

  async #eventOverHttp(
    url: string,
    payload: Readonly<Record<string, unknown>>,
    attempt: number,
    reason: string | undefined,
  ): Promise<string | undefined> {
    const retry = attempt === 0 ? undefined : { num: attempt, reason: reason ?? 'http_timeout' };
    const answer = await this.#post(url, JSON.stringify(payload), 'application/json', retry);
    return answer.noRetry ? undefined : answer.failure;
  }

  async #post(
    url: string,
    body: string,
    contentType: 'application/json' | 'application/x-www-form-urlencoded',
    retry?: { readonly num: number; readonly reason: string },
  ): Promise<PostOutcome> {
    const workspace = this.#workspace;
    const request = {
      url,
      body,
      contentType,
      secret: workspace.world.app.signingSecret,
      timestamp: Math.floor(workspace.time.now() / 1_000),
      timeoutMs: workspace.settings.ackTimeoutMs,
      ...(retry === undefined ? {} : { retry }),
    };
    if (workspace.faults.duplicateHttp > 0) {
      workspace.faults.duplicateHttp -= 1;
      void signedPost(request);
    }
    return signedPost(request);
  }

  /** What Slack does when an events address is saved: the app must echo the challenge. */
  async verifyEventsUrl(url: string): Promise<boolean> {
    const challenge = `challenge-${Math.floor(this.#workspace.time.now())}`;
    const body = JSON.stringify({ token: 'practice', challenge, type: 'url_verification' });
    const answer = await this.#post(url, body, 'application/json');
    const echoed =
      typeof answer.body === 'object' && answer.body !== null
        ? (answer.body as { challenge?: unknown }).challenge
        : answer.body;
    return answer.failure === undefined && echoed === challenge;
  }
}
