import { type App, SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import type { Logger } from '../../log.ts';
import { delay } from '../../time.ts';
import type { BoltLogger } from '../bolt-logger.ts';
import type { ChatMetrics } from '../metrics.ts';
import { withoutEvent } from './envelope.ts';

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly logger: BoltLogger;
  readonly log: Logger;
  readonly metrics: ChatMetrics;
}

const OPEN_TIMEOUT_MS = 5_000;
const HELLO_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const SUPERVISE_EVERY_MS = 5_000;

type State = 'starting' | 'live' | 'stopped';

/** The parts of socket-mode's client that we use although some are not public: see below, each with its reason. */
interface Client {
  readonly websocket?: { isActive(): boolean };
  start(): Promise<unknown>;
  disconnect(): Promise<void>;
  on(event: string, listener: (...args: never[]) => void): unknown;
  removeAllListeners(event: string): unknown;
  onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void>;
  send(envelope: string): Promise<void>;
}

/**
 * One Socket Mode connection that never stays down.
 *
 * socket-mode 3.1.0 by itself leaves a hole of 5 s at each routine refresh, never comes back after a 503 on `apps.connections.open`, and
 * dies of an `app_rate_limited` envelope (3.1.1 and 3.2.0 mend this; not to be had everywhere yet). So its own reconnecting is off, and
 * ours opens the next connection at once when one closes, then with growing pauses. When 3.2 can be required this file shrinks to a
 * receiver with options.
 */
export class SocketLine {
  readonly receiver: SocketModeReceiver;
  readonly #client: Client;
  readonly #options: SocketOptions;
  readonly #stopping = new AbortController();
  #state: State = 'starting';
  #closed: () => void = () => undefined;
  #lastError: string | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.receiver = new SocketModeReceiver({
      appToken: options.appToken,
      logger: options.logger,
      autoReconnectEnabled: false,
      installerOptions: {
        clientOptions: {
          slackApiUrl: options.apiUrl,
          timeout: OPEN_TIMEOUT_MS,
          retryConfig: { retries: 0 },
          rejectRateLimitedCalls: true,
          allowAbsoluteUrls: false,
        },
      },
    });
    this.#client = this.receiver.client as unknown as Client;
    this.#guard();
    this.#client.on('disconnected', () => this.#closed());
  }

  get isLive(): boolean {
    return this.#state === 'live' && this.#client.websocket?.isActive() === true;
  }

  /** Why it is not live, if Slack said. */
  get lastError(): string | undefined {
    return this.#lastError;
  }

  init(app: App): void {
    this.receiver.init(app);
  }

  /** Keeps the connection up until `stop`. @param onLive called each time it is up. */
  async run(onLive: () => void): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const closed = this.#nextClose();
      try {
        await within(HELLO_TIMEOUT_MS, this.#client.start());
        this.#state = 'live';
        this.#lastError = undefined;
        pauseMs = FIRST_PAUSE_MS;
        onLive();
        await this.#untilDead(closed);
      } catch (error) {
        if (signal.aborted) break;
        this.#lastError = reasonOf(error);
        this.#options.log.warn({ err: error, pauseMs }, 'A Socket Mode connection could not be opened; trying again');
        await this.#drop();
        await delay(Math.max(pauseMs * (0.5 + Math.random() / 2), pauseAsked(error)), signal).catch(() => undefined);
        pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      }
      if (this.#state === 'live') this.#state = 'starting';
    }
    this.#state = 'stopped';
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'));
    this.#closed();
    await this.#drop();
  }

  /** Until the library says so, or until it is seen to be dead without having said so. */
  async #untilDead(closed: Promise<void>): Promise<void> {
    let isClosed = false;
    const done = closed.then(() => {
      isClosed = true;
    });
    while (!isClosed) {
      await Promise.race([done, delay(SUPERVISE_EVERY_MS, this.#stopping.signal).catch(() => undefined)]);
      if (isClosed || this.#stopping.signal.aborted) return;
      if (this.#client.websocket?.isActive() === true) continue;
      this.#options.log.warn('A Socket Mode connection was dead without saying so; opening another');
      await this.#drop();
      return;
    }
  }

  #nextClose(): Promise<void> {
    return new Promise((resolve) => {
      this.#closed = resolve;
    });
  }

  async #drop(): Promise<void> {
    const disconnected = this.#client.disconnect().catch(() => undefined);
    await Promise.race([disconnected, delay(1_000)]);
  }

  /** Before the library's own listener: what it cannot digest never reaches it, and what it throws goes to the log, not to the process. */
  #guard(): void {
    const client = this.#client;
    client.removeAllListeners('ws_message');
    client.on('ws_message', (data: string | ArrayBuffer, isBinary: boolean) => {
      const envelope = isBinary || typeof data !== 'string' ? undefined : withoutEvent(data);
      if (envelope === undefined) {
        client.onWebSocketMessage(data, isBinary).catch((error: unknown) => {
          this.#options.log.error({ err: error }, 'A Socket Mode message could not be handled');
        });
        return;
      }
      this.#options.metrics.eventsRateLimited?.();
      this.#options.log.warn({ type: envelope.type }, 'Slack sent an envelope without an event');
      if (envelope.id !== undefined) client.send(envelope.id).catch(() => undefined);
    });
  }
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no hello from Slack within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function pauseAsked(error: unknown): number {
  return error instanceof WebAPIRateLimitedError ? error.retryAfter * 1_000 : 0;
}

function reasonOf(error: unknown): string {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  return error instanceof Error ? error.message : 'disconnected';
}
