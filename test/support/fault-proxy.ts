import {
  type ClientRequest,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What goes wrong. `times` counts matching requests; without it the rule stays until `clear`. */
export interface FaultRule {
  /** Matches the method; default any. */
  method?: RegExp;
  /** Matches path and query; default any. */
  path?: RegExp;
  times?: number;
  /**
   * - `status`: answers a Kubernetes Status with `code` (429 carries Retry-After), without asking the target
   * - `hang`: takes the request and says nothing
   * - `half-open`: sends the headers and the first bytes of the true answer, then nothing, and never closes
   * - `cut-before`: closes the connection before the target has seen anything
   * - `cut-after`: lets the target do the work, then closes the connection instead of answering
   * - `slow`: sends the true answer in pieces of `chunkBytes`, `everyMs` apart
   * - `gone`: lets a watch begin, then sends a 410 ERROR event and ends it
   */
  fault: 'status' | 'hang' | 'half-open' | 'cut-before' | 'cut-after' | 'slow' | 'gone';
  /** For `status`; default 500. */
  code?: number;
  /** For 429 and 503; seconds, default 1. */
  retryAfterSeconds?: number;
  /** For `half-open`: how many bytes of the answer pass. Default 0: headers only. */
  afterBytes?: number;
  /** For `slow`; default 256. */
  chunkBytes?: number;
  /** For `slow`; milliseconds, default 20. */
  everyMs?: number;
}

export interface FaultProxy {
  readonly url: string;
  /** Adds a rule; earlier rules win. Returns how often it has struck. */
  set(rule: FaultRule): { readonly struck: number };
  clear(): void;
  /** Breaks every open connection now, watches included. */
  cutAll(): void;
  /** Every request that arrived: `GET /api/v1/pods?limit=500`. */
  readonly seen: readonly string[];
  stop(): Promise<void>;
}

export interface FaultProxyOptions {
  /** For a TLS target with its own authority; without it the target's certificate is not verified. */
  ca?: string | Buffer;
  /** For a TLS target that knows its clients by certificate. */
  cert?: string | Buffer;
  key?: string | Buffer;
}

const REASON: Record<number, string> = {
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

const GONE = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'too old resource version: 1 (1000)',
  reason: 'Expired',
  code: 410,
};

/** Starts a plain HTTP proxy on 127.0.0.1 before an API server (http or https) that breaks what its rules say. */
export async function startFaultProxy(targetUrl: string, options: FaultProxyOptions = {}): Promise<FaultProxy> {
  const target = new URL(targetUrl);
  const rules: { rule: FaultRule; struck: number }[] = [];
  const seen: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const upstreams = new Set<ClientRequest>();

  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const active = rules.find(
      ({ rule, struck }) =>
        (rule.times === undefined || struck < rule.times) &&
        (rule.method?.test(request.method ?? '') ?? true) &&
        (rule.path?.test(request.url ?? '') ?? true),
    );
    if (active) active.struck++;
    serve(request, response, active?.rule);
  });

  function serve(request: IncomingMessage, response: ServerResponse, rule: FaultRule | undefined): void {
    if (rule?.fault === 'status') answerStatus(response, rule);
    else if (rule?.fault === 'hang') request.resume();
    else if (rule?.fault === 'cut-before') request.socket.destroy();
    else forward(request, response, rule);
  }

  function forward(request: IncomingMessage, response: ServerResponse, rule: FaultRule | undefined): void {
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const upstream = send(
      new URL(request.url ?? '/', target),
      {
        method: request.method ?? 'GET',
        headers: { ...request.headers, host: target.host },
        ...(target.protocol === 'https:' ? { ...options, rejectUnauthorized: options.ca !== undefined } : {}),
        agent: false,
      },
      (answer) => relay(answer, response, rule),
    );
    upstreams.add(upstream);
    upstream.on('close', () => upstreams.delete(upstream));
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  function relay(answer: IncomingMessage, response: ServerResponse, rule: FaultRule | undefined): void {
    answer.on('error', () => response.destroy());
    if (rule?.fault === 'cut-after') {
      answer.resume();
      answer.on('end', () => response.destroy());
      return;
    }
    if (rule?.fault === 'gone') {
      answer.resume();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify({ type: 'ERROR', object: GONE })}\n`);
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    if (rule?.fault === 'half-open') trickle(answer, response, rule.afterBytes ?? 0);
    else if (rule?.fault === 'slow') drip(answer, response, rule.chunkBytes ?? 256, rule.everyMs ?? 20);
    else answer.pipe(response);
  }

  function trickle(answer: IncomingMessage, response: ServerResponse, limit: number): void {
    let left = limit;
    answer.on('data', (chunk: Buffer) => {
      if (left > 0) response.write(chunk.subarray(0, left));
      left -= chunk.length;
    });
  }

  function drip(answer: IncomingMessage, response: ServerResponse, chunkBytes: number, everyMs: number): void {
    let waiting = Buffer.alloc(0);
    let isComplete = false;
    answer.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
    });
    answer.on('end', () => {
      isComplete = true;
    });
    const timer = setInterval(() => {
      if (waiting.length > 0) response.write(waiting.subarray(0, chunkBytes));
      waiting = waiting.subarray(chunkBytes);
      if (isComplete && waiting.length === 0) response.end();
    }, everyMs);
    timers.add(timer);
    response.on('close', () => {
      clearInterval(timer);
      timers.delete(timer);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cutAll = (): void => {
    for (const upstream of upstreams) upstream.destroy();
    server.closeAllConnections();
  };
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    set(rule) {
      const entry = { rule, struck: 0 };
      rules.push(entry);
      return entry;
    },
    clear() {
      rules.length = 0;
    },
    cutAll,
    seen,
    stop: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearInterval(timer);
        server.close(() => resolve());
        cutAll();
      }),
  };
}

function answerStatus(response: ServerResponse, rule: FaultRule): void {
  const code = rule.code ?? 500;
  const isBusy = code === 429 || code === 503;
  const text = JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: code === 429 ? 'Too many requests, please try again later.' : `practice fault ${code}`,
    reason: REASON[code] ?? 'Unknown',
    code,
  });
  const retryAfter = isBusy ? { 'retry-after': String(rule.retryAfterSeconds ?? 1) } : {};
  response.writeHead(code, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...retryAfter,
  });
  response.end(text);
}
