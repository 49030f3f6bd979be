import type { IKeyValue } from 'etcd3';
import { prefixEnd } from '../etcd/keys.ts';
import { newId } from '../ids.ts';
import { encodeDocument } from './document.ts';
import type { StateConnection } from './etcd-store.ts';
import { grantLease } from './lease.ts';
import type { Change } from './store.ts';
import { watchPrefix } from './watch.ts';

/**
 * A place in the queue for a name, in the format of etcdctl and Go's `concurrency` package: the key is `NAME/<lease id in hex>`, attached
 * to the lease; whoever has the lowest create revision holds the name. `etcdctl elect -l NAME` and `etcdctl lock NAME` see the same queue.
 */
export interface Claim {
  /** The key's create revision: grows with every claim, so that a late writer can be told from the present one. */
  readonly fence: string;
  /** Goes into every commit made in the name of this claim: the commit fails once the claim is gone. */
  readonly check: Change;
  /** Aborts when the claim is, or may soon be, gone. */
  readonly signal: AbortSignal;
  /** Resolves when this claim is the first in the queue; rejects when the claim is lost before. */
  readonly first: Promise<void>;
  /** Who is first now: the value of their key, or undefined when it is this claim. */
  holder(): Promise<string | undefined>;
  /** Gives the place up at once. Never throws. */
  release(): Promise<void>;
}

export interface ClaimOptions {
  /** Path under the store's prefix, such as `leaders/watcher-prod`. */
  readonly path: string;
  /** Who claims, shown to others. */
  readonly owner: string;
  readonly ttlSeconds: number;
}

/** Even without any event the queue is looked at that often, in milliseconds. */
const LOOK_MS = 2_000;

/** Enters the queue. @throws UnavailableError when etcd does not answer. */
export async function enterClaim(state: StateConnection, options: ClaimOptions): Promise<Claim> {
  const { members } = state;
  const lease = await grantLease(members, options.ttlSeconds);
  const gone = new AbortController();
  const queue = Buffer.from(`${state.options.prefix}${options.path}/`);
  const key = Buffer.concat([queue, Buffer.from(lease.hex)]);
  const path = `${options.path}/${lease.hex}`;

  const enter = async (): Promise<string> => {
    const value = encodeDocument({ owner: options.owner, since: Date.now() }, newId());
    const request = {
      compare: [{ key, target: 1, result: 0, create_revision: '0' }],
      success: [{ request_put: { key, value, lease: lease.id } }],
      failure: [{ request_range: { key } }],
    };
    // Safe to repeat: the key is named after our own lease.
    const answer = await members.read((member, call) => member.client.kv.txn(request, call));
    const found = answer.responses[0]?.response_range?.kvs[0];
    return found?.create_revision ?? answer.header.revision;
  };

  const lowest = async (): Promise<{ first: IKeyValue | undefined; isOurs: boolean; isIn: boolean }> => {
    const answer = await members.read((member, call) =>
      member.client.kv.range({ key: queue, range_end: Buffer.from(prefixEnd(queue)), keys_only: false }, call),
    );
    const byAge = answer.kvs.toSorted((a, b) => (BigInt(a.create_revision) < BigInt(b.create_revision) ? -1 : 1));
    const isIn = byAge.some((found) => found.key.equals(key) && found.create_revision === fence);
    return { first: byAge[0], isOurs: isIn && byAge[0]?.key.equals(key) === true, isIn };
  };

  let fence: string;
  const { promise: first, resolve: becomeFirst, reject: failFirst } = Promise.withResolvers<void>();
  first.catch(() => {});
  let watch: { stop(): Promise<void> } | undefined;
  const look = async (): Promise<void> => {
    const { isOurs, isIn } = await lowest();
    // Somebody deleted our key by hand: the name is no longer ours although the lease lives.
    if (!isIn) gone.abort(new Error(`the claim ${path} was deleted`));
    else if (isOurs) becomeFirst();
  };
  const lookSoon = (): void => void look().catch(() => {});
  const poll = setInterval(lookSoon, LOOK_MS);
  const signal = AbortSignal.any([lease.signal, gone.signal]);
  signal.addEventListener('abort', () => failFirst(signal.reason), { once: true });
  const release = async (): Promise<void> => {
    clearInterval(poll);
    await lease.revoke();
    await watch?.stop();
  };

  try {
    fence = await enter();
    watch = await watchPrefix(members, queue, state.options.log, lookSoon);
    await look();
  } catch (error) {
    await release();
    throw error;
  }
  return {
    fence,
    check: { op: 'check', path, expect: { revision: fence } },
    signal,
    first,
    holder: async () => {
      const { first: holder, isOurs } = await lowest();
      return isOurs ? undefined : holder?.value.toString();
    },
    release,
  };
}
