import type { ServerResponse } from 'node:http';
import { matcherOf, notANumber } from '../api/list.ts';
import type { Obj } from '../object.ts';
import { groupVersionOf, type Resource } from '../resources.ts';
import { ApiError, invalid } from '../status.ts';
import type { Change } from '../store.ts';
import type { World } from '../world.ts';
import { type Format, renderEvent } from './render.ts';

const BOOKMARK_EVERY_MS = 60_000;
const DEFAULT_TIMEOUT_S = 1_800;

export interface OpenWatch {
  /** Ends the stream, after an ERROR event when a status is given. */
  end(error?: ApiError): void;
}

/**
 * Streams changes until the client leaves or the time is up.
 * @returns the watch once it is open, with `onEnd` called when it is over.
 * @throws ApiError 410 before the first byte when the version is too old; 400 and 422 for bad options.
 */
export function startWatch(
  world: World,
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
  format: Format,
  response: ServerResponse,
  onEnd: () => void,
): OpenWatch {
  const matches = matcherOf(resource, query);
  const inScope = (object: Obj): boolean =>
    (namespace === undefined || object.metadata.namespace === namespace) && matches(object);
  const hasBookmarks = query.get('allowWatchBookmarks') === 'true';
  const backlog = initialEvents(world, resource, namespace, query, inScope, hasBookmarks);

  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.socket?.setNoDelay(true);
  let isFirst = true;
  const send = (type: string, object: Obj): void => {
    response.write(renderEvent(world, resource, type, object, format, isFirst));
    isFirst = false;
  };
  const bookmark = (annotations?: Record<string, string>): void => {
    const metadata = {
      resourceVersion: String(world.store.revision),
      creationTimestamp: null,
      ...(annotations ? { annotations } : {}),
    };
    const object = { kind: resource.kind, apiVersion: groupVersionOf(resource), metadata };
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  };
  const onChange = (change: Change): void => {
    const event = seen(change, inScope);
    if (event) send(event.type, event.object);
  };
  for (const event of backlog.events) send(event.type, event.object);
  if (backlog.isInitial) bookmark({ 'k8s.io/initial-events-end': 'true' });
  response.flushHeaders();
  const stopListening = world.store.listen(resource.key, onChange);
  // Real seconds, not the cluster's: clients compute their timeouts from it.
  const seconds = Number(query.get('timeoutSeconds') || DEFAULT_TIMEOUT_S);
  const ending = setTimeout(() => end(), seconds * 1_000);
  const marking = hasBookmarks ? setInterval(() => bookmark(), BOOKMARK_EVERY_MS) : undefined;
  let isOver = false;
  const end = (error?: ApiError): void => {
    if (isOver) return;
    isOver = true;
    stopListening();
    clearTimeout(ending);
    clearInterval(marking);
    if (hasBookmarks && !error && !response.destroyed) bookmark();
    if (error) response.write(`${JSON.stringify({ type: 'ERROR', object: error.toStatus() })}\n`);
    response.end();
    onEnd();
  };
  response.on('close', () => end());
  return { end };
}

interface Event {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: Obj;
}

/** What a watcher with this scope sees of a change: an object that stops matching is deleted for it, one that starts is added. */
function seen(change: Change, inScope: (object: Obj) => boolean): Event | undefined {
  if (change.type === 'DELETED') {
    return inScope(change.previous ?? change.object) ? { type: 'DELETED', object: change.object } : undefined;
  }
  const isIn = inScope(change.object);
  const wasIn = change.previous !== undefined && inScope(change.previous);
  if (isIn) return { type: wasIn ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!wasIn) return undefined;
  const previous = change.previous as Obj;
  const { resourceVersion } = change.object.metadata;
  return { type: 'DELETED', object: { ...previous, metadata: { ...previous.metadata, resourceVersion } } };
}

function initialEvents(
  world: World,
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
  inScope: (object: Obj) => boolean,
  hasBookmarks: boolean,
): { events: Event[]; isInitial: boolean } {
  const text = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch');
  const wantsInitial = query.get('sendInitialEvents');
  if (wantsInitial !== null && match !== 'NotOlderThan') {
    throw invalid('meta.k8s.io', 'ListOptions', '', [
      {
        field: 'resourceVersionMatch',
        type: 'Forbidden',
        detail: 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      },
    ]);
  }
  if (wantsInitial === null && match) {
    throw invalid('meta.k8s.io', 'ListOptions', '', [
      {
        field: 'resourceVersionMatch',
        type: 'Forbidden',
        detail: 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      },
    ]);
  }
  const existing = (): Event[] =>
    world.store
      .list(resource.key, namespace)
      .filter(inScope)
      .map((object) => ({ type: 'ADDED' as const, object }));
  if (wantsInitial === 'true') return { events: existing(), isInitial: hasBookmarks };
  if (text === '' || text === '0') return { events: wantsInitial === 'false' ? [] : existing(), isInitial: false };
  const revision = Number(text);
  if (!Number.isInteger(revision) || revision < 0) throw new ApiError(500, '', notANumber(text));
  const changes = world.store.since(resource.key, revision);
  return {
    events: changes.map((change) => seen(change, inScope)).filter((event) => event !== undefined),
    isInitial: false,
  };
}
