import type { Clock } from '../../time.ts';
import { Ambiguous, NotDelivered } from '../delivery.ts';
import type { ChatMetrics } from '../metrics.ts';

/** Slack's: five uses within half an hour. We stop a little earlier than Slack does. */
export const USES = 5;
export const LIFE_MS = 30 * 60_000 - 10_000;
const TIMEOUT_MS = 2_500;

/**
 * Answers through a gesture's own address. Works where the bot is no member and needs no scope, but only five times, and Bolt's `respond`
 * has neither a budget nor a timeout.
 */
export class ResponseUrls {
  readonly #clock: Clock;
  readonly #metrics: ChatMetrics;
  readonly #used = new Map<string, { uses: number; until: number }>();

  constructor(clock: Clock, metrics: ChatMetrics) {
    this.#clock = clock;
    this.#metrics = metrics;
  }

  /** @param receivedAt when Slack gave the address, epoch milliseconds. */
  isUsable(url: string, receivedAt: number): boolean {
    return this.#clock() < receivedAt + LIFE_MS && (this.#used.get(url)?.uses ?? 0) < USES;
  }

  /** @throws NotDelivered when Slack refused it; Ambiguous when no clear answer came. */
  async send(url: string, receivedAt: number, body: Record<string, unknown>): Promise<void> {
    this.#use(url, receivedAt);
    try {
      await this.#post(url, body);
      this.#metrics.request?.('response_url', 'ok');
    } catch (error) {
      this.#metrics.request?.('response_url', error instanceof NotDelivered ? error.slackError : 'ambiguous');
      throw error;
    }
  }

  async #post(url: string, body: Record<string, unknown>): Promise<void> {
    let status: number;
    let text: string;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw new Ambiguous('response_url', { cause: error });
    }
    const refusal = refusalIn(status, text);
    if (refusal !== undefined) throw new NotDelivered(refusal);
    if (status >= 500) throw new Ambiguous(`response_url HTTP ${status}`);
  }

  #use(url: string, receivedAt: number): void {
    const now = this.#clock();
    for (const [old, { until }] of this.#used) if (until < now) this.#used.delete(old);
    const uses = (this.#used.get(url)?.uses ?? 0) + 1;
    this.#used.set(url, { uses, until: receivedAt + LIFE_MS });
  }
}

/** Slack answers `ok`, or `{"ok":true}`, or an error code as a word or in JSON, with or without a 4xx or 500. */
function refusalIn(status: number, text: string): string | undefined {
  const code = /^\{/.test(text) ? errorIn(text) : /^[a-z_]+$/.exec(text.trim())?.[0];
  if (status < 300) return code === 'ok' ? undefined : code;
  if (status < 500) return code ?? `http_${status}`;
  return code;
}

function errorIn(json: string): string | undefined {
  try {
    const answer = JSON.parse(json) as { ok?: boolean; error?: string };
    return answer.ok === false ? (answer.error ?? 'refused') : undefined;
  } catch {
    return undefined;
  }
}
