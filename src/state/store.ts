/**
 * Shipmate's own memory: JSON documents on etcd under `shipmate/v1/`, each write a transaction that compares what was read.
 * Paths are given without the prefix, segments joined by `/` (`invocations/i7k…`).
 */
export interface Store {
  /** @throws UnavailableError within the deadline (2 s) when etcd does not answer; InternalError naming the key when the value is not ours. */
  get<T>(path: string): Promise<Versioned<T> | undefined>;
  /**
   * Documents under a prefix, in key order; values that are not ours are left out and logged.
   * @param options.limit at most that many (default 1,000); options.after: exclusive start; options.until: exclusive end. Both are paths.
   */
  list<T>(
    prefix: string,
    options?: { limit?: number; after?: string; until?: string },
  ): Promise<readonly Versioned<T>[]>;
  /**
   * All or nothing, at most 128 changes. Every `put`/`del` names the revision it expects (`'absent'` = create only; `'any'` only for words
   * that are safe to repeat). @returns the new revision, or undefined when a precondition did not hold (nothing was written).
   *
   * When etcd's answer is lost, the same transaction is offered again (its own preconditions keep it from applying twice) and the history
   * of the first put tells which of the two landed. @throws CommitUnknownError when even that got no answer in time: the commit may have
   * happened. Calling again with the same `commitId` then tells the truth.
   * @param options.commitId stable name of this commit, kept in every document it puts. Default: a random one.
   */
  commit(changes: readonly Change[], options?: { commitId?: string }): Promise<string | undefined>;
  /** Changes under a prefix from now on; survives reconnects by relisting, so a callback may see the same value twice. */
  watch<T>(
    prefix: string,
    onChange: (change: { path: string; value: Versioned<T> | undefined }) => void,
  ): Promise<{ stop(): Promise<void> }>;
  health(): Promise<{ ok: boolean; version?: string; latencyMs?: number; error?: string }>;
  close(): Promise<void>;
}

export interface Versioned<T> {
  readonly path: string;
  readonly value: T;
  /** etcd mod revision, decimal. */
  readonly revision: string;
  /** The commit that wrote it. */
  readonly commitId?: string;
}

export type Change =
  | {
      readonly op: 'put';
      readonly path: string;
      readonly value: object;
      readonly expect: Expectation;
      readonly lease?: string;
    }
  | { readonly op: 'del'; readonly path: string; readonly expect: Expectation }
  /** Writes nothing, only asserts. */
  | { readonly op: 'check'; readonly path: string; readonly expect: Expectation };

export type Expectation = 'absent' | 'any' | { readonly revision: string };

/** Leadership of one role by a lease; `fence` is the lock key's create revision, ever growing. */
export interface Leadership {
  /**
   * Runs `lead` while this process holds the role; its signal aborts at 0.6 × TTL without a successful keep-alive. Campaigns
   * again afterwards. `check` belongs into every commit made as leader: it fails once another process leads.
   */
  campaign(
    role: string,
    lead: (term: { fence: string; signal: AbortSignal; check: Change }) => Promise<void>,
  ): { stop(): Promise<void>; isLeader(): boolean };
}
