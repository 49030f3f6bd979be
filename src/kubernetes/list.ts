import { UsageError } from '../errors.ts';
import type { Call, Cluster, KubeObject, ObjectMeta, Resource } from './cluster.ts';
import { Gone } from './errors.ts';
import { type ServerTable, type TableAnswer, type TableRow, tableOf } from './table.ts';

/** Tables first, the older form, then plain JSON: kubectl's order. */
export const TABLE_ACCEPT = ['v1', 'v1beta1']
  .map((version) => `application/json;as=Table;v=${version};g=meta.k8s.io`)
  .concat('application/json')
  .join(',');

const CHUNK = '500';
/** More rows than anybody reads in Slack; beyond it the question must be narrowed. */
export const MAX_ROWS = 20_000;

export interface ListOptions {
  /** Undefined: all namespaces. Not used for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ListedTable {
  readonly table: ServerTable;
  /** The list was started again because the server had forgotten its first pages: rows may differ from a moment ago. */
  readonly isRestarted: boolean;
}

/**
 * All rows of one kind as the server's table, 500 at a time. A 410 while paging starts the list again, once.
 * @param full ask for whole objects beside the cells, unpaged, for `--sort-by`.
 */
export async function listTable(
  cluster: Cluster,
  resource: Resource,
  options: ListOptions & { readonly full?: boolean },
  now: number,
): Promise<ListedTable> {
  const call = (limit: string | undefined, token: string | undefined) =>
    cluster.request<TableAnswer>({
      resource,
      namespace: options.namespace,
      accept: TABLE_ACCEPT,
      signal: options.signal,
      deadlineMs: options.full ? 30_000 : 10_000,
      query: {
        labelSelector: options.labelSelector,
        fieldSelector: options.fieldSelector,
        limit,
        continue: token,
        includeObject: options.full ? 'Object' : undefined,
      },
    });
  if (options.full) return { table: tableOf(await call(undefined, undefined), now), isRestarted: false };
  const { pages, isRestarted } = await inChunks(async (token) => {
    const page = await call(CHUNK, token);
    const { columns, rows } = tableOf(page, now);
    // Rows are many and their metadata large; only what a table can show is kept.
    return { metadata: page.metadata, columns, rows: rows.map(slim) };
  });
  const columns = pages.find((page) => page.columns.length > 0)?.columns ?? [];
  return { table: { columns, rows: pages.flatMap((page) => page.rows) }, isRestarted };
}

function slim({ cells, object }: TableRow): TableRow {
  const { name, namespace, labels } = object.metadata;
  return { cells, object: { metadata: { name, namespace, labels } as ObjectMeta } };
}

/** All objects of one kind as raw JSON, 500 at a time. */
export async function listObjects(
  cluster: Cluster,
  resource: Call['resource'],
  options: ListOptions,
): Promise<KubeObject[]> {
  const { pages } = await inChunks((token) =>
    cluster.request<{ items?: KubeObject[] | null; metadata?: { continue?: string } }>({
      resource,
      namespace: options.namespace,
      signal: options.signal,
      query: {
        labelSelector: options.labelSelector,
        fieldSelector: options.fieldSelector,
        limit: CHUNK,
        continue: token,
      },
    }),
  );
  return pages.flatMap((page) => page.items ?? []);
}

interface Page {
  readonly metadata?: { readonly continue?: string } | undefined;
  readonly rows?: readonly unknown[] | null;
  readonly items?: readonly unknown[] | null;
}

async function inChunks<P extends Page>(
  ask: (token: string | undefined) => Promise<P>,
): Promise<{ pages: P[]; isRestarted: boolean }> {
  let pages: P[] = [];
  let isRestarted = false;
  let token: string | undefined;
  for (;;) {
    try {
      const page = await ask(token);
      pages.push(page);
      token = page.metadata?.continue || undefined;
    } catch (error) {
      if (!(error instanceof Gone) || token === undefined || isRestarted) throw error;
      isRestarted = true;
      pages = [];
      token = undefined;
      continue;
    }
    if (token === undefined) return { pages, isRestarted };
    if (pages.reduce((sum, page) => sum + (page.rows ?? page.items ?? []).length, 0) >= MAX_ROWS)
      throw new UsageError(`There are more than ${MAX_ROWS} rows.`, {
        hint: 'Narrow the question: one namespace (-n), a selector (-l), or a name.',
      });
  }
}
