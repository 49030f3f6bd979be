import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseYaml } from 'yaml';
import type { Access } from '../api/access.ts';
import type { Lister } from '../api/list.ts';
import { parseJson } from '../api/patch.ts';
import type { Json } from '../object.ts';
import { ApiError, unsupportedMediaType } from '../status.ts';
import type { World } from '../world.ts';

/** What requests are served from. */
export interface Desk {
  readonly world: World;
  readonly lister: Lister;
  readonly access: Access;
}

/** One request and its answer. */
export interface Exchange {
  request: IncomingMessage;
  url: URL;
  body: string;
  response: ServerResponse;
  onWatchEnd: () => void;
}

/** Answers with JSON text. */
export function sendJson(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** What net/http's mux answers; clients word it `the server could not find the requested resource`. */
export function notServed(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
  response.end('404 page not found\n');
}

const READABLE = ['application/json', 'application/yaml'];

/** The body, read as its content type says. @throws ApiError 400, or 415 for a type that is not read here. */
export function readBody(exchange: Exchange, kind: string): Json {
  const type = (exchange.request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim();
  if (type === 'application/yaml') return parseYaml(exchange.body);
  if (type === 'application/vnd.kubernetes.protobuf') {
    const text =
      'the practice cluster reads JSON and YAML, not protobuf; with kubectl, use apply -f or create -f instead';
    throw new ApiError(415, 'UnsupportedMediaType', text);
  }
  if (type !== 'application/json' && type !== '*/*') {
    throw unsupportedMediaType([...READABLE, 'application/vnd.kubernetes.protobuf']);
  }
  return parseJson(
    exchange.body,
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: `,
  );
}
