import { UsageError } from '../../errors.ts';
import type { Cluster, KubeObject, Resource } from '../cluster.ts';
import { Gone, statusOf } from '../errors.ts';

export interface ListCall {
  readonly cluster: Cluster;
  readonly resource: Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced'>;
  readonly query: Readonly<Record<string, string>>;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

export interface Page {
  readonly items: readonly KubeObject[];
  /** Of the whole list: where a watch goes on. */
  readonly resourceVersion: string;
  /** A new beginning: what earlier pages said may no longer be so. */
  readonly isFirst: boolean;
}

interface RawList {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly KubeObject[] | null;
}

/** A busy server may take long for 500 large objects; the usual 10 s are for people who wait. */
const PAGE_DEADLINE_MS = 60_000;
const SMALLEST_PAGE = 20;
const MAX_RESTARTS = 2;

/**
 * All objects of a resource, page by page; the next page is on its way while the caller works on this one. All pages are one picture:
 * when the server has forgotten it in the middle (410), the list begins anew. A page that is too large is asked for in smaller ones.
 * @throws as `Cluster.request`; Gone when it was forgotten three times.
 */
export async function* pagesOf(call: ListCall): AsyncGenerator<Page> {
  let restarts = 0;
  let { pageSize } = call;
  for (;;) {
    try {
      yield* oneList({ ...call, pageSize });
      return;
    } catch (error) {
      if (error instanceof Gone && restarts < MAX_RESTARTS) restarts += 1;
      else if (isTooLarge(error) && pageSize > SMALLEST_PAGE) pageSize = Math.floor(pageSize / 5);
      else throw error;
    }
  }
}

/** Our own transport refuses an answer that is too large; the server has no such word. */
function isTooLarge(error: unknown): boolean {
  return error instanceof UsageError && statusOf(error) === undefined;
}

async function* oneList(call: ListCall): AsyncGenerator<Page> {
  let asked: Promise<RawList> | undefined = ask(call, undefined);
  let resourceVersion: string | undefined;
  while (asked !== undefined) {
    const list: RawList = await asked;
    const isFirst = resourceVersion === undefined;
    resourceVersion ??= list.metadata?.resourceVersion ?? '';
    asked = list.metadata?.continue ? ask(call, list.metadata.continue) : undefined;
    // It may fail while the caller is still busy; it is looked at above.
    asked?.catch(() => {});
    yield { items: list.items ?? [], resourceVersion, isFirst };
  }
}

function ask(call: ListCall, token: string | undefined): Promise<RawList> {
  return call.cluster.request<RawList>({
    resource: call.resource,
    query: { ...call.query, limit: String(call.pageSize), continue: token },
    deadlineMs: PAGE_DEADLINE_MS,
    signal: call.signal,
  });
}
