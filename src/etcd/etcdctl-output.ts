import type { KeyValue, RangeResponse } from './etcd-cluster.ts';
import { displayKey, displayValue, hex, quoteKey, quoteValue } from './text.ts';

/**
 * Answers as etcdctl prints them (etcdctl/ctlv3/command/printer*.go), for `-w simple|json|fields`. Where etcdctl would print raw control
 * bytes to the terminal, they are spelt out; JSON carries base64, so it is exact.
 */
export interface OutputOptions {
  readonly keysOnly: boolean;
  readonly valueOnly: boolean;
  readonly hex: boolean;
}

/** Key line, value line. With `--keys-only` etcdctl prints an empty line after each key; so do we. */
export function simpleOutput(answer: RangeResponse, options: OutputOptions): string {
  const key = (kv: KeyValue) => (options.hex ? hex(kv.key) : displayKey(kv.key));
  const value = (kv: KeyValue) => (options.keysOnly ? '' : options.hex ? hex(kv.value) : displayValue(kv.value));
  return answer.kvs.map((kv) => (options.valueOnly ? value(kv) : `${key(kv)}\n${value(kv)}`)).join('\n');
}

/** 64-bit numbers as JSON numbers without rounding, which `JSON.stringify` cannot write from strings. */
export function jsonOutput(answer: RangeResponse): string {
  const { origin } = answer;
  const header = [
    `"cluster_id":${origin?.clusterId ?? 0}`,
    `"member_id":${origin?.memberId ?? 0}`,
    `"revision":${answer.revision}`,
    `"raft_term":${origin?.raftTerm ?? 0}`,
  ];
  const fields = [`"header":{${header.join(',')}}`];
  if (answer.kvs.length > 0) fields.push(`"kvs":[${answer.kvs.map(jsonKeyValue).join(',')}]`);
  if (answer.more) fields.push('"more":true');
  if (answer.count > 0) fields.push(`"count":${answer.count}`);
  return `{${fields.join(',')}}`;
}

function jsonKeyValue(kv: KeyValue): string {
  // Go's `omitempty`: zero and empty fields are left out.
  const fields = [
    kv.key.length > 0 && `"key":"${Buffer.from(kv.key).toString('base64')}"`,
    kv.createRevision !== '0' && `"create_revision":${kv.createRevision}`,
    kv.modRevision !== '0' && `"mod_revision":${kv.modRevision}`,
    kv.version !== '0' && `"version":${kv.version}`,
    kv.value.length > 0 && `"value":"${Buffer.from(kv.value).toString('base64')}"`,
    kv.lease !== '0' && `"lease":${kv.lease}`,
  ];
  return `{${fields.filter((field) => field !== false).join(',')}}`;
}

export function fieldsOutput(answer: RangeResponse, options: Pick<OutputOptions, 'hex'>): string {
  const { origin } = answer;
  const lines = [
    `"ClusterID" : ${origin?.clusterId ?? 0}`,
    `"MemberID" : ${origin?.memberId ?? 0}`,
    `"Revision" : ${answer.revision}`,
    `"RaftTerm" : ${origin?.raftTerm ?? 0}`,
    ...answer.kvs.flatMap((kv) => [
      `"Key" : ${options.hex ? `"${hex(kv.key)}"` : quoteKey(kv.key)}`,
      `"CreateRevision" : ${kv.createRevision}`,
      `"ModRevision" : ${kv.modRevision}`,
      `"Version" : ${kv.version}`,
      `"Value" : ${options.hex ? `"${hex(kv.value)}"` : quoteValue(kv.value)}`,
      `"Lease" : ${kv.lease}`,
    ]),
    `"More" : ${answer.more}`,
    `"Count" : ${answer.count}`,
  ];
  return lines.join('\n');
}
