import { UnavailableError, UsageError } from '../../errors.ts';
import type { Cluster, KubeObject, Resource } from '../cluster.ts';
import { Gone, statusOf } from '../errors.ts';
import { type LeanList, parseLeanList } from '../lean-json.ts';

export interface ListCall {
  readonly cluster: Cluster;
  readonly resource: Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced'>;
  readonly query: Readonly<Record<string, string>>;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

export interface Page {
  /** Parsed as they are asked for. */
  readonly items: Iterable<KubeObject>;
  /** Of the whole list: where a watch goes on. */
  readonly resourceVersion: string;
  /** A new beginning: what earlier pages said may no longer be so. */
  readonly isFirst: boolean;
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
  let asked: Promise<LeanList> | undefined = ask(call, undefined);
  let resourceVersion: string | undefined;
  while (asked !== undefined) {
    const list: LeanList = await asked;
    const isFirst = resourceVersion === undefined;
    resourceVersion ??= list.metadata.resourceVersion ?? '';
    asked = list.metadata.continue ? ask(call, list.metadata.continue) : undefined;
    // It may fail while the caller is still busy; it is looked at above.
    asked?.catch(() => {});
    yield { items: list.items, resourceVersion, isFirst };
  }
}

async function ask(call: ListCall, token: string | undefined): Promise<LeanList> {
  const text = await call.cluster.request<string>({
    resource: call.resource,
    query: { ...call.query, limit: String(call.pageSize), continue: token },
    answer: 'text',
    deadlineMs: PAGE_DEADLINE_MS,
    signal: call.signal,
  });
  try {
    return parseLeanList(text);
  } catch (cause) {
    throw new UnavailableError(`Cluster ${call.cluster.name} answered with something that is not JSON.`, { cause });
  }
}
