import type { App } from '@slack/bolt';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { delay } from '../../time.ts';
import { SocketLink, type SocketOptions } from './socket-link.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const SUPERVISE_EVERY_MS = 5_000;
/** A connection that ends sooner than this was no success: the next one is opened after a pause. */
const SHORT_LIFE_MS = 2_000;
/**
 * How long a replaced connection may stay. Slack closes it itself, usually within 10 s; closing first would lose what Slack is sending at
 * that moment, because a closing WebSocket delivers nothing more.
 */
const LINGER_MS = 15_000;

/**
 * A Socket Mode connection that never stays down: always one link, and while Slack replaces it, two.
 *
 * socket-mode 3.1.0 by itself leaves a hole of 5 s at each routine refresh, never comes back after a 503 on `apps.connections.open`, and
 * dies of an `app_rate_limited` envelope (3.1.1 and 3.2.0 mend this; not to be had everywhere yet). So its reconnecting is off: ours opens
 * the successor before the old link closes, and after failures tries again with growing pauses, for ever. `sockets.test.ts` records the
 * gap; when 3.2 can be required, `socket-line` and `socket-link` shrink to a receiver with options.
 */
export class SocketLine {
  readonly #options: SocketOptions;
  readonly #stopping = new AbortController();
  readonly #retiring = new Set<Promise<void>>();
  #app: App | undefined;
  #link: SocketLink | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  get isLive(): boolean {
    return this.#link?.isActive === true;
  }

  init(app: App): void {
    this.#app = app;
  }

  /** Keeps the connection up until `stop`. @param onLive called each time it is up. */
  async run(onLive: () => void): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const link = new SocketLink(this.#options, this.#app as App);
      try {
        await link.open();
        this.#replace(link);
        onLive();
        const openedAt = performance.now();
        await this.#untilLeaving(link);
        if (performance.now() - openedAt > SHORT_LIFE_MS) pauseMs = FIRST_PAUSE_MS;
        else pauseMs = await this.#pause(pauseMs, pauseMs === FIRST_PAUSE_MS ? 0 : pauseMs);
      } catch (error) {
        await link.close();
        if (signal.aborted) break;
        this.#options.log.warn(
          { reason: reasonOf(error), pauseMs },
          'A Socket Mode connection could not be opened; trying again',
        );
        pauseMs = await this.#pause(pauseMs, Math.max(pauseMs, pauseAsked(error)));
      }
    }
    await this.#link?.close();
    await Promise.allSettled(this.#retiring);
  }

  /** Closes in this very step: between the last look at what is in flight and the close frame nothing may be read. */
  stop(): void {
    void this.#link?.close();
    this.#stopping.abort(new Error('stopping'));
  }

  /** @returns the pause for the next time. */
  async #pause(before: number, ms: number): Promise<number> {
    const jittered = ms * (0.5 + Math.random() / 2);
    if (ms > 0) await delay(jittered, this.#stopping.signal).catch(() => undefined);
    return Math.min(LONGEST_PAUSE_MS, before * 2);
  }

  #replace(link: SocketLink): void {
    const old = this.#link;
    this.#link = link;
    if (old === undefined) return;
    const retired = Promise.race([old.closed, delay(LINGER_MS, this.#stopping.signal).catch(() => undefined)])
      .then(() => old.close())
      .finally(() => this.#retiring.delete(retired));
    this.#retiring.add(retired);
  }

  /** Until Slack says that it ends, or until it is seen to be dead without anybody having said so. */
  async #untilLeaving(link: SocketLink): Promise<void> {
    const { signal } = this.#stopping;
    let reason: string | undefined;
    const leaving = link.leaving.then((given) => {
      reason = given;
    });
    while (!signal.aborted) {
      const pause = new AbortController();
      await Promise.race([
        leaving,
        delay(SUPERVISE_EVERY_MS, AbortSignal.any([signal, pause.signal])).catch(() => undefined),
      ]);
      pause.abort();
      if (reason !== undefined) return;
      if (link.isActive || signal.aborted) continue;
      this.#options.log.warn('A Socket Mode connection was dead without saying so; opening another');
      return;
    }
  }
}

function pauseAsked(error: unknown): number {
  return error instanceof WebAPIRateLimitedError ? error.retryAfter * 1_000 : 0;
}

function reasonOf(error: unknown): string {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  return error instanceof Error ? error.message : String(error);
}
