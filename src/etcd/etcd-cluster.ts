/** An etcd cluster that a team operates. Bytes in, bytes out; 64-bit numbers are decimal strings, as etcd's JSON has them. */
export interface EtcdCluster {
  /** The alias from the config file. */
  readonly name: string;
  /** Whether the config marks it as production: shown as PROD in every header. */
  readonly isProduction: boolean;
  /** Key prefixes that are neither read nor written; `range` and `txn` refuse any range that touches one. */
  readonly protectedPrefixes: readonly Uint8Array[];
  /** @throws UnavailableError within 5 s from a frozen or leaderless member, PermissionError, UsageError (compacted, future revision). */
  range(request: RangeRequest): Promise<RangeResponse>;
  /**
   * One atomic transaction, sent once. When the answer is lost it may have happened: the UnavailableError says so, and `history` tells.
   * @throws as `range`.
   */
  txn(request: TxnRequest): Promise<TxnResponse>;
  /** Version, leader, db size, per endpoint. */
  status(): Promise<readonly EndpointStatus[]>;
  /**
   * What happened to one key after a revision, oldest first, up to `until` (a mod revision known to be there) or until nothing more comes.
   * @throws UsageError when that part of the history is compacted.
   */
  history(key: Uint8Array, after: string, until?: string): Promise<readonly KeyEvent[]>;
  close(): Promise<void>;
}

/** One thing that happened to a key. */
export interface KeyEvent {
  readonly kind: 'put' | 'delete';
  readonly value: Uint8Array;
  /** Mod revision, decimal. */
  readonly revision: string;
}

/** Which member answered, from the response header; ids in decimal. */
export interface Origin {
  readonly endpoint: string;
  readonly clusterId: string;
  readonly memberId: string;
  readonly raftTerm: string;
}

export interface RangeRequest {
  readonly key: Uint8Array;
  /** Exclusive end; a prefix's end from `prefixEnd`, `[0]` for "from key on". Absent: exactly `key`. */
  readonly rangeEnd?: Uint8Array | undefined;
  readonly limit?: number;
  readonly revision?: string;
  readonly keysOnly?: boolean;
  readonly countOnly?: boolean;
  readonly sort?: {
    readonly target: 'KEY' | 'VERSION' | 'CREATE' | 'MOD' | 'VALUE';
    readonly order: 'ASCEND' | 'DESCEND';
  };
  readonly serializable?: boolean;
}
export interface KeyValue {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly createRevision: string;
  readonly modRevision: string;
  readonly version: string;
  /** Decimal; `0` without a lease. */
  readonly lease: string;
}
export interface RangeResponse {
  readonly revision: string;
  readonly kvs: readonly KeyValue[];
  readonly more: boolean;
  readonly count: number;
  /** Absent inside a transaction's answer. */
  readonly origin?: Origin;
}
export interface Compare {
  readonly key: Uint8Array;
  readonly rangeEnd?: Uint8Array | undefined;
  readonly target: 'MOD' | 'CREATE' | 'VERSION' | 'VALUE' | 'LEASE';
  readonly result: 'EQUAL' | 'NOT_EQUAL' | 'LESS' | 'GREATER';
  readonly value: string | Uint8Array;
}
export type Op =
  | {
      readonly put: {
        readonly key: Uint8Array;
        readonly value: Uint8Array;
        readonly lease?: string;
        readonly prevKv?: boolean;
        readonly ignoreLease?: boolean;
      };
    }
  | { readonly range: RangeRequest }
  | {
      readonly deleteRange: {
        readonly key: Uint8Array;
        readonly rangeEnd?: Uint8Array | undefined;
        readonly prevKv?: boolean;
      };
    };
export interface TxnRequest {
  readonly compare: readonly Compare[];
  readonly success: readonly Op[];
  readonly failure?: readonly Op[];
}
export interface TxnResponse {
  readonly succeeded: boolean;
  readonly revision: string;
  readonly responses: readonly (
    | { range: RangeResponse }
    | { put: { prevKv?: KeyValue } }
    | { deleteRange: { deleted: number; prevKvs: readonly KeyValue[] } }
  )[];
}
export interface EndpointStatus {
  readonly endpoint: string;
  readonly version?: string;
  readonly leader?: string;
  readonly member?: string;
  readonly dbSize?: number;
  readonly isLeader?: boolean;
  readonly error?: string;
}
/** The etcd clusters of the config file (`etcd:`). */
export interface EtcdClusters {
  readonly names: readonly string[];
  /** By alias, or the first one. @throws NotFoundError with the nearest alias; UsageError when the config names none. */
  get(alias?: string): EtcdCluster;
  all(): readonly EtcdCluster[];
}
