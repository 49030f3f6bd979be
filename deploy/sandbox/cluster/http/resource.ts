import { type DeleteOptions, remove } from '../api/delete.ts';
import { matcherOf } from '../api/list.ts';
import { patch } from '../api/patch.ts';
import { create, update, type WriteContext } from '../api/write.ts';
import type { Obj } from '../object.ts';
import { invalid, methodNotAllowed, notFound } from '../status.ts';
import { type Desk, type Exchange, readBody, sendJson } from './exchange.ts';
import { type Format, formatOf, renderList, renderObject } from './render.ts';
import type { Route } from './route.ts';
import { serveSubresource } from './subresource.ts';
import { type OpenWatch, startWatch } from './watch.ts';

/** Serves one request about a resource. @returns the watch it opened, if any. @throws ApiError for every refusal. */
export function serveResource(
  server: Desk,
  route: Route,
  verb: string | undefined,
  exchange: Exchange,
): OpenWatch | undefined {
  const { resource, namespace, name, subresource } = route;
  const { url, response, request } = exchange;
  const query = url.searchParams;
  if (!verb || (!subresource && !resource.verbs.includes(verb))) throw methodNotAllowed();
  if (verb === 'create' && resource.namespaced && namespace === undefined) throw methodNotAllowed();
  const context = contextOf(route, exchange);
  if (subresource && subresource !== 'status') {
    serveSubresource(server, route, verb, exchange, context);
    return undefined;
  }
  if (subresource) context.subresource = 'status';
  const format = formatOf(request.headers.accept, query.get('includeObject'));
  const send = (object: Obj, code = 200): void =>
    sendJson(response, code, renderObject(server.world, resource, object, format));

  switch (verb) {
    case 'get': {
      const object = server.world.store.get(resource.key, namespace, name as string);
      if (!object) throw notFound(resource, name as string);
      send(object);
      return undefined;
    }
    case 'list': {
      const { items, meta } = server.lister.list(resource, namespace, query);
      sendJson(response, 200, renderList(server.world, resource, items, meta, format));
      return undefined;
    }
    case 'watch':
      return openWatch(server, route, exchange, format);
    case 'create': {
      const body = readBody(exchange, resource.kind);
      if (resource.group === 'authorization.k8s.io') {
        sendJson(response, 201, JSON.stringify(server.access.review(resource, body)));
      } else send(create(server.world, context, body), 201);
      return undefined;
    }
    case 'update':
      send(update(server.world, context, name as string, readBody(exchange, resource.kind)));
      return undefined;
    case 'patch': {
      const { object, isNew } = patch(server.world, context, name as string, {
        contentType: request.headers['content-type'] ?? '',
        text: exchange.body,
        force: query.get('force') === 'true',
        isManagerGiven: Boolean(query.get('fieldManager')),
      });
      send(object, isNew ? 201 : 200);
      return undefined;
    }
    case 'delete': {
      const answer = remove(server.world, resource, namespace, name as string, deleteOptions(exchange));
      if (answer.kind === 'Status' || answer.status === 'Success') sendJson(response, 200, JSON.stringify(answer));
      else send(answer as Obj);
      return undefined;
    }
    default: {
      const options = deleteOptions(exchange);
      const matches = matcherOf(resource, query);
      const items = server.world.store.list(resource.key, namespace).filter(matches);
      for (const item of items) remove(server.world, resource, item.metadata.namespace, item.metadata.name, options);
      const meta = { resourceVersion: String(server.world.store.revision) };
      sendJson(response, 200, renderList(server.world, resource, items, meta, format));
      return undefined;
    }
  }
}

function openWatch(server: Desk, route: Route, exchange: Exchange, format: Format): OpenWatch {
  const query = new URLSearchParams(exchange.url.searchParams);
  if (route.name !== undefined) {
    const fields = [query.get('fieldSelector'), `metadata.name=${route.name}`].filter(Boolean).join(',');
    query.set('fieldSelector', fields);
  }
  return startWatch(
    server.world,
    route.resource,
    route.namespace,
    query,
    format,
    exchange.response,
    exchange.onWatchEnd,
  );
}

function contextOf(route: Route, exchange: Exchange): WriteContext {
  const query = exchange.url.searchParams;
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All')) {
    throw invalid('meta.k8s.io', 'CreateOptions', '', [
      { field: 'dryRun', type: 'Unsupported value', value: dryRun, detail: 'supported values: "All"' },
    ]);
  }
  const agent = exchange.request.headers['user-agent']?.split('/')[0];
  return {
    resource: route.resource,
    namespace: route.namespace,
    manager: query.get('fieldManager') || agent || 'unknown',
    isDryRun: dryRun.length > 0,
  };
}

/** From the body where there is one, and only from there: a dry run that is asked for beside a body deletes, as on the real server. */
function deleteOptions(exchange: Exchange): DeleteOptions {
  if (exchange.body !== '') {
    const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun } = readBody(
      exchange,
      'DeleteOptions',
    );
    return {
      gracePeriodSeconds,
      propagationPolicy,
      orphanDependents,
      preconditions,
      isDryRun: dryRun?.includes('All'),
    };
  }
  const query = exchange.url.searchParams;
  const grace = query.get('gracePeriodSeconds');
  return {
    gracePeriodSeconds: grace === null ? undefined : Number(grace),
    propagationPolicy: (query.get('propagationPolicy') ?? undefined) as DeleteOptions['propagationPolicy'],
    isDryRun: query.get('dryRun') === 'All',
  };
}
