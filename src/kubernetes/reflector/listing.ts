import { UsageError } from '../../errors.ts';
import type { Cluster, KubeObject, Resource } from '../cluster.ts';
import { Gone, statusOf } from '../errors.ts';

export interface ListCall {
  readonly cluster: Cluster;
  readonly resource: Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced'>;
  readonly query: Readonly<Record<string, string>>;
  readonly pageSize: number;
  readonly signal: AbortSignal;
  /** Each item as it arrives. */
  readonly onItem: (item: KubeObject) => void;
  /** The list begins anew: what it said so far may no longer be so. */
  readonly onBegin: () => void;
}

interface List {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

/** A busy server may take long for 500 large objects; the usual 10 s are for people who wait. */
const PAGE_DEADLINE_MS = 60_000;
const SMALLEST_PAGE = 20;
const MAX_RESTARTS = 2;

/**
 * Lists all objects of a resource in pages that are one picture: when the server has forgotten it in the middle (410), the list begins
 * anew. A page that is too large is asked for in smaller ones.
 *
 * Streaming lists (`sendInitialEvents`) were measured on 50,000 pods: an eighth less CPU here, no less time, as much memory. Pages are what
 * every server has.
 * @returns the resourceVersion of the list: where a watch goes on.
 * @throws as `Cluster.request`; Gone when it was forgotten three times.
 */
export async function listAll(call: ListCall): Promise<string> {
  let restarts = 0;
  let { pageSize } = call;
  for (;;) {
    try {
      call.onBegin();
      return await listOnce({ ...call, pageSize });
    } catch (error) {
      if (error instanceof Gone && restarts < MAX_RESTARTS) restarts += 1;
      else if (isTooLarge(error) && pageSize > SMALLEST_PAGE) pageSize = Math.floor(pageSize / 5);
      else throw error;
    }
  }
}

async function listOnce({ cluster, resource, query, pageSize, signal, onItem }: ListCall): Promise<string> {
  let resourceVersion: string | undefined;
  let token: string | undefined;
  do {
    const { metadata = {} }: List = await cluster.request<List>({
      resource,
      query: { ...query, limit: String(pageSize), continue: token },
      deadlineMs: PAGE_DEADLINE_MS,
      signal,
      each: onItem,
    });
    resourceVersion ??= metadata.resourceVersion ?? '';
    token = metadata.continue || undefined;
  } while (token !== undefined);
  return resourceVersion;
}

/** Our own transport refuses an answer that is too large; the server has no such word. */
function isTooLarge(error: unknown): boolean {
  return error instanceof UsageError && statusOf(error) === undefined;
}
