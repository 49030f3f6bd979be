import type { IEvent } from 'etcd3';
import { UnavailableError, UsageError } from '../errors.ts';
import type { KeyEvent } from './etcd-cluster.ts';
import type { Members } from './members.ts';

/** etcd feeds a late watcher within 100 ms (`watchResyncPeriod`); silence for this long after it was created means there is nothing. */
const QUIET_MS = 1_000;
const WITHIN_MS = 4_000;

/**
 * What happened to one key after a revision, oldest first, from etcd's own history.
 * @param until ends the wait as soon as it holds for an event; without such an event 1 s of silence does.
 * @throws UsageError when that part of the history is compacted; UnavailableError when the member is silent.
 */
export async function readHistory(
  members: Members,
  key: Uint8Array,
  after: string,
  until: (event: KeyEvent) => boolean,
): Promise<readonly KeyEvent[]> {
  const member = members.preferred;
  const where = members.where(member);
  const stream = await member.client.watchClient.watch({
    deadline: Date.now() + WITHIN_MS,
  });
  const events: KeyEvent[] = [];
  const { promise: read, resolve, reject } = Promise.withResolvers<void>();
  let quiet: NodeJS.Timeout | undefined;
  stream.on('error', (cause) =>
    reject(
      new UnavailableError(`${where} did not tell the history of a key.`, {
        cause,
      }),
    ),
  );
  stream.on('end', () => reject(new UnavailableError(`${where} ended the history of a key.`)));
  stream.on('data', (response) => {
    clearTimeout(quiet);
    quiet = setTimeout(resolve, QUIET_MS);
    try {
      members.verify(response.header, member);
      if (response.canceled) {
        throw new UsageError(`${where}: etcdserver: mvcc: required revision has been compacted.`, {
          hint: `Its history begins at revision ${response.compact_revision}.`,
        });
      }
    } catch (error) {
      return reject(error);
    }
    for (const event of response.events ?? []) events.push(keyEvent(event));
    if (events.some(until)) resolve();
  });
  stream.write({
    create_request: {
      key: Buffer.from(key),
      start_revision: (BigInt(after) + 1n).toString(),
    },
  });
  try {
    await read;
    return events;
  } finally {
    clearTimeout(quiet);
    stream.cancel();
  }
}

function keyEvent(event: IEvent): KeyEvent {
  const isDelete = String(event.type).toUpperCase() === 'DELETE';
  return {
    kind: isDelete ? 'delete' : 'put',
    value: event.kv.value,
    revision: event.kv.mod_revision,
  };
}
