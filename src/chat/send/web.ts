import { WebClient } from '@slack/web-api';
import type { Logger } from '../../log.ts';
import { boltLogger } from '../bolt-logger.ts';
import { type Ambiguous, NotDelivered } from '../delivery.ts';
import type { ChatMetrics } from '../metrics.ts';
import { type Feature, featureOf } from '../scopes.ts';
import { translate } from './translate.ts';

/**
 * Two clients for one token, because the SDK pauses a client's whole queue on one 429: with a single one, a busy channel would make
 * `views.open` miss its three seconds. Both reject rate limits at once; waiting is our own decision.
 */
const INTERACTIVE_TIMEOUT_MS = 2_500;
const OUTBOUND_TIMEOUT_MS = 10_000;

export type Lane = 'interactive' | 'outbound';
export type SlackAnswer = Readonly<Record<string, unknown>>;

export class Web {
  readonly #clients: Record<Lane, WebClient>;
  readonly #metrics: ChatMetrics;
  readonly #log: Logger;
  readonly #missing = new Map<string, Feature>();

  constructor(options: { token: string; apiUrl: string; log: Logger; metrics: ChatMetrics }) {
    this.#metrics = options.metrics;
    this.#log = options.log;
    const common = {
      slackApiUrl: options.apiUrl,
      logger: boltLogger(options.log),
      rejectRateLimitedCalls: true,
      // With the default a method name that looks like an address would carry the token there.
      allowAbsoluteUrls: false,
    };
    this.#clients = {
      interactive: new WebClient(options.token, {
        ...common,
        timeout: INTERACTIVE_TIMEOUT_MS,
        retryConfig: { retries: 1, minTimeout: 50, maxTimeout: 200 },
      }),
      // No retries: a timeout that is retried posts twice.
      outbound: new WebClient(options.token, { ...common, timeout: OUTBOUND_TIMEOUT_MS, retryConfig: { retries: 0 } }),
    };
  }

  /** One call. @throws NotDelivered or Ambiguous. */
  async call(lane: Lane, method: string, args: Record<string, unknown>): Promise<SlackAnswer> {
    try {
      const answer = await this.#clients[lane].apiCall(method, args);
      this.#metrics.request?.(method, 'ok');
      return answer as unknown as SlackAnswer;
    } catch (error) {
      const failure = translate(error);
      this.#metrics.request?.(method, failure instanceof NotDelivered ? failure.slackError : 'ambiguous');
      this.#noteScope(method, failure);
      throw failure;
    }
  }

  /** Features that the workspace does not grant, as far as seen. */
  missing(): readonly Feature[] {
    return [...this.#missing.values()];
  }

  lacks(scope: string): boolean {
    return this.#missing.has(scope);
  }

  noteMissing(features: readonly Feature[]): void {
    for (const feature of features) {
      if (this.#missing.has(feature.scope)) continue;
      this.#missing.set(feature.scope, feature);
      this.#log.warn({ ...feature }, 'The workspace does not grant a scope; that feature is off');
    }
  }

  #noteScope(method: string, failure: NotDelivered | Ambiguous): void {
    if (!(failure instanceof NotDelivered) || failure.slackError !== 'missing_scope') return;
    this.noteMissing([featureOf(failure.scope ?? method)]);
  }
}
