import { type Dispatcher, request as send } from 'undici';
import { type ShipmateError, UnavailableError, UsageError } from '../errors.ts';
import { delay } from '../time.ts';
import type { KubeObject } from './cluster.ts';
import type { Credentials } from './credentials.ts';
import { errorFromNetwork, errorFromStatus, statusFromBody, statusOf } from './errors.ts';
import { type ActingFor, impersonationHeaders } from './impersonation.ts';
import { ItemReader, type ListHead } from './lean-json.ts';

export interface HttpCall {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE' | undefined;
  /** Path and query, already encoded. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whose rights count, when not Shipmate's own. */
  readonly as?: ActingFor | undefined;
}

type Body = Dispatcher.ResponseData['body'];

/** No answer is worth more memory than this; a person can narrow the question. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;
const DEFAULT_DEADLINE_MS = 10_000;
const MAX_TURNED_AWAY = 3;
const MAX_ERROR_BODY_BYTES = 256 * 1024;

/** HTTP to one cluster: raw JSON in and out, a deadline on every call, errors in kubectl's words. */
export class Transport {
  readonly #cluster: string;
  readonly #credentials: Credentials;
  readonly #maxBodyBytes: number;

  constructor(cluster: string, credentials: Credentials, maxBodyBytes = MAX_BODY_BYTES) {
    this.#cluster = cluster;
    this.#credentials = credentials;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** @throws every error of `errorFromStatus` and `errorFromNetwork`; the caller's own abort reason as it is. */
  async json<T>(call: HttpCall): Promise<T> {
    return this.#answer(call, async (body) => parse<T>(await this.#whole(body), this.#cluster));
  }

  /** The body as it stands, for what is no JSON: logs. @throws as `json` does. */
  text(call: HttpCall): Promise<string> {
    return this.#answer(call, (body) => this.#whole(body));
  }

  /**
   * A list of any length: its items are handed over one by one as they arrive, without managedFields, and are left out of the answer. When it
   * throws, some may have been handed over already. @throws as `json` does.
   */
  items(call: HttpCall, each: (item: KubeObject) => void): Promise<ListHead> {
    return this.#answer(call, async (body) => {
      const reader = new ItemReader(each);
      for await (const chunk of body as AsyncIterable<Buffer>) {
        reader.push(chunk);
        if (reader.waiting > this.#maxBodyBytes) throw this.#tooLarge();
      }
      return ended(reader, this.#cluster);
    });
  }

  async #whole(body: Body): Promise<string> {
    const text = await readText(body, this.#maxBodyBytes);
    if (text === undefined) throw this.#tooLarge();
    return text;
  }

  async #answer<T>(call: HttpCall, read: (body: Body) => Promise<T>): Promise<T> {
    const deadlineMs = call.deadlineMs ?? DEFAULT_DEADLINE_MS;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    try {
      const answer = await this.#openPatiently(call, signal);
      return await read(answer.body);
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      if (deadline.aborted) throw this.#late(deadlineMs, error);
      throw this.#translated(error);
    }
  }

  /**
   * Sends and returns once a successful answer's headers are here. A 401 renews the credentials and is tried once more: nothing was done.
   * Raw network errors pass through; `json` and the watch translate them.
   */
  async open(call: HttpCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    for (let attempt = 0; ; attempt += 1) {
      const { headers, dispatcher } = await unlessAborted(this.#credentials.authorize(), signal);
      const answer = await send(`${this.#credentials.server}${call.path}`, {
        method: call.method ?? 'GET',
        // A list, since a name may come several times.
        headers: [
          ...Object.entries(headers)
            // A kubeconfig may impersonate, too; two users at once would be nobody's.
            .filter(([name]) => call.as === undefined || !name.toLowerCase().startsWith('impersonate-'))
            .flat(),
          ...['accept', call.accept ?? 'application/json', 'user-agent', 'shipmate'],
          ...(call.body === undefined ? [] : ['content-type', call.contentType ?? 'application/json']),
          ...(call.as === undefined ? [] : impersonationHeaders(call.as)),
        ],
        body: call.body === undefined ? null : JSON.stringify(call.body),
        dispatcher,
        signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
      const text = (await readText(answer.body, MAX_ERROR_BODY_BYTES)) ?? '';
      if (answer.statusCode === 401 && attempt === 0) {
        this.#credentials.renew();
        continue;
      }
      throw errorFromStatus(statusFromBody(answer.statusCode, text), this.#cluster, call.as?.user);
    }
  }

  /** A busy API server turns reads away and says when to come again; within the deadline we do, as client-go does. */
  async #openPatiently(call: HttpCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#openRead(call, signal);
      } catch (error) {
        const status = statusOf(error);
        if (!isRead(call) || status?.code !== 429 || attempt === MAX_TURNED_AWAY) throw error;
        const seconds = Math.min(status.details?.retryAfterSeconds ?? 1, 2);
        // When the time is over, the server's own words say more than ours would.
        await delay(seconds * 1_000, signal).catch(() => Promise.reject(error));
      }
    }
  }

  /** A kept connection may have been closed by the other side just now; a read is then sent once more, as Go's client does. */
  async #openRead(call: HttpCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    try {
      return await this.open(call, signal);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!isRead(call) || signal.aborted || !['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(code)) throw error;
      return this.open(call, signal);
    }
  }

  #translated(error: unknown): unknown {
    const isOurs = error instanceof Error && 'hint' in error && 'retryable' in error;
    return isOurs ? error : errorFromNetwork(error, this.#cluster);
  }

  #late(deadlineMs: number, cause: unknown): UnavailableError {
    return new UnavailableError(
      `The API server of cluster ${this.#cluster} did not answer within ${deadlineMs / 1_000} s.`,
      {
        hint: 'It may be overloaded; try again in a moment.',
        cause,
      },
    );
  }

  #tooLarge(): ShipmateError {
    const mebibytes = Math.round(this.#maxBodyBytes / 1024 / 1024);
    return new UsageError(`The answer is larger than ${mebibytes} MiB.`, {
      hint: 'Narrow the question: one namespace (-n), a selector (-l), or a name.',
    });
  }
}

function isRead(call: HttpCall): boolean {
  return call.method === undefined || call.method === 'GET';
}

/** The promise, or the signal's reason as soon as it aborts: a credential plugin may hang. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The whole body as text, or undefined as soon as it passes `limit` bytes (the connection is then dropped). */
async function readText(body: Body, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the stream and with it the connection.
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

function parse<T>(text: string, cluster: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw notJson(cluster, cause);
  }
}

function ended(reader: ItemReader, cluster: string): ListHead {
  try {
    return reader.end();
  } catch (cause) {
    throw notJson(cluster, cause);
  }
}

function notJson(cluster: string, cause: unknown): UnavailableError {
  return new UnavailableError(`Cluster ${cluster} answered with something that is not JSON.`, {
    hint: 'Something between Shipmate and the API server may be answering in its place.',
    cause,
  });
}
