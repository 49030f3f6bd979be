import { evict } from '../api/eviction.ts';
import { linesAfter, readLog } from '../api/logs.ts';
import { parseJson, patchValue } from '../api/patch.ts';
import { readScale, writeScale } from '../api/scale.ts';
import { finishDeletion, type WriteContext } from '../api/write.ts';
import type { Json } from '../object.ts';
import type { Resource } from '../resources.ts';
import { methodNotAllowed, notFound, notImplemented } from '../status.ts';
import { type Desk, type Exchange, readBody, sendJson } from './exchange.ts';
import { NOT_SERVED, type Route } from './route.ts';

/** `/scale`, `/eviction`, `/log`, `/finalize`; the rest is an honest 501. @throws ApiError for every refusal. */
export function serveSubresource(
  server: Desk,
  route: Route,
  verb: string,
  exchange: Exchange,
  context: WriteContext,
): void {
  if (route.subresource === 'log') {
    if (verb !== 'get') throw methodNotAllowed();
    sendLog(server, exchange, route.namespace as string, route.name as string);
    return;
  }
  const value = answerOf(server, route, verb, exchange, context);
  sendJson(exchange.response, verb === 'create' ? 201 : 200, JSON.stringify(value));
}

function answerOf(server: Desk, route: Route, verb: string, exchange: Exchange, context: WriteContext): Json {
  const { resource, namespace, subresource } = route;
  const name = route.name as string;
  const { world } = server;
  if (subresource === undefined || NOT_SERVED.has(subresource)) {
    throw notImplemented(`${resource.plural}/${subresource}`);
  }
  if (subresource === 'scale') {
    const current = readScale(world, resource, namespace, name);
    if (verb === 'get') return current;
    if (verb === 'update') return writeScale(world, context, name, readBody(exchange, 'Scale'));
    if (verb !== 'patch') throw methodNotAllowed();
    const type = (exchange.request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
    const body = parseJson(exchange.body, 'error decoding patch: ');
    const patched = patchValue(type, current, body);
    // Unless the patch named a version, two scalers do not conflict.
    if (body?.metadata?.resourceVersion === undefined) delete patched.metadata.resourceVersion;
    return writeScale(world, context, name, patched);
  }
  if (subresource === 'eviction') {
    if (verb !== 'create') throw methodNotAllowed();
    return evict(world, resource, namespace as string, name, readBody(exchange, 'Eviction'), context.isDryRun ?? false);
  }
  if (subresource === 'finalize') return finalize(server, resource, name, readBody(exchange, 'Namespace'));
  throw notImplemented(`${resource.plural}/${subresource}`);
}

function sendLog(server: Desk, exchange: Exchange, namespace: string, name: string): void {
  const { response, url } = exchange;
  const query = url.searchParams;
  const { text, container, pod } = readLog(server.world, namespace, name, query);
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
  if (query.get('follow') !== 'true') {
    response.end(text);
    return;
  }
  response.write(text);
  let seenUntil = server.world.clock();
  const timer = setInterval(() => {
    const current = server.world.store.get('pods', namespace, name);
    if (current?.metadata.uid !== pod.metadata.uid) return response.end();
    const more = linesAfter(server.world, current, container, seenUntil, query.get('timestamps') === 'true');
    seenUntil = server.world.clock();
    if (more.text !== '') response.write(more.text);
    if (more.isOver) response.end();
  }, 250);
  response.on('close', () => clearInterval(timer));
}

function finalize(server: Desk, resource: Resource, name: string, body: { spec?: { finalizers?: string[] } }): unknown {
  const { world } = server;
  const current = world.store.get(resource.key, undefined, name);
  if (!current) throw notFound(resource, name);
  const after = {
    ...current,
    metadata: { ...current.metadata },
    spec: { ...current.spec, finalizers: body.spec?.finalizers ?? [] },
  };
  world.store.put(resource.key, after);
  return finishDeletion(world, resource, after);
}
