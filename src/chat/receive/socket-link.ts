import { type App, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from '../../log.ts';
import { delay } from '../../time.ts';
import type { BoltLogger } from '../bolt-logger.ts';
import type { ChatMetrics } from '../metrics.ts';
import { disconnectReason, withoutEvent } from './envelope.ts';

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly logger: BoltLogger;
  readonly log: Logger;
  readonly metrics: ChatMetrics;
}

const OPEN_TIMEOUT_MS = 5_000;
const HELLO_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** The parts of socket-mode's client that we use; `onWebSocketMessage` and `send` are not public in its types. */
interface Client {
  readonly websocket?: { isActive(): boolean };
  start(): Promise<unknown>;
  disconnect(): Promise<void>;
  on(event: string, listener: (...args: never[]) => void): unknown;
  removeAllListeners(event: string): unknown;
  onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void>;
  send(envelope: string): Promise<void>;
}

/** One WebSocket to Slack, opened once and closed once. Everything that socket-mode 3.1.0 does after that is switched off. */
export class SocketLink {
  /** Resolves when Slack announces the end (`disconnect`), or when the connection is closed. */
  readonly leaving: Promise<string>;
  /** Resolves when it is closed. */
  readonly closed: Promise<void>;
  readonly #options: SocketOptions;
  readonly #client: Client;
  #leave: (reason: string) => void = () => undefined;
  #isLeaving = false;

  constructor(options: SocketOptions, app: App) {
    this.#options = options;
    const receiver = new SocketModeReceiver({
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
    receiver.init(app);
    this.#client = receiver.client as unknown as Client;
    this.leaving = new Promise((resolve) => {
      this.#leave = (reason) => {
        this.#isLeaving = true;
        resolve(reason);
      };
    });
    this.closed = new Promise((resolve) => {
      this.#client.on('disconnected', () => {
        this.#leave('closed');
        resolve();
      });
    });
    this.#guard();
  }

  /** Open, and not about to be replaced. */
  get isActive(): boolean {
    return !this.#isLeaving && this.#client.websocket?.isActive() === true;
  }

  /** Resolves with Slack's hello. @throws what apps.connections.open failed with, or Error without a hello. */
  async open(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no hello from Slack')), HELLO_TIMEOUT_MS);
    });
    try {
      await Promise.race([this.#client.start(), late]);
    } catch (error) {
      throw error ?? new Error('closed before Slack said hello');
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    const disconnected = this.#client.disconnect().catch(() => undefined);
    await Promise.race([disconnected, delay(CLOSE_TIMEOUT_MS)]);
  }

  /**
   * Stands before the library's own listener. What it cannot digest never reaches it; a `disconnect` does not either, because the library
   * would close at once, and we open the successor first; what it throws goes to the log and not to the process.
   */
  #guard(): void {
    const client = this.#client;
    client.removeAllListeners('ws_message');
    client.on('ws_message', (data: string | ArrayBuffer, isBinary: boolean) => {
      if (typeof data === 'string' && this.#isOurs(data)) return;
      client.onWebSocketMessage(data, isBinary).catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'A Socket Mode message could not be handled');
      });
    });
  }

  #isOurs(message: string): boolean {
    const reason = disconnectReason(message);
    if (reason !== undefined) {
      this.#options.log.debug({ reason }, 'Slack asked for a new Socket Mode connection');
      this.#leave(reason);
      return true;
    }
    const envelope = withoutEvent(message);
    if (envelope === undefined) return false;
    this.#options.metrics.eventsRateLimited?.();
    this.#options.log.warn({ type: envelope.type }, 'Slack sent an envelope without an event');
    if (envelope.id !== undefined) this.#client.send(envelope.id).catch(() => undefined);
    return true;
  }
}
