import { PermissionError, UsageError } from '../errors.ts';
import type {
  EndpointStatus,
  EtcdCluster,
  KeyEvent,
  Origin,
  RangeRequest,
  RangeResponse,
  TxnRequest,
  TxnResponse,
} from './etcd-cluster.ts';
import { readHistory } from './history.ts';
import { bytesOf, type KeyRange, overlapsPrefix } from './keys.ts';
import type { EtcdAccess, Member } from './member.ts';
import { hexId, Members } from './members.ts';
import { displayKey } from './text.ts';
import { translateEtcdError } from './translate.ts';
import { fromRange, fromResponse, toRange, toTxn } from './wire.ts';

/** All attempts of one call together, in milliseconds: an answer, or the news that there is none, in under 5 s. */
export const DEADLINE_MS = 4_000;
const STATUS_DEADLINE_MS = 2_000;

export interface EtcdClusterOptions {
  readonly name: string;
  readonly isProduction: boolean;
  /** Hex, or decimal as `etcdctl endpoint status -w json` prints it. */
  readonly clusterId?: string | undefined;
  readonly protectedPrefixes: readonly string[];
}

/** One etcd cluster over etcd3's raw clients. */
export class EtcdClusterClient implements EtcdCluster {
  readonly name: string;
  readonly isProduction: boolean;
  readonly protectedPrefixes: readonly Uint8Array[];
  readonly #members: Members;

  constructor(access: EtcdAccess, options: EtcdClusterOptions) {
    this.name = options.name;
    this.isProduction = options.isProduction;
    this.protectedPrefixes = options.protectedPrefixes.map(bytesOf);
    this.#members = new Members(access, {
      name: `etcd "${options.name}"`,
      deadlineMs: DEADLINE_MS,
      clusterId: options.clusterId === undefined ? undefined : decimalId(options.clusterId, options.name),
    });
  }

  async range(request: RangeRequest): Promise<RangeResponse> {
    this.#refuseProtected([request]);
    const message = toRange(request);
    let answeredBy: Member | undefined;
    const answer = await this.#members.read((member, options) => {
      answeredBy = member;
      return member.client.kv.range(message, options);
    });
    const origin: Origin = {
      endpoint: (answeredBy as Member).endpoint,
      clusterId: answer.header.cluster_id,
      memberId: answer.header.member_id,
      raftTerm: answer.header.raft_term,
    };
    return { ...fromRange(answer), origin };
  }

  async txn(request: TxnRequest): Promise<TxnResponse> {
    this.#refuseProtected([
      ...request.compare,
      ...[...request.success, ...(request.failure ?? [])].map((op) =>
        'put' in op ? op.put : 'range' in op ? op.range : op.deleteRange,
      ),
    ]);
    const message = toTxn(request);
    const answer = await this.#members.write((member, options) => member.client.kv.txn(message, options));
    return {
      succeeded: answer.succeeded,
      revision: answer.header.revision,
      responses: answer.responses.map(fromResponse),
    };
  }

  async history(key: Uint8Array, after: string, until?: string): Promise<readonly KeyEvent[]> {
    this.#refuseProtected([{ key }]);
    return await readHistory(this.#members, key, after, (event) => event.revision === until);
  }

  async status(): Promise<readonly EndpointStatus[]> {
    return await Promise.all(this.#members.all.map((member) => this.#statusOf(member)));
  }

  async close(): Promise<void> {
    this.#members.close();
  }

  async #statusOf(member: Member): Promise<EndpointStatus> {
    const { endpoint } = member;
    try {
      const status = await member.client.maintenance.status({
        deadline: Date.now() + STATUS_DEADLINE_MS,
      });
      this.#members.verify(status.header, member);
      return {
        endpoint,
        version: status.version,
        leader: hexId(status.leader),
        member: hexId(status.header.member_id),
        dbSize: Number(status.dbSize),
        isLeader: status.leader === status.header.member_id,
        // A member without a leader answers its status, and nothing else.
        ...(status.leader === '0' && { error: 'etcdserver: no leader' }),
      };
    } catch (error) {
      return {
        endpoint,
        error: translateEtcdError(error, this.#members.where(member)).message,
      };
    }
  }

  #refuseProtected(ranges: readonly KeyRange[]): void {
    for (const range of ranges) {
      const touched = this.protectedPrefixes.find((prefix) => overlapsPrefix(range, prefix));
      if (!touched) continue;
      const prefix = displayKey(touched);
      throw new PermissionError(`That range touches ${prefix} on etcd "${this.name}", which is protected.`, {
        hint: `Nothing under ${prefix} is read or written from Slack. Name a range beside it, such as a narrower --prefix.`,
      });
    }
  }
}

/** Sixteen digits at most are hex; more are decimal, which is how etcdctl's JSON prints a cluster id. */
function decimalId(text: string, name: string): string {
  if (/^\d{17,20}$/.test(text)) return text;
  const digits = text.replace(/^0x/i, '');
  if (/^[0-9a-f]{1,16}$/i.test(digits)) return BigInt(`0x${digits}`).toString();
  throw new UsageError(`etcd.${name}.clusterId: "${text}" is not a cluster id.`, {
    hint: 'Copy `cluster_id` from `etcdctl endpoint status -w json`.',
  });
}
