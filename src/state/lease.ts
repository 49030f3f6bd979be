import { UnavailableError } from '../errors.ts';
import type { Member, Members } from '../etcd/members.ts';
import { hexId } from '../etcd/members.ts';
import { delay } from '../time.ts';

/**
 * A lease that doubts itself.
 *
 * etcd frees a lease TTL seconds after the last keep-alive that *it* saw. etcd3's own lease reports a loss only after twice the TTL, when
 * another process may long hold the lock. Here the signal aborts at 0.6 × TTL, counted from when the last successful keep-alive was *sent*.
 * A process that was itself frozen cannot notice in time: every write must therefore also compare the fence (see `Claim`).
 */
export interface Lease {
  /** Decimal, as `Change.lease` wants it. */
  readonly id: string;
  /** Lower-case hex without padding, as etcdctl spells it in lock keys. */
  readonly hex: string;
  /** Aborts when the lease is, or may soon be, gone. */
  readonly signal: AbortSignal;
  /** Stops keeping it alive and frees it, with everything attached to it. Never throws: a lease that cannot be freed expires. */
  revoke(): Promise<void>;
}

const TRUST = 0.6;
/** Keep-alives per TTL: four may fail before the trust runs out. */
const BEATS = 8;

/**
 * Grants a lease and keeps it alive until `revoke`.
 * @param ttlSeconds at least 2.
 * @throws UnavailableError when etcd does not answer.
 */
export async function grantLease(members: Members, ttlSeconds: number): Promise<Lease> {
  const grantedAt = now();
  const granted = await members.read((member, options) =>
    member.client.leaseClient.leaseGrant({ TTL: ttlSeconds }, options),
  );
  const id = granted.ID;
  const lost = new AbortController();
  const stopped = new AbortController();
  const ttlMs = Math.min(ttlSeconds, Number(granted.TTL)) * 1_000;
  let trusted = grantedAt;

  const watchdog = setInterval(() => {
    if (elapsedSince(trusted) > TRUST * ttlMs) lose(`no keep-alive of lease ${hexId(id)} within ${TRUST} of its TTL`);
  }, ttlMs / 40);
  const lose = (why: string): void => {
    clearInterval(watchdog);
    stopped.abort();
    lost.abort(new UnavailableError(`Shipmate's etcd: ${why}.`));
  };
  const beat = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await delay(ttlMs / BEATS, stopped.signal).catch(() => {});
      if (stopped.signal.aborted) return;
      const sentAt = now();
      const member = members.preferred;
      try {
        const left = await keepAliveOnce(members, member, id, ttlMs / BEATS);
        if (left <= 0) return lose(`lease ${hexId(id)} has expired or was revoked`);
        trusted = sentAt;
      } catch {
        // The watchdog decides; the next beat goes to a member that answers.
        members.doubt(member);
        await members.probe(ttlMs / BEATS).catch(() => {});
      }
    }
  };
  const beating = beat();

  return {
    id,
    hex: hexId(id),
    signal: lost.signal,
    revoke: async () => {
      lose(`lease ${hexId(id)} was given up`);
      await beating;
      await members
        .read((member, options) => member.client.leaseClient.leaseRevoke({ ID: id }, options))
        .catch(() => {});
    },
  };
}

/** One keep-alive on a stream of its own. @returns the seconds left; 0 when the lease does not exist. */
async function keepAliveOnce(members: Members, member: Member, id: string, withinMs: number): Promise<number> {
  const stream = await member.client.leaseClient.leaseKeepAlive({ deadline: Date.now() + withinMs });
  try {
    return await new Promise<number>((resolve, reject) => {
      stream.on('data', (answer) => {
        try {
          members.verify(answer.header, member);
          resolve(Number(answer.TTL));
        } catch (error) {
          reject(error);
        }
      });
      stream.on('error', reject);
      stream.on('end', () => reject(new Error('the member ended the keep-alive')));
      stream.write({ ID: id });
    });
  } finally {
    stream.end();
  }
}

/** Both clocks: the monotonic one stands still while a laptop sleeps, the wall clock may be set back. */
interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

function now(): Moment {
  return { monotonic: performance.now(), wall: Date.now() };
}

function elapsedSince(moment: Moment): number {
  return Math.max(performance.now() - moment.monotonic, Date.now() - moment.wall);
}
