import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { PageStream } from './control/page-stream.ts';
import { handleControl } from './control/routes.ts';
import { handleApi } from './http/api.ts';
import { readBody, sendJson, sendText } from './http/exchange.ts';
import { handlePageFile } from './http/page-files.ts';
import { handleResponse } from './http/response-url.ts';
import { handleDownload, handleUpload } from './http/transfer.ts';
import { Workspace } from './workspace.ts';
import type { World } from './world.ts';

export interface PracticeSlack {
  /** `http://127.0.0.1:port`: the page. */
  readonly url: string;
  /** For `SLACK_API_URL`: ends in `/api/`. */
  readonly apiUrl: string;
  /** Ends in `/control`. */
  readonly controlUrl: string;
  readonly port: number;
  readonly world: World;
  stop(): Promise<void>;
}

export interface PracticeSlackOptions {
  readonly seed: World;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
  /** Folder with the page's files; default the `page` folder beside this file. */
  readonly pageDir?: string;
}

/**
 * Starts a practice Slack on 127.0.0.1: Web API, Socket Mode or signed HTTP, control API and page, all on one port.
 * @throws Error with code `EADDRINUSE` when the port is taken.
 */
export async function startPracticeSlack(options: PracticeSlackOptions): Promise<PracticeSlack> {
  const workspace = new Workspace(options.seed, options.clock ?? Date.now);
  const pages = new PageStream(workspace);
  const pageDir = options.pageDir ?? fileURLToPath(new URL('page', import.meta.url));
  const server = createServer((request, response) => {
    handle(workspace, pageDir, request, response).catch((error: unknown) => giveUp(response, error));
  });
  server.keepAliveTimeout = 60_000;
  server.on('upgrade', (request, socket, head) => upgrade(workspace, pages, request, socket, head));
  const port = await listen(server, options.port ?? 0);
  workspace.baseUrl = `http://127.0.0.1:${port}`;
  return {
    url: workspace.baseUrl,
    apiUrl: `${workspace.baseUrl}/api/`,
    controlUrl: `${workspace.baseUrl}/control`,
    port,
    world: options.seed,
    stop: () => stop(workspace, pages, server),
  };
}

async function handle(
  workspace: Workspace,
  pageDir: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const address = addressOf(request);
  if (address === undefined) return sendText(response, 400, 'The address cannot be read.');
  if (isForeign(request)) return sendText(response, 403, 'Only pages of this server may call it.');
  const { pathname, searchParams: query } = address;
  const [area = '', id = ''] = pathname.slice(1).split('/');
  const httpMethod = request.method ?? 'GET';
  switch (area) {
    case 'api': {
      const method = pathname.slice('/api/'.length);
      return handleApi(workspace, request, response, { method, query, body: await readBody(request) });
    }
    case 'control': {
      const path = pathname.slice('/control/'.length);
      return handleControl(workspace, response, { httpMethod, path, query, body: await readBody(request) });
    }
    case 'upload':
      return handleUpload(workspace, request, response, id, await readBody(request));
    case 'response':
      return handleResponse(workspace, request, response, { token: id, body: await readBody(request) });
    case 'files':
    case 'page-files': {
      const token = request.headers.authorization?.replace(/^Bearer\s+/i, '');
      const isPage = area === 'page-files';
      return handleDownload(workspace, response, { id, token, isPage, isDownload: query.has('download') });
    }
    case '':
    case 'page':
      return handlePageFile(pageDir, pathname, response);
    default:
      return sendText(response, 404, 'Not found.');
  }
}

function addressOf(request: IncomingMessage): URL | undefined {
  const url = URL.parse(request.url ?? '/', 'http://localhost');
  try {
    if (url !== null) decodeURIComponent(url.pathname);
    return url ?? undefined;
  } catch {
    return undefined;
  }
}

const OWN_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Any web page in the same browser could post here, or read here under a name of its own that leads to 127.0.0.1, and so type commands
 * that change a cluster. Only our own page, and programs, which send no Origin, may.
 */
function isForeign(request: IncomingMessage): boolean {
  const { origin, host = '' } = request.headers;
  return !OWN_HOST.test(host) || (origin !== undefined && origin !== `http://${host}`);
}

function upgrade(
  workspace: Workspace,
  pages: PageStream,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  socket.on('error', () => socket.destroy());
  const address = addressOf(request);
  const [, person] = /^\/control\/as\/([^/]+)\/events$/.exec(address?.pathname ?? '') ?? [];
  if (address?.pathname.startsWith('/link')) {
    workspace.delivery.sockets.upgrade(request, socket, head, address.searchParams.get('ticket') ?? '');
  } else if (person !== undefined && !isForeign(request)) {
    pages.upgrade(request, socket, head, decodeURIComponent(person));
  } else {
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  }
}

function giveUp(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`practice Slack: ${message}\n`);
  if (response.headersSent || response.destroyed) response.destroy();
  else sendJson(response, 500, { ok: false, error: 'internal_error', message });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function stop(workspace: Workspace, pages: PageStream, server: Server): Promise<void> {
  workspace.stop();
  pages.stop();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
