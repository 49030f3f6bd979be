import type {
  ICompare,
  IDeleteRangeResponse,
  IKeyValue,
  IPutResponse,
  IRangeRequest,
  IRangeResponse,
  IRequestOp,
  IResponseOp,
  ITxnRequest,
} from 'etcd3';
import type { Compare, KeyValue, Op, RangeRequest, RangeResponse, TxnRequest, TxnResponse } from './etcd-cluster.ts';

/**
 * Between our words and etcd's protobuf messages (etcd `api/etcdserverpb/rpc.proto`, numbers of its enums). Raw messages, because etcd3's
 * builders neither expose `range_end` on compares nor tell "absent" from "empty".
 */
const SORT_TARGET = {
  KEY: 0,
  VERSION: 1,
  CREATE: 2,
  MOD: 3,
  VALUE: 4,
} as const;
const SORT_ORDER = { ASCEND: 1, DESCEND: 2 } as const;
const COMPARE_RESULT = { EQUAL: 0, GREATER: 1, LESS: 2, NOT_EQUAL: 3 } as const;
const COMPARE_TARGET = {
  VERSION: 0,
  CREATE: 1,
  MOD: 2,
  VALUE: 3,
  LEASE: 4,
} as const;
const COMPARE_FIELD = {
  VERSION: 'version',
  CREATE: 'create_revision',
  MOD: 'mod_revision',
  VALUE: 'value',
  LEASE: 'lease',
} as const;

export function toRange(request: RangeRequest): IRangeRequest {
  const { sort } = request;
  return {
    ...keyRange(request),
    limit: request.limit ?? 0,
    revision: request.revision ?? '0',
    keys_only: request.keysOnly ?? false,
    count_only: request.countOnly ?? false,
    serializable: request.serializable ?? false,
    // Key order ascending is etcd's natural one; asking for it would sort the whole range for nothing (etcdctl does the same).
    ...(sort &&
      !(sort.target === 'KEY' && sort.order === 'ASCEND') && {
        sort_target: SORT_TARGET[sort.target],
        sort_order: SORT_ORDER[sort.order],
      }),
  };
}

export function toTxn(request: TxnRequest): ITxnRequest {
  return {
    compare: request.compare.map(toCompare),
    success: request.success.map(toOp),
    failure: (request.failure ?? []).map(toOp),
  };
}

export function fromRange(answer: IRangeResponse): RangeResponse {
  return {
    revision: answer.header?.revision ?? '0',
    kvs: answer.kvs.map(fromKeyValue),
    more: answer.more,
    count: Number(answer.count),
  };
}

export function fromKeyValue(kv: IKeyValue): KeyValue {
  return {
    key: kv.key,
    value: kv.value,
    createRevision: kv.create_revision,
    modRevision: kv.mod_revision,
    version: kv.version,
    lease: kv.lease,
  };
}

/** The answer to one operation inside a transaction. */
export function fromResponse(response: IResponseOp): TxnResponse['responses'][number] {
  if (response.response_range) return { range: fromRange(response.response_range) };
  if (response.response_delete_range) return { deleteRange: fromDeleteRange(response.response_delete_range) };
  return { put: fromPut(response.response_put) };
}

function fromDeleteRange(answer: IDeleteRangeResponse): {
  deleted: number;
  prevKvs: readonly KeyValue[];
} {
  return {
    deleted: Number(answer.deleted),
    prevKvs: answer.prev_kvs.map(fromKeyValue),
  };
}

function fromPut(answer: IPutResponse): { prevKv?: KeyValue } {
  return answer.prev_kv ? { prevKv: fromKeyValue(answer.prev_kv) } : {};
}

function toCompare(compare: Compare): ICompare {
  const value = typeof compare.value === 'string' ? compare.value : Buffer.from(compare.value);
  return {
    ...keyRange(compare),
    target: COMPARE_TARGET[compare.target],
    result: COMPARE_RESULT[compare.result],
    [COMPARE_FIELD[compare.target]]: value,
  };
}

function toOp(op: Op): IRequestOp {
  if ('range' in op) return { request_range: toRange(op.range) };
  if ('deleteRange' in op) {
    return {
      request_delete_range: {
        ...keyRange(op.deleteRange),
        prev_kv: op.deleteRange.prevKv ?? false,
      },
    };
  }
  const { put } = op;
  return {
    request_put: {
      key: Buffer.from(put.key),
      value: Buffer.from(put.value),
      lease: put.lease ?? '0',
      prev_kv: put.prevKv ?? false,
      ignore_lease: put.ignoreLease ?? false,
    },
  };
}

function keyRange(range: { key: Uint8Array; rangeEnd?: Uint8Array | undefined }): { key: Buffer; range_end?: Buffer } {
  const key = Buffer.from(range.key);
  return range.rangeEnd === undefined ? { key } : { key, range_end: Buffer.from(range.rangeEnd) };
}
