import { readFileSync } from 'node:fs';
import type { ICompare, IKeyValue, IRequestOp, ITxnRequest, ITxnResponse } from 'etcd3';
import { InternalError, UnavailableError } from '../errors.ts';
import type { KeyEvent } from '../etcd/etcd-cluster.ts';
import { readHistory } from '../etcd/history.ts';
import { bytesOf, prefixEnd } from '../etcd/keys.ts';
import type { EtcdAccess } from '../etcd/member.ts';
import { AmbiguousWriteError, Members } from '../etcd/members.ts';
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import { decodeDocument, encodeDocument } from './document.ts';
import type { Change, Expectation, Store, Versioned } from './store.ts';
import { watchPrefix } from './watch.ts';

/** Where Shipmate's own etcd is: the `ETCD_*` variables. */
export interface StoreConnection {
  readonly endpoints: readonly string[];
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM files. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

export interface StoreOptions {
  /** Everything is kept under it: `shipmate/v1/`. */
  readonly prefix: string;
  readonly log: Logger;
}

/** No answer within this is "etcd does not answer". */
const DEADLINE_MS = 2_000;
/** A commit's first try; the rest of the deadline is kept for finding out what became of it. */
const FIRST_TRY_MS = 1_200;
/** etcd's own limit of operations in one transaction (`--max-txn-ops`). */
const MAX_CHANGES = 128;
const LIST_LIMIT = 1_000;

/** A commit whose outcome could not be learnt in time. Committing again with the same `commitId` tells the truth. */
export class CommitUnknownError extends UnavailableError {
  readonly commitId: string;

  constructor(commitId: string, cause: unknown) {
    super('etcd did not answer, so it is not known whether the change was recorded.', {
      hint: 'Shipmate looks again before it does anything else.',
      cause,
    });
    this.commitId = commitId;
  }
}

/** The connection as `leadership` and `locks` need it: the same members and deadline as the store's. */
export interface StateConnection {
  readonly members: Members;
  readonly options: StoreOptions;
}

/**
 * Opens the connection to Shipmate's own etcd; nothing is sent yet, so this succeeds while etcd is down.
 * @throws Error when a certificate file cannot be read.
 */
export function connectState(connection: StoreConnection, options: StoreOptions): StateConnection {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file));
  const access: EtcdAccess = {
    endpoints: connection.endpoints,
    username: connection.username,
    password: connection.password,
    ca: read(connection.caFile),
    cert: read(connection.certFile),
    key: read(connection.keyFile),
  };
  return { members: new Members(access, { name: "Shipmate's etcd", deadlineMs: DEADLINE_MS }), options };
}

/** Connects and returns the store; `close` ends the connection. */
export function openStore(connection: StoreConnection, options: StoreOptions): Store {
  return storeOn(connectState(connection, options));
}

/** The store on a connection that others share. `close` closes the connection. */
export function storeOn(state: StateConnection): Store {
  return new EtcdStore(state);
}

class EtcdStore implements Store {
  readonly #state: StateConnection;
  readonly #members: Members;
  readonly #prefix: string;

  constructor(state: StateConnection) {
    this.#state = state;
    this.#members = state.members;
    this.#prefix = state.options.prefix;
  }

  async get<T>(path: string): Promise<Versioned<T> | undefined> {
    const key = this.#key(path);
    const answer = await this.#members.read((member, options) => member.client.kv.range({ key }, options));
    const found = answer.kvs[0];
    return found && this.#versioned<T>(found);
  }

  async list<T>(
    prefix: string,
    options: { limit?: number; after?: string; until?: string } = {},
  ): Promise<readonly Versioned<T>[]> {
    // The key right after `after` is `after` and a zero byte.
    const start = options.after === undefined ? this.#key(prefix) : Buffer.concat([this.#key(options.after), ZERO]);
    const end = options.until === undefined ? Buffer.from(prefixEnd(this.#key(prefix))) : this.#key(options.until);
    const request = { key: start, range_end: end, limit: options.limit ?? LIST_LIMIT };
    const answer = await this.#members.read((member, call) => member.client.kv.range(request, call));
    return answer.kvs.flatMap((found) => this.#versionedOrNothing<T>(found));
  }

  async commit(changes: readonly Change[], options: { commitId?: string } = {}): Promise<string | undefined> {
    if (changes.length > MAX_CHANGES) {
      throw new InternalError(`A commit holds at most ${MAX_CHANGES} changes; this one has ${changes.length}.`);
    }
    const commitId = options.commitId ?? newId();
    const request = this.#transaction(changes, commitId);
    const before = this.#members.revision;
    const offer = (withinMs: number) =>
      this.#members.write((member, call) => member.client.kv.txn(request, call), withinMs);
    let lost: AmbiguousWriteError | undefined;
    const answer = await offer(FIRST_TRY_MS).catch((error: unknown) => {
      if (!(error instanceof AmbiguousWriteError)) throw error;
      lost = error;
      // Offering it again is a question as well as an answer: if the first one landed, its own preconditions refuse the second.
      return offer(DEADLINE_MS - FIRST_TRY_MS).catch((again: unknown) => {
        throw again instanceof UnavailableError ? new CommitUnknownError(commitId, lost) : again;
      });
    });
    if (answer.succeeded) return answer.header.revision;
    if (lost === undefined && options.commitId === undefined) return undefined;
    return await this.#findCommit(commitId, changes, answer, lost === undefined ? undefined : before);
  }

  /**
   * Whether a commit refused now had landed before.
   * @param since a revision before the first offer; absent when that offer was another call's, whose time is not known.
   */
  async #findCommit(
    commitId: string,
    changes: readonly Change[],
    answer: ITxnResponse,
    since: string | undefined,
  ): Promise<string | undefined> {
    const witness = changes.find((change) => change.op === 'put');
    if (!witness) throw new CommitUnknownError(commitId, 'a commit that only deletes leaves no trace');
    const found = answer.responses[0]?.response_range?.kvs[0];
    if (found && wroteIt(found.value, found.key, commitId)) return found.mod_revision;
    const after = typeof witness.expect === 'object' ? witness.expect.revision : since;
    if (after === undefined) return undefined;
    // Somebody wrote over it: the history of the key up to that later write tells whether ours was there first.
    const key = this.#key(witness.path);
    const until = (event: KeyEvent) => event.revision === found?.mod_revision;
    const events = await readHistory(this.#members, key, after, until).catch((error: unknown) => {
      throw new CommitUnknownError(commitId, error);
    });
    return events.find((event) => event.kind === 'put' && wroteIt(event.value, key, commitId))?.revision;
  }

  watch<T>(
    prefix: string,
    onChange: (change: { path: string; value: Versioned<T> | undefined }) => void,
  ): Promise<{ stop(): Promise<void> }> {
    return watchPrefix(this.#members, this.#key(prefix), this.#state.options.log, (key, found) => {
      if (!found) return onChange({ path: this.#path(key), value: undefined });
      for (const value of this.#versionedOrNothing<T>(found)) onChange({ path: value.path, value });
    });
  }

  async health(): Promise<{ ok: boolean; version?: string; latencyMs?: number; error?: string }> {
    const startedAt = performance.now();
    try {
      await this.#members.read((member, call) =>
        member.client.kv.range({ key: this.#key('health'), count_only: true }, call),
      );
      const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
      const status = await this.#members.read((member, call) => member.client.maintenance.status(call));
      return { ok: true, version: status.version, latencyMs };
    } catch (error) {
      return { ok: false, error: (error as Error).message };
    }
  }

  async close(): Promise<void> {
    this.#members.close();
  }

  #transaction(changes: readonly Change[], commitId: string): ITxnRequest {
    const compare = changes.flatMap((change) => comparison(this.#key(change.path), change.expect));
    const success = changes.flatMap((change): IRequestOp[] => {
      const key = this.#key(change.path);
      if (change.op === 'check') return [];
      if (change.op === 'del') return [{ request_delete_range: { key } }];
      const value = encodeDocument(change.value, commitId);
      return [{ request_put: { key, value, ...(change.lease !== undefined && { lease: change.lease }) } }];
    });
    const witness = changes.find((change) => change.op === 'put');
    const failure = witness ? [{ request_range: { key: this.#key(witness.path) } }] : [];
    return { compare, success, failure };
  }

  #versioned<T>(found: IKeyValue): Versioned<T> {
    const { value, commitId } = decodeDocument<T>(found.value, found.key.toString());
    return { path: this.#path(found.key), value, revision: found.mod_revision, commitId };
  }

  #versionedOrNothing<T>(found: IKeyValue): Versioned<T>[] {
    try {
      return [this.#versioned<T>(found)];
    } catch (error) {
      this.#state.options.log.error(
        { key: found.key.toString(), err: error },
        'A value in etcd is not ours and is left out.',
      );
      return [];
    }
  }

  #key(path: string): Buffer {
    return Buffer.from(bytesOf(this.#prefix + path));
  }

  #path(key: Buffer): string {
    return key.toString().slice(this.#prefix.length);
  }
}

function wroteIt(value: Uint8Array, key: Buffer, commitId: string): boolean {
  try {
    return decodeDocument(value, key.toString()).commitId === commitId;
  } catch {
    return false;
  }
}

const ZERO = Buffer.of(0);
const EQUAL = 0;
const TARGET_CREATE = 1;
const TARGET_MOD = 2;

function comparison(key: Buffer, expect: Expectation): ICompare[] {
  if (expect === 'any') return [];
  if (expect === 'absent') return [{ key, target: TARGET_CREATE, result: EQUAL, create_revision: '0' }];
  return [{ key, target: TARGET_MOD, result: EQUAL, mod_revision: expect.revision }];
}
