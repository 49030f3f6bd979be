import type { Resource, Resources } from '../resources.ts';

export interface Route {
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

/** Which resource a path names; undefined when the server has no such path (and answers a bare 404, as the real one). */
export function routeOf(resources: Resources, pathname: string): Route | undefined {
  let parts: string[];
  try {
    parts = pathname.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
  if (parts.at(-1) === '') parts.pop();
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return undefined;
  const group = isCore ? '' : (parts[1] ?? '');
  const version = (isCore ? parts[1] : parts[2]) ?? '';
  const rest = parts.slice(isCore ? 2 : 3);
  if (rest.length === 0) return undefined;
  // `namespaces/x/status` is about the namespace; `namespaces/x/anything-else` is inside it.
  const isInside = rest[0] === 'namespaces' && rest.length >= 3 && rest[2] !== 'status' && rest[2] !== 'finalize';
  const namespace = isInside ? rest[1] : undefined;
  const [plural, name, subresource, ...extra] = isInside ? rest.slice(2) : rest;
  const resource = resources.find(group, version, plural ?? '');
  if (!resource || extra.length > 0) return undefined;
  if (namespace !== undefined && !resource.namespaced) return undefined;
  if (name !== undefined && namespace === undefined && resource.namespaced) return undefined;
  if (name === '' || namespace === '') return undefined;
  if (subresource !== undefined && !resource.subresources.includes(subresource) && !NOT_SERVED.has(subresource))
    return undefined;
  if (subresource !== undefined && NOT_SERVED.has(subresource) && resource.key !== 'pods') return undefined;
  return { resource, namespace, name, subresource };
}

/** Whether a path is under a group and version that is served: then what is missing is a resource, not the whole path. */
export function isServedGroup(resources: Resources, pathname: string): boolean {
  const [root, first, second] = pathname.split('/').slice(1);
  if (root === 'api') return resources.has('', first ?? '');
  return root === 'apis' && resources.has(first ?? '', second ?? '');
}

/** Real subresources of pods that the practice cluster says an honest 501 to. */
export const NOT_SERVED = new Set([
  'exec',
  'attach',
  'portforward',
  'proxy',
  'binding',
  'ephemeralcontainers',
  'resize',
]);

/** The RBAC verb of a request. */
export function verbOf(method: string, route: Route, isWatch: boolean): string | undefined {
  const { name } = route;
  switch (method) {
    case 'GET':
      return isWatch ? 'watch' : name === undefined ? 'list' : 'get';
    case 'POST':
      return name === undefined || route.subresource ? 'create' : undefined;
    case 'PUT':
      return name === undefined ? undefined : 'update';
    case 'PATCH':
      return name === undefined ? undefined : 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return undefined;
  }
}
