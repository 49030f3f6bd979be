import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Access } from '../api/access.ts';
import { Lister } from '../api/list.ts';
import { ApiError, expired, forbidden, internalError, noSuchResource, unauthorized } from '../status.ts';
import type { World } from '../world.ts';
import { notServed, sendJson } from './exchange.ts';
import { serveGeneral } from './general.ts';
import { serveResource } from './resource.ts';
import { isServedGroup, routeOf, verbOf } from './route.ts';
import type { OpenWatch } from './watch.ts';

const OPEN_TO_ALL = new Set(['/healthz', '/livez', '/readyz', '/version']);
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** The practice cluster's front door: authentication, routing, authorisation, and errors as Status objects. */
export class ApiServer {
  readonly world: World;
  readonly token: string;
  readonly access = new Access();
  readonly lister: Lister;
  readonly #server: Server;
  readonly #watches = new Map<OpenWatch, string>();
  url = '';

  constructor(world: World, token: string) {
    this.world = world;
    this.token = token;
    this.lister = new Lister(world);
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => this.#fail(response, error));
    });
    this.#server.keepAliveTimeout = 30_000;
  }

  /** Binds 127.0.0.1; port 0 means any free one. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
  }

  /** Ends open watches, with 410 Gone as their last event when asked; of one resource (`pods`, `deployments.apps`) or of all. */
  endWatches(options: { isGone?: boolean; key?: string } = {}): void {
    for (const [watch, key] of [...this.#watches]) {
      if (options.key !== undefined && options.key !== key) continue;
      watch.end(options.isGone ? expired('The resourceVersion for the provided watch is too old.') : undefined);
    }
  }

  async stop(): Promise<void> {
    this.endWatches();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://cluster');
    const body = await readBody(request);
    if (!this.#isAuthenticated(request) && !OPEN_TO_ALL.has(url.pathname)) throw unauthorized();
    if (serveGeneral(this, request, url, response)) return;
    const route = routeOf(this.world.resources, url.pathname);
    if (!route) {
      if (isServedGroup(this.world.resources, url.pathname)) throw noSuchResource();
      return notServed(response);
    }
    const isWatch = url.searchParams.get('watch') === 'true' || url.searchParams.get('watch') === '1';
    const verb = verbOf(request.method ?? 'GET', route, isWatch);
    if (verb) {
      const asked = {
        verb,
        group: route.resource.group,
        resource: route.resource.plural,
        subresource: route.subresource,
        namespace: route.namespace ?? (route.resource.key === 'namespaces' ? route.name : undefined),
        name: route.name,
        user: request.headersDistinct['impersonate-user']?.[0],
      };
      const { user, resource } = asked;
      const groups = request.headersDistinct['impersonate-group'] ?? [];
      if (user !== undefined) this.access.impersonations.push({ user, groups, verb, resource });
      if (!this.access.isAllowed(asked)) throw forbidden(route.resource, route.name ?? '', this.access.refusal(asked));
    }
    const watch = serveResource(this, route, verb, {
      request,
      url,
      body,
      response,
      onWatchEnd: () => watch && this.#watches.delete(watch),
    });
    if (watch) this.#watches.set(watch, route.resource.key);
  }

  // kubectl never sends credentials over plain HTTP, so a caller without any is the practice user; a wrong token is refused.
  #isAuthenticated(request: IncomingMessage): boolean {
    const { authorization } = request.headers;
    return authorization === undefined || authorization === `Bearer ${this.token}`;
  }

  #fail(response: ServerResponse, error: unknown): void {
    const failure =
      error instanceof ApiError
        ? error
        : internalError(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const retryAfter = failure.details?.retryAfterSeconds;
    if (typeof retryAfter === 'number') response.setHeader('retry-after', String(retryAfter));
    sendJson(response, failure.code, JSON.stringify(failure.toStatus()));
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY_BYTES}`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}
