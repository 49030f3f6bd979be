import { PermissionError, UnavailableError } from '../errors.ts';
import { type Clock, delay } from '../time.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { findWorkload, type WorkloadRef } from './workload.ts';

/** What one look at an object says: how far it is, and whether that is the end. */
export interface Look {
  readonly state: 'waiting' | 'done' | 'failed' | 'superseded';
  readonly text: string;
  readonly done: number;
  readonly total: number;
}

export interface Follow {
  readonly cluster: Cluster;
  readonly ref: WorkloadRef;
  /** Judges the object as it is now. */
  readonly judge: (object: KubeObject) => Look;
  /** Told each time the text changes, and at most every few seconds besides. */
  readonly onWaiting: (look: Look, object: KubeObject) => void | Promise<void>;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Followed {
  readonly state: 'done' | 'failed' | 'superseded' | 'timeout' | 'gone';
  readonly text: string;
  readonly done: number;
  readonly total: number;
  /** The object as it was last seen. */
  readonly object: KubeObject | undefined;
}

/** Without any event the object is read again after this long: a lost watch must not hide the end. */
const LOOK_AGAIN_MS = 10_000;
const RETRY_MS = 1_000;

/**
 * Follows one object until the judge is content, it fails, it is deleted or replaced by another of the same name, or the time is over.
 * Only reads. An API server that is away for a while is waited for.
 * @throws the signal's reason when aborted; any error but UnavailableError.
 */
export async function followWorkload(follow: Follow): Promise<Followed> {
  const { cluster, ref, clock, signal } = follow;
  const endsAt = clock() + follow.timeoutMs;
  const report = waitingReporter(follow);
  let last: { look: Look; object: KubeObject } | undefined;
  const look = async (object: KubeObject): Promise<Followed | undefined> => {
    if (object.metadata.uid !== ref.uid)
      return { state: 'gone', text: 'object has been deleted and created again', done: 0, total: 0, object };
    const seen = follow.judge(object);
    last = { look: seen, object };
    if (seen.state !== 'waiting') return { ...seen, state: seen.state, object };
    await report(seen, object);
    return undefined;
  };

  // The first look is always made, however short the time: `--watch=false` asks for just that one.
  do {
    try {
      const object = await findWorkload(cluster, ref, signal);
      if (!object) return { state: 'gone', text: 'object has been deleted', done: 0, total: 0, object: last?.object };
      const end =
        (await look(object)) ?? (await nextEvents(follow, object, Math.min(LOOK_AGAIN_MS, endsAt - clock()), look));
      if (end) return end;
    } catch (error) {
      signal.throwIfAborted();
      // Without the right to watch, looking again from time to time must do; without the right to read, the next look says so.
      const mayGoOn = error instanceof UnavailableError || (error instanceof PermissionError && last !== undefined);
      if (!mayGoOn) throw error;
      await delay(Math.max(1, Math.min(RETRY_MS, endsAt - clock())), signal);
    }
  } while (clock() < endsAt);
  const { text = 'nothing could be seen', done = 0, total = 0 } = last?.look ?? {};
  return { state: 'timeout', text, done, total, object: last?.object };
}

/** Judges what a watch brings for a while; undefined when the time is over without an end. */
async function nextEvents(
  { cluster, ref, signal }: Follow,
  from: KubeObject,
  forMs: number,
  look: (object: KubeObject) => Promise<Followed | undefined>,
): Promise<Followed | undefined> {
  const enough = AbortSignal.timeout(Math.max(1, forMs));
  const events = cluster.watch({
    resource: ref.resource,
    namespace: ref.namespace,
    query: { fieldSelector: `metadata.name=${ref.name}` },
    resourceVersion: from.metadata.resourceVersion ?? '',
    signal: AbortSignal.any([signal, enough]),
  });
  for await (const { type, object } of events) {
    if (type === 'BOOKMARK') continue;
    if (type === 'DELETED') return { state: 'gone', text: 'object has been deleted', done: 0, total: 0, object };
    const end = await look({ ...object, kind: object.kind ?? ref.resource.kind });
    if (end) return end;
  }
  signal.throwIfAborted();
  return undefined;
}

const REPORT_EVERY_MS = 3_000;

function waitingReporter({ onWaiting, clock }: Follow): (look: Look, object: KubeObject) => Promise<void> {
  let shown = { text: '', at: 0 };
  return async (look, object) => {
    if (look.text === shown.text && clock() - shown.at < REPORT_EVERY_MS) return;
    shown = { text: look.text, at: clock() };
    await onWaiting(look, object);
  };
}
