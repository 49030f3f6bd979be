import type { Person } from '../../chat/invocation.ts';
import type { Clock } from '../../time.ts';

/** Which Slack user groups a person is in, as far as is known now. */
export interface Groups {
  /** From memory; empty when the groups are not known, or were last read too long ago to be trusted. */
  of(person: Person): readonly string[];
  /** Reads them again unless that was done within `maxAgeMs`. Never rejects: what cannot be read is told by `problem`. */
  refresh(maxAgeMs: number): Promise<void>;
  /** Why groups do not count at present, or are getting old. */
  problem(): string | undefined;
}

/** Members of each group, by group id. */
export type ReadGroups = () => Promise<ReadonlyMap<string, readonly string[]>>;

/** Groups older than this are no longer believed: somebody may have been taken out of one long ago. */
const TRUSTED_MS = 15 * 60_000;

/** Keeps what was read; concurrent refreshes share one call. */
export function cachedGroups(read: ReadGroups, clock: Clock): Groups {
  let byUser = new Map<string, string[]>();
  let readAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: string | undefined;
  let running: Promise<void> | undefined;

  const isTrusted = (): boolean => clock() - readAt <= TRUSTED_MS;
  const load = async (): Promise<void> => {
    triedAt = clock();
    try {
      const members = new Map<string, string[]>();
      for (const [group, users] of await read()) {
        for (const user of users) members.set(user, [...(members.get(user) ?? []), group]);
      }
      byUser = members;
      readAt = clock();
      failure = undefined;
    } catch (error) {
      failure = (error as Error).message;
    }
  };
  return {
    of: (person) => (isTrusted() ? (byUser.get(person.user) ?? []) : []),
    async refresh(maxAgeMs) {
      // "Now" means after now: a reading under way may have begun before the change that is asked about.
      if (running !== undefined && maxAgeMs === 0) await running;
      if (clock() - triedAt < maxAgeMs && running === undefined) return;
      running ??= load().finally(() => {
        running = undefined;
      });
      await running;
    },
    problem() {
      if (failure === undefined) return undefined;
      return isTrusted()
        ? `user groups cannot be read (${failure}); the last known members count until they are 15 minutes old`
        : `user groups cannot be read (${failure}), so bindings to groups give nothing`;
    },
  };
}
