import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type App, type BufferedIncomingMessage, HTTPReceiver, type Receiver } from '@slack/bolt';
import type { Logger } from '../../log.ts';
import type { Clock } from '../../time.ts';
import type { BoltLogger } from '../bolt-logger.ts';
import { distrust, SeenSignatures } from './signature.ts';

export interface HttpOptions {
  readonly signingSecret: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly logger: BoltLogger;
  readonly log: Logger;
  readonly clock: Clock;
}

const BODY_MAX = 1024 * 1024;
const DRAIN_MS = 5_000;

/**
 * Bolt receiver for signed HTTP. Signature, age, future and replay are judged here, before Bolt sees the request (Bolt judges neither
 * replays nor the future); requests in flight are counted, so that stopping waits for their answers.
 */
export class SignedHttpReceiver implements Receiver {
  readonly #options: HttpOptions;
  readonly #bolt: HTTPReceiver;
  readonly #server: Server;
  readonly #seen = new SeenSignatures();

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#bolt = new HTTPReceiver({
      signingSecret: options.signingSecret,
      signatureVerification: false,
      endpoints: ['/', '/slack/events', '/slack/commands', '/slack/interactions'],
      logger: options.logger,
    });
    this.#server = createServer((request, response) => {
      this.#receive(request, response).catch((error: unknown) => {
        options.log.error({ err: error }, 'A request from Slack could not be handled');
        answer(response, 500);
      });
    });
  }

  init(app: App): void {
    this.#bolt.init(app);
  }

  /** @throws Error with `EADDRINUSE` and the like. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, () => resolve());
    });
    this.#server.on('error', (error) =>
      this.#options.log.error({ err: error }, 'The server for Slack’s requests failed'),
    );
  }

  /** Answers what is in flight, at most 5 s. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(timer);
  }

  get port(): number | undefined {
    return (this.#server.address() as AddressInfo | null)?.port;
  }

  get isListening(): boolean {
    return this.#server.listening;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return answer(response, 404);
    const body = await readBody(request);
    if (body === undefined) return answer(response, 413);
    const signature = header(request, 'x-slack-signature');
    const timestamp = header(request, 'x-slack-request-timestamp');
    const now = this.#options.clock();
    const text = body.toString('utf8');
    // Slack's certificate check is not signed and asks for nothing but 200.
    if (signature === undefined && new URLSearchParams(text).get('ssl_check') === '1') return answer(response, 200);
    const reason = distrust({ timestamp, signature, body: text }, this.#options.signingSecret, now);
    if (reason !== undefined || signature === undefined) return this.#refuse(response, reason ?? 'unsigned');
    if (!this.#seen.add(signature, now)) return this.#refuse(response, 'a replay');
    response.once('close', () => {
      if (!response.writableEnded || response.statusCode >= 400) this.#seen.forget(signature);
    });
    const buffered: BufferedIncomingMessage = Object.assign(request, { rawBody: body });
    try {
      this.#bolt.requestListener(buffered, response);
    } catch {
      // Bolt throws for paths that it does not serve.
      answer(response, 404);
    }
  }

  #refuse(response: ServerResponse, reason: string): void {
    this.#options.log.warn({ reason }, 'Refused a request that claims to come from Slack');
    answer(response, 401);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function answer(response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  response.writeHead(status, status === 401 ? { 'x-slack-no-retry': '1' } : {});
  response.end();
}
