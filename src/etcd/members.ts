import type { Etcd3, IResponseHeader } from 'etcd3';
import { PermissionError, UnavailableError } from '../errors.ts';
import { delay } from '../time.ts';

export type { Member } from './member.ts';

import { type EtcdAccess, type Member, openMembers } from './member.ts';
import { isNoAnswer, translateEtcdError, wasNeverSent } from './translate.ts';

/** A write whose answer is missing: it may have happened, or may still happen. Look before trying again. */
export class AmbiguousWriteError extends UnavailableError {}

type Answered = { readonly header: IResponseHeader };
/** gRPC's own options, as etcd3 takes them. */
export type CallOptions = NonNullable<Parameters<Etcd3['kv']['range']>[1]>;
type Call<T> = (member: Member, options: CallOptions) => Promise<T>;

export interface MembersOptions {
  /** How the cluster is named in errors: `etcd "main"`. */
  readonly name: string;
  /** For one call, all attempts together, in milliseconds. */
  readonly deadlineMs: number;
  /** Cluster id in decimal; another one is refused. Absent: the first one seen. */
  readonly clusterId?: string | undefined;
}

/** A member that answered this recently is trusted with a write without asking it first. */
const FRESH_MS = 2_000;
const ROUNDS = 2;
const ROUND_PAUSE_MS = 150;

/**
 * The members of one cluster, and the choice among them: the one that answered last, then the others, all within one deadline.
 * Reads move on when a member is silent. Writes are sent to a member that has just proved to be alive, and are never sent twice.
 */
export class Members {
  readonly #members: readonly Member[];
  readonly #options: MembersOptions;
  /** When each member last answered, on the monotonic clock. */
  readonly #answeredAt = new Map<Member, number>();
  #preferred = 0;
  #clusterId: string | undefined;
  #revision = 0n;

  constructor(access: EtcdAccess, options: MembersOptions) {
    this.#members = openMembers(access);
    this.#options = options;
    this.#clusterId = options.clusterId;
  }

  /** The member that answered last. */
  get preferred(): Member {
    return this.#members[this.#preferred] as Member;
  }

  /** The highest revision that any answer carried, decimal; `0` before the first. */
  get revision(): string {
    return this.#revision.toString();
  }

  get all(): readonly Member[] {
    return this.#members;
  }

  where(member: Member): string {
    return `${this.#options.name} (${member.endpoint})`;
  }

  /** Runs a call that may be repeated. @throws what `translateEtcdError` makes of the last failure. */
  async read<T extends Answered>(call: Call<T>, withinMs: number = this.#options.deadlineMs): Promise<T> {
    const giveUpAt = performance.now() + withinMs;
    const count = this.#members.length;
    let failure: unknown;
    for (let attempt = 0; attempt < count * ROUNDS; attempt += 1) {
      const remaining = giveUpAt - performance.now();
      if (attempt > 0 && remaining < 50) break;
      if (attempt === count) await delay(Math.min(ROUND_PAUSE_MS, remaining));
      const share = Math.max(remaining / Math.max(count - attempt, 1), Math.min(500, remaining));
      const member = this.preferred;
      try {
        return await this.#call(member, call, share);
      } catch (error) {
        failure = error;
        if (!isNoAnswer(error)) break;
        this.doubt(member);
      }
    }
    throw translateEtcdError(failure, this.#where());
  }

  /**
   * Runs a call that must not be repeated.
   * @throws AmbiguousWriteError when it was sent and no answer came; UnavailableError when it certainly was not sent.
   */
  async write<T extends Answered>(call: Call<T>, withinMs: number = this.#options.deadlineMs): Promise<T> {
    const giveUpAt = performance.now() + withinMs;
    for (let attempt = 1; ; attempt += 1) {
      const remaining = Math.max(giveUpAt - performance.now(), 200);
      // A member proves that it is alive, and of the right cluster, before it is trusted with a write.
      if (!this.#isFresh(this.preferred)) await this.probe(remaining);
      const member = this.preferred;
      try {
        return await this.#call(member, call, Math.max(giveUpAt - performance.now(), 200));
      } catch (error) {
        const translated = translateEtcdError(error, this.where(member));
        if (!isNoAnswer(error)) throw translated;
        this.doubt(member);
        const { message, hint } = translated;
        if (!wasNeverSent(error)) {
          throw new AmbiguousWriteError(`${message} It is not known whether the write happened.`, {
            ...(hint !== undefined && { hint }),
            cause: error,
          });
        }
        if (attempt > this.#members.length || performance.now() > giveUpAt) throw translated;
      }
    }
  }

  /** Finds a member that answers through its leader, and renews a token that etcd has forgotten. @throws as `read`. */
  async probe(withinMs: number = this.#options.deadlineMs): Promise<void> {
    await this.read(askIfAlive, withinMs);
  }

  /** A member was silent: ask another one first from now on, and this one not for a write before it has answered. */
  doubt(member: Member): void {
    this.#answeredAt.delete(member);
    // Several calls may fail on it at once; only the first one moves on.
    if (this.preferred === member) this.#preferred = (this.#preferred + 1) % this.#members.length;
  }

  /** Refuses an answer from another cluster than the one configured, or than the first one seen. */
  verify(header: IResponseHeader, member: Member): void {
    this.#clusterId ??= header.cluster_id;
    if (header.cluster_id === this.#clusterId) return;
    throw new PermissionError(
      `${this.where(member)} answers as cluster ${hexId(header.cluster_id)}, but ${this.#options.name} is ${hexId(this.#clusterId)}. Shipmate does not talk to it.`,
      {
        hint: 'Check `endpoints` and `clusterId` in the config; restart Shipmate if the cluster was rebuilt.',
      },
    );
  }

  close(): void {
    for (const member of this.#members) member.client.close();
  }

  #isFresh(member: Member): boolean {
    const answeredAt = this.#answeredAt.get(member);
    return answeredAt !== undefined && performance.now() - answeredAt <= FRESH_MS;
  }

  async #call<T extends Answered>(member: Member, call: Call<T>, withinMs: number): Promise<T> {
    const answer = await call(member, { deadline: Date.now() + withinMs });
    this.verify(answer.header, member);
    this.#answeredAt.set(member, performance.now());
    const revision = BigInt(answer.header.revision);
    if (revision > this.#revision) this.#revision = revision;
    return answer;
  }

  #where(): string {
    return this.#members.length === 1 ? this.where(this.preferred) : this.#options.name;
  }
}

/** 64-bit ids are decimal on the wire and hex in etcdctl's output. */
export function hexId(decimal: string): string {
  return BigInt(decimal).toString(16);
}

/** A read through the leader of the key that `etcdctl endpoint health` reads; "permission denied" is an answer too, so the status's header stands in. */
const askIfAlive: Call<Answered> = async (member, options) => {
  try {
    return await member.client.kv.range({ key: Buffer.from('health'), count_only: true }, options);
  } catch (error) {
    if (isNoAnswer(error)) throw error;
    return await member.client.maintenance.status(options);
  }
};
