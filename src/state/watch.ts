import type { IKeyValue, IWatchResponse } from 'etcd3';
import { prefixEnd } from '../etcd/keys.ts';
import type { Member, Members } from '../etcd/members.ts';
import type { Logger } from '../log.ts';
import { delay } from '../time.ts';

type OnChange = (key: Buffer, value: IKeyValue | undefined) => void;
type Stream = Awaited<ReturnType<Member['client']['watchClient']['watch']>>;

/** How often the stream is asked for a sign of life, and its member for an answer through the leader. */
const PULSE_MS = 5_000;
const RETRY_MS = 250;
/** Documents, or only their keys, in one answer of a list: an incident at its biggest has about 80 KB, an answer at most 16 MiB. */
const PAGE = 200;
const KEYS_PAGE = 5_000;

/**
 * Watches a prefix and never misses a final state: list at revision R, watch from R+1, and after any break list again and report the
 * difference. What came and went between two lists is not reported.
 *
 * A watch is the only call without a deadline, so it is doubted: every 5 s the stream must answer a progress request and its member must
 * answer a read through the leader (a member cut off from the leader keeps its streams open and silent). If not, another member is taken.
 * etcd3's own watcher dies on compaction and comes back 10 s late; this one does not use it.
 */
export async function watchPrefix(
  members: Members,
  prefix: Buffer,
  log: Logger,
  onChange: OnChange,
): Promise<{ stop(): Promise<void> }> {
  const known = new Map<string, string>();
  const stopping = new AbortController();
  const range = { key: prefix, range_end: Buffer.from(prefixEnd(prefix)) };
  const tell: OnChange = (key, value) => {
    try {
      onChange(key, value);
    } catch (error) {
      log.error({ err: error, key: key.toString() }, 'Somebody who watches etcd failed on a change.');
    }
  };

  /** Lists, reports what differs from what is known, and returns the revision listed at. The first time only what there is is of interest. */
  const relist = async (report: boolean): Promise<string> => {
    const gone = new Set(known.keys());
    const revision = await listPages(members, range, !report, (found) => {
      const name = found.key.toString('latin1');
      gone.delete(name);
      if (known.get(name) === found.mod_revision) return;
      known.set(name, found.mod_revision);
      if (report) tell(found.key, found);
    });
    for (const name of gone) {
      known.delete(name);
      if (report) tell(Buffer.from(name, 'latin1'), undefined);
    }
    return revision;
  };

  const apply = (response: IWatchResponse): void => {
    for (const event of response.events ?? []) {
      const name = event.kv.key.toString('latin1');
      // An older event than what the list showed has been reported by the list.
      if (BigInt(known.get(name) ?? 0) >= BigInt(event.kv.mod_revision)) continue;
      const isDelete = String(event.type).toUpperCase() === 'DELETE';
      if (isDelete) known.delete(name);
      else known.set(name, event.kv.mod_revision);
      tell(event.kv.key, isDelete ? undefined : event.kv);
    }
  };

  let revision = await relist(false);
  let opened: (() => void) | undefined;
  const firstOpen = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await follow(
          members,
          { ...range, start_revision: (BigInt(revision) + 1n).toString() },
          stopping.signal,
          apply,
          () => opened?.(),
        );
      } catch (error) {
        if (stopping.signal.aborted) break;
        log.warn({ err: error, prefix: prefix.toString() }, 'A watch on etcd broke; listing again.');
      }
      while (!stopping.signal.aborted) {
        try {
          revision = await relist(true);
          break;
        } catch (error) {
          log.warn({ err: error, prefix: prefix.toString() }, 'Listing again failed; trying on.');
          await delay(RETRY_MS, stopping.signal).catch(() => {});
        }
      }
    }
  };
  const running = loop();
  await firstOpen;
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/**
 * Everything in a range as it was at one revision, page by page: thousands of big documents in one answer would be more than gRPC takes.
 * @returns that revision.
 */
async function listPages(
  members: Members,
  range: { key: Buffer; range_end: Buffer },
  isKeysOnly: boolean,
  onFound: (found: IKeyValue) => void,
): Promise<string> {
  let from = range.key;
  let revision: string | undefined;
  for (;;) {
    const request = { ...range, key: from, limit: isKeysOnly ? KEYS_PAGE : PAGE, keys_only: isKeysOnly };
    const at = revision === undefined ? {} : { revision };
    const answer = await members.read((member, options) => member.client.kv.range({ ...request, ...at }, options));
    revision ??= answer.header.revision;
    for (const found of answer.kvs) onFound(found);
    const last = answer.kvs.at(-1);
    if (!answer.more || !last) return revision;
    // The key right after the last one.
    from = Buffer.concat([last.key, Buffer.of(0)]);
  }
}

/** One stream on one member; returns or throws when it cannot be trusted any more. */
async function follow(
  members: Members,
  request: { key: Buffer; range_end: Buffer; start_revision: string },
  signal: AbortSignal,
  apply: (response: IWatchResponse) => void,
  onOpen: () => void,
): Promise<void> {
  const member = members.preferred;
  const stream: Stream = await member.client.watchClient.watch();
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  let isAnswered = true;
  const pulse = setInterval(() => {
    if (!isAnswered) return reject(new Error(`no sign of life from the watch on ${member.endpoint}`));
    isAnswered = false;
    stream.write({ progress_request: {} });
    const deadline = Date.now() + PULSE_MS / 2;
    member.client.kv.range({ key: request.key, count_only: true }, { deadline }).catch(reject);
  }, PULSE_MS);
  const stop = () => resolve();
  signal.addEventListener('abort', stop);
  stream.on('error', reject);
  stream.on('end', () => reject(new Error('the member ended the watch')));
  stream.on('data', (response) => {
    isAnswered = true;
    try {
      members.verify(response.header, member);
      if (response.canceled)
        throw new Error(response.cancel_reason || `compacted at revision ${response.compact_revision}`);
      if (response.created) onOpen();
      apply(response);
    } catch (error) {
      reject(error);
    }
  });
  stream.write({ create_request: { ...request, progress_notify: true } });
  try {
    await ended;
  } finally {
    clearInterval(pulse);
    signal.removeEventListener('abort', stop);
    stream.cancel();
  }
}
