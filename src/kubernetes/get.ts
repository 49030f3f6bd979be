import { distance } from 'fastest-levenshtein';
import { NotFoundError, ShipmateError, UsageError } from '../errors.ts';
import type { Cluster, KubeObject, Resource } from './cluster.ts';
import { listObjects, listTable, TABLE_ACCEPT } from './list.ts';
import { sortRows } from './sort-by.ts';
import { type ServerTable, type TableAnswer, tableOf } from './table.ts';
import { wantedOf } from './type-args.ts';

/** What `get` is asked. */
export interface GetQuery {
  /** `TYPE[,TYPE] [NAME…]` or `TYPE/NAME…`. */
  readonly words: readonly string[];
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly sortBy?: string | undefined;
  readonly ignoreNotFound?: boolean;
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Got<T> {
  /** One for each kind, in the order asked for; kinds without rows are left out unless they are the only one. */
  readonly groups: readonly { readonly resource: Resource; readonly content: T }[];
  /** What could not be had while other things could: shown under the rows. */
  readonly failures: readonly ShipmateError[];
  /** Several kinds were asked for: names carry their type. */
  readonly isMixed: boolean;
  /** Every kind asked for is cluster-scoped. */
  readonly isClusterWide: boolean;
  /** Rows were read again from the start because the server had forgotten the first pages. */
  readonly isRestarted: boolean;
}

/**
 * Server-side tables for what was asked, as `kubectl get` picks it.
 * @throws the only failure when nothing at all was found; UsageError for words that do not fit together.
 */
export async function getTables(cluster: Cluster, query: GetQuery): Promise<Got<ServerTable>> {
  let isRestarted = false;
  const got = await get<ServerTable>(cluster, query, {
    list: async (resource, namespace) => {
      const listed = await listTable(
        cluster,
        resource,
        { ...query, namespace, full: query.sortBy !== undefined },
        query.now,
      );
      isRestarted ||= listed.isRestarted;
      const { table } = listed;
      return query.sortBy === undefined ? table : { ...table, rows: sortRows(table.rows, query.sortBy) };
    },
    one: async (resource, name) => {
      const answer = await cluster.request<TableAnswer>(single(resource, query, name, TABLE_ACCEPT));
      return tableOf(answer, query.now);
    },
    join: (tables) => ({ columns: tables[0]?.columns ?? [], rows: tables.flatMap((table) => table.rows) }),
    size: (table) => table.rows.length,
  });
  return { ...got, isRestarted };
}

/** The same objects whole, as raw JSON. */
export function getObjects(cluster: Cluster, query: GetQuery): Promise<Got<readonly KubeObject[]>> {
  return get<readonly KubeObject[]>(cluster, query, {
    list: async (resource, namespace) => {
      const objects = await listObjects(cluster, resource, { ...query, namespace });
      // Items of a list carry no type of their own.
      const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
      return objects.map((object) => ({ ...object, apiVersion, kind: resource.kind }));
    },
    one: async (resource, name) => [await cluster.request(single(resource, query, name, undefined))],
    join: (lists) => lists.flat(),
    size: (list) => list.length,
  });
}

interface Reader<T> {
  list(resource: Resource, namespace: string | undefined): Promise<T>;
  one(resource: Resource, name: string): Promise<T>;
  join(parts: readonly T[]): T;
  size(part: T): number;
}

async function get<T>(cluster: Cluster, query: GetQuery, reader: Reader<T>): Promise<Got<T>> {
  const wanted = wantedOf(query.words);
  const asked: { resource: Resource; name?: string }[] = [];
  if (wanted.by === 'type') for (const resource of await cluster.resolve(wanted.type)) asked.push({ resource });
  else {
    if (query.labelSelector !== undefined || query.fieldSelector !== undefined)
      throw new UsageError('error: name cannot be provided when a selector is specified');
    for (const { type, name } of wanted.pairs) {
      for (const resource of await cluster.resolve(type)) asked.push({ resource, name });
    }
  }
  if (asked.length > MAX_NAMES)
    throw new UsageError(`That is ${asked.length} objects by name; at most ${MAX_NAMES} at once.`, {
      hint: 'Use a selector: -l app=web',
    });

  const failures: ShipmateError[] = [];
  const answers = await inParallel(asked, async ({ resource, name }) => {
    try {
      const namespace = resource.namespaced ? query.namespace : undefined;
      return name === undefined ? await reader.list(resource, namespace) : await reader.one(resource, name);
    } catch (error) {
      if (!(error instanceof ShipmateError)) throw error;
      return error;
    }
  });

  const groups = new Map<Resource, T[]>();
  answers.forEach((answer, index) => {
    const { resource, name } = asked[index] as { resource: Resource; name?: string };
    if (!(answer instanceof ShipmateError)) {
      const group = [...groups.keys()].find((one) => one.plural === resource.plural && one.group === resource.group);
      groups.set(group ?? resource, [...(groups.get(group ?? resource) ?? []), answer]);
    } else if (!(query.ignoreNotFound && name !== undefined && answer instanceof NotFoundError)) failures.push(answer);
  });
  if (groups.size === 0 && failures.length > 0) throw merged(failures);
  const kinds = new Set(asked.map(({ resource }) => `${resource.plural}.${resource.group}`));
  const joined = [...groups].map(([resource, parts]) => ({ resource, content: reader.join(parts) }));
  return {
    groups: kinds.size > 1 ? joined.filter(({ content }) => reader.size(content) > 0) : joined,
    failures,
    isMixed: kinds.size > 1,
    isClusterWide: asked.every(({ resource }) => !resource.namespaced),
    isRestarted: false,
  };
}

/** `There is no namespace "shp"; did you mean shop?`, or undefined where the namespace exists or cannot be looked at. */
export async function missingNamespace(
  cluster: Cluster,
  namespace: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const namespaces = await cluster.request<{ items?: KubeObject[] }>({
      resource: NAMESPACES,
      query: { limit: '500' },
      signal,
    });
    const names = (namespaces.items ?? []).map((one) => one.metadata.name ?? '');
    if (names.length === 0 || names.length >= 500 || names.includes(namespace)) return undefined;
    const near = names.filter((name) => distance(name, namespace) <= 2).slice(0, 2);
    const suggestion = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '.';
    return `There is no namespace "${namespace}"${suggestion}`;
  } catch {
    return undefined;
  }
}

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces', namespaced: false };
const MAX_NAMES = 50;
const PARALLEL = 6;

function single(resource: Resource, query: GetQuery, name: string, accept: string | undefined) {
  const namespace = resource.namespaced ? query.namespace : undefined;
  return { resource, namespace, name, signal: query.signal, ...(accept === undefined ? {} : { accept }) };
}

/** One error out of several: the first one's family, every distinct line. */
function merged(failures: readonly ShipmateError[]): ShipmateError {
  const [first] = failures as [ShipmateError];
  const lines = [...new Set(failures.map((failure) => failure.message))];
  if (lines.length === 1) return first;
  const Family = first.constructor as new (message: string, detail: { hint?: string; cause: unknown }) => ShipmateError;
  return new Family(lines.join('\n'), { ...(first.hint === undefined ? {} : { hint: first.hint }), cause: first });
}

async function inParallel<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as A);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
  return results;
}
