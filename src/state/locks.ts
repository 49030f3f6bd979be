import { ConflictError } from '../errors.ts';
import { enterClaim } from './claim.ts';
import { decodeDocument } from './document.ts';
import type { StateConnection } from './etcd-store.ts';
import type { Change } from './store.ts';

/** A lock that is held until `release`, or until its signal aborts. */
export interface Lock {
  readonly fence: string;
  /** Goes into every commit made under the lock. */
  readonly check: Change;
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/**
 * Takes a lock under `locks/<name>` or says who has it; does not wait.
 * @param owner shown to whoever comes second.
 * @throws ConflictError naming the holder; UnavailableError when etcd does not answer.
 */
export async function takeLock(state: StateConnection, name: string, owner: string, ttlSeconds = 10): Promise<Lock> {
  const path = `locks/${name}`;
  const claim = await enterClaim(state, { path, owner, ttlSeconds });
  const holder = await claim.holder().catch(async (error: unknown) => {
    await claim.release();
    throw error;
  });
  if (holder === undefined) return claim;
  await claim.release();
  const { value } = decodeDocument<{ owner: string }>(Buffer.from(holder), path);
  throw new ConflictError(`${name} is locked by ${value.owner}.`, { hint: 'Wait until it is done, or ask them.' });
}
