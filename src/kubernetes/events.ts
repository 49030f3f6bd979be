import type { Cluster, KubeObject } from './cluster.ts';

/** An event as people read it. */
export interface EventRow {
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** `Pod/web-7d9f`. */
  readonly object: string;
  readonly count: number;
  /** Epoch ms; 0 when the event has no time. */
  readonly first: number;
  readonly last: number;
}

const EVENTS = { group: '', version: 'v1', plural: 'events', namespaced: true };

export interface EventQuery {
  /** '' for objects outside of any namespace: their events are in `default`. */
  readonly namespace: string;
  readonly uid: string;
  readonly kind: string;
  readonly name: string;
  /** Only of this type. */
  readonly type?: 'Warning' | 'Normal';
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Events about one object, not about an earlier one of its name; the newest last, as kubectl shows them. */
export async function eventsAbout(cluster: Cluster, query: EventQuery): Promise<readonly EventRow[]> {
  // The kubelet gives a node's name for its uid; nodes are rarely made anew under the same name.
  const about =
    query.kind === 'Node'
      ? `involvedObject.kind=Node,involvedObject.name=${query.name}`
      : `involvedObject.uid=${query.uid}`;
  const only = query.type === undefined ? '' : `,type=${query.type}`;
  const answer = await cluster.request<{ items?: KubeObject[] | null }>({
    resource: EVENTS,
    namespace: query.namespace === '' ? 'default' : query.namespace,
    query: { fieldSelector: `${about}${only}`, limit: '200' },
    ...(query.deadlineMs !== undefined && { deadlineMs: query.deadlineMs }),
    signal: query.signal,
  });
  return (answer.items ?? []).map(eventRow).sort((a, b) => a.last - b.last);
}

/** Pure. kubectl's choice of times: a series' own, the last one, the event's (`kubectl events`). */
export function eventRow(event: KubeObject): EventRow {
  const { involvedObject = {}, series } = event;
  const last = timeOf(series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime);
  const first = timeOf(event.eventTime ?? event.firstTimestamp) || last;
  return {
    type: String(event.type ?? ''),
    reason: String(event.reason ?? ''),
    message: String(event.message ?? event.note ?? '').trim(),
    object: `${involvedObject.kind ?? ''}/${involvedObject.name ?? ''}`,
    count: series?.count ?? event.count ?? 1,
    first,
    last: last || first,
  };
}

function timeOf(text: unknown): number {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? 0 : time;
}
