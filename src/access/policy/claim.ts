import { createHash, timingSafeEqual } from 'node:crypto';
import type { Person } from '../../chat/invocation.ts';
import { PermissionError, UsageError } from '../../errors.ts';
import type { Store } from '../../state/store.ts';
import type { Clock } from '../../time.ts';

/** The offer to become administrator, as it is kept: never the code itself. */
interface ClaimOffer {
  readonly schemaVersion: 1;
  readonly hash: string;
  readonly expiresAt: number;
  readonly triesLeft: number;
}
interface ClaimedAdmin {
  readonly schemaVersion: 1;
  readonly team: string;
  readonly user: string;
  readonly at: number;
}

export const CLAIM_WINDOW_MS = 30 * 60_000;
const TRIES = 5;
const OFFER = 'access/claim';
const ADMINS = 'access/admins/';

/** How the first administrator comes to be when the config names nobody. The truth is in Shipmate's own etcd, so replicas agree. */
export interface Claims {
  /** Administrators by claim, `TEAM/USER`, as far as this process has heard. */
  admins(): ReadonlySet<string>;
  /** Reads the administrators and follows changes. @throws UnavailableError */
  follow(): Promise<{ stop(): Promise<void> }>;
  /**
   * Offers the code unless an offer of another replica is open.
   * @returns the end of the offer, and whether it is this code's.
   */
  offer(code: string): Promise<{ expiresAt: number; isOurs: boolean }>;
  /** @throws UsageError for a wrong, used or expired code; PermissionError when there is an administrator. */
  claim(code: string, person: Person): Promise<void>;
}

export function claimsOn(store: Store, clock: Clock): Claims {
  const known = new Set<string>();
  return {
    admins: () => known,
    async follow() {
      const watching = await store.watch<ClaimedAdmin>(ADMINS, ({ path, value }) => {
        const id = path.slice(ADMINS.length);
        if (value) known.add(id);
        else known.delete(id);
      });
      for (const { path } of await store.list(ADMINS)) known.add(path.slice(ADMINS.length));
      return watching;
    },
    async offer(code) {
      const found = await store.get<ClaimOffer>(OFFER);
      if (found && found.value.expiresAt > clock()) return { expiresAt: found.value.expiresAt, isOurs: false };
      const value: ClaimOffer = {
        schemaVersion: 1,
        hash: hashOf(code),
        expiresAt: clock() + CLAIM_WINDOW_MS,
        triesLeft: TRIES,
      };
      const expect = found ? { revision: found.revision } : ('absent' as const);
      const isOurs = (await store.commit([{ op: 'put', path: OFFER, value, expect }])) !== undefined;
      return { expiresAt: value.expiresAt, isOurs };
    },
    async claim(code, person) {
      const admins = await store.list(ADMINS);
      if (admins.length > 0) throw taken();
      const found = await store.get<ClaimOffer>(OFFER);
      if (!found || found.value.expiresAt <= clock() || found.value.triesLeft <= 0) throw notOpen();
      const offer = found.value;
      const expect = { revision: found.revision };
      if (!isRight(code, offer.hash)) {
        // The try counts before the answer is given; two at once cannot both use the last one.
        const value = { ...offer, triesLeft: offer.triesLeft - 1 };
        await store.commit([{ op: 'put', path: OFFER, value, expect }]);
        throw new UsageError('This is not the code.', {
          hint: `${value.triesLeft} ${value.triesLeft === 1 ? 'try is' : 'tries are'} left. The code is in Shipmate’s log.`,
        });
      }
      const value: ClaimedAdmin = { schemaVersion: 1, team: person.team, user: person.user, at: clock() };
      const path = `${ADMINS}${person.team}/${person.user}`;
      const done = await store.commit([
        { op: 'del', path: OFFER, expect },
        { op: 'put', path, value, expect: 'absent' },
      ]);
      if (done === undefined) throw notOpen();
      known.add(path.slice(ADMINS.length));
    },
  };
}

/** As people read a code off a screen: case and separators do not matter. */
function hashOf(code: string): string {
  return createHash('sha256').update(code.toLowerCase().replaceAll(/[\s-]/g, '')).digest('hex');
}

function isRight(code: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(code), 'hex'), Buffer.from(hash, 'hex'));
}

function taken(): PermissionError {
  return new PermissionError('Shipmate has been claimed already.', {
    hint: 'Ask an administrator; `/shipmate whoami` shows what you may do.',
  });
}

function notOpen(): UsageError {
  return new UsageError('There is nothing to claim: the code was used, is too old, or was tried too often.', {
    hint: 'A new code is written to the log when Shipmate starts and the old one is 30 minutes old.',
  });
}
