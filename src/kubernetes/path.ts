import { UsageError } from '../errors.ts';
import type { Call } from './cluster.ts';
import { encodeSegment } from './names.ts';

/**
 * The path and query of a call, every segment validated and encoded by itself.
 * @throws UsageError when a segment is not one, or when a namespaced object is named without its namespace.
 */
export function pathOf(call: Pick<Call, 'resource' | 'namespace' | 'name' | 'subresource' | 'query'>): string {
  const { resource, namespace, name, subresource } = call;
  if (resource.namespaced && namespace === undefined && name !== undefined)
    throw new UsageError('error: a resource cannot be retrieved by name across all namespaces');

  const version = encodeSegment(resource.version, 'API version');
  const root =
    resource.group === '' ? `/api/${version}` : `/apis/${encodeSegment(resource.group, 'API group')}/${version}`;
  const within =
    resource.namespaced && namespace !== undefined ? `/namespaces/${encodeSegment(namespace, 'namespace')}` : '';
  const named = name === undefined ? '' : `/${encodeSegment(name, 'resource name')}`;
  const under = subresource === undefined ? '' : `/${encodeSegment(subresource, 'subresource')}`;
  return `${root}${within}/${encodeSegment(resource.plural, 'resource type')}${named}${under}${queryOf(call.query)}`;
}

/** `?a=b&c=d`, or nothing; absent values are left out. */
export function queryOf(query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
