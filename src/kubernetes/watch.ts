import { UnavailableError } from '../errors.ts';
import type { WatchCall, WatchEvent } from './cluster.ts';
import { type ApiStatus, errorFromNetwork, errorFromStatus } from './errors.ts';
import { parseLean } from './lean-json.ts';
import { pathOf } from './path.ts';
import type { Transport } from './transport.ts';

/** API servers send a bookmark about once a minute; a watch silent for longer than this may be a half-open connection. */
const INACTIVITY_MS = 75_000;
/**
 * Nothing came for too long on a watch that the server had taken: a half-open connection, or nothing to say. Of events no API server sends
 * bookmarks (it keeps no watch cache of them), of other kinds only where its etcd reports progress.
 */
export class Silent extends UnavailableError {}

/** The server ends a watch after this many seconds; we then go on from the last resourceVersion. */
const TIMEOUT_SECONDS = 290;
/** A watch that keeps ending at once is refused rather than hammered. */
const MAX_EMPTY_ENDS = 3;

/**
 * Watches from a resourceVersion until `signal` aborts (the iteration then ends quietly).
 *
 * When the server closes the stream in good order, the watch goes on from the last resourceVersion seen (bookmarks count), so that the
 * reader sees one unbroken sequence. Every other end is thrown: the reader knows whether to list again.
 * @param call `deadlineMs` here is the longest silence accepted, 75 s unless given.
 * @throws Gone when the resourceVersion is too old; Silent; UnavailableError on a broken connection, or on one that is never taken.
 */
export async function* watchFrom(transport: Transport, cluster: string, call: WatchCall): AsyncGenerator<WatchEvent> {
  let resourceVersion = call.resourceVersion;
  let emptyEnds = 0;
  while (!call.signal?.aborted) {
    let seen = 0;
    for await (const event of oneConnection(transport, cluster, { ...call, resourceVersion })) {
      seen += 1;
      resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
      yield event;
    }
    emptyEnds = seen === 0 ? emptyEnds + 1 : 0;
    if (emptyEnds >= MAX_EMPTY_ENDS)
      throw new UnavailableError(`Cluster ${cluster} keeps closing the watch of ${call.resource.plural}.`);
  }
}

async function* oneConnection(transport: Transport, cluster: string, call: WatchCall): AsyncGenerator<WatchEvent> {
  const silenceMs = call.deadlineMs ?? INACTIVITY_MS;
  let isOpen = false;
  const guard = new AbortController();
  const timer = setTimeout(() => guard.abort(), silenceMs);
  const signal = call.signal ? AbortSignal.any([call.signal, guard.signal]) : guard.signal;
  const path = pathOf({
    ...call,
    query: {
      timeoutSeconds: String(TIMEOUT_SECONDS),
      ...call.query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: call.resourceVersion,
    },
  });
  try {
    const answer = await transport.open({ path, accept: call.accept, as: call.as }, signal);
    timer.refresh();
    isOpen = true;
    call.onOpen?.();
    for await (const line of linesOf(answer.body as AsyncIterable<Buffer>, () => timer.refresh())) {
      const event = (call.isLean ? parseLean(line) : JSON.parse(line)) as { type: string; object: unknown };
      if (event.type === 'ERROR') throw errorFromStatus(event.object as ApiStatus, cluster);
      yield event as WatchEvent;
    }
  } catch (error) {
    if (call.signal?.aborted) return;
    if (guard.signal.aborted) {
      const message = `Cluster ${cluster} sent nothing on a watch for ${silenceMs / 1_000} s.`;
      throw isOpen ? new Silent(message) : new UnavailableError(message);
    }
    if (error instanceof Error && 'retryable' in error) throw error;
    throw errorFromNetwork(error, cluster);
  } finally {
    clearTimeout(timer);
  }
}

/** The lines of a stream, without their newlines; empty ones are left out. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, onChunk: () => void = () => {}): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  for await (const chunk of chunks) {
    onChunk();
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      pieces.push(chunk.subarray(start, end));
      // Decoded as a whole line, so that no character is split between chunks.
      const line = (pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)).toString('utf8');
      pieces = [];
      start = end + 1;
      if (line.trim() !== '') yield line;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
}
