import {
  bytes,
  bytesOf,
  changedSincePlan,
  displayKey,
  displayValue,
  displayValueShort,
  type Expected,
  etcdFlag,
  hideSecrets,
  type KeyValue,
  leaseId,
  leaseText,
  traceWrite,
  typedLine,
  valueText,
} from '../../src/sdk/etcd.ts';
import { defineChange, flag, InternalError, positional, text, toggle, UsageError } from '../../src/sdk/index.ts';

/** What `act` and `verify` go by. */
interface PutData {
  readonly key: string;
  readonly value: string;
  /** Decimal. */
  readonly lease?: string | undefined;
  readonly ignoreLease: boolean;
  readonly prevKv: boolean;
  readonly expected: Expected;
}

/** A plan keeps at most 64 KiB; the rest of it needs little. */
const MAX_VALUE_BYTES = 60 * 1_024;

export default defineChange({
  name: 'etcd put',
  summary: 'Write one key',
  examples: ['/etcd put /app/config on', '/etcd put /app/motd "hello world" --prev-kv', '/etcd put /app/n -- -5'],
  permission: 'etcd:write',
  risk: 'low',
  args: {
    key: positional(text, { placeholder: 'KEY', summary: 'The key' }),
    value: positional(text, { placeholder: 'VALUE', summary: 'Its new value; after -- when it starts with -' }),
    lease: flag(leaseId, { placeholder: 'HEX', summary: 'Attach it to this lease: it goes when the lease goes' }),
    ignoreLease: toggle({ summary: 'Keep the lease that the key has' }),
    prevKv: toggle({ summary: 'Show the previous value afterwards' }),
    cluster: etcdFlag,
  },
  scope: (args) => ({ etcd: args.cluster, keys: [{ key: bytesOf(args.key) }] }),

  async plan(args, { etcds }) {
    if (args.key === '') throw new UsageError('etcdserver: key is not provided');
    if (args.ignoreLease && args.lease !== undefined)
      throw new UsageError('--lease and --ignore-lease exclude each other.');
    refuseLarge(args.key, args.value);
    const cluster = etcds.get(args.cluster);
    const answer = await cluster.range({ key: bytesOf(args.key) });
    const [current] = answer.kvs;
    if (args.ignoreLease && !current)
      throw new UsageError('etcdserver: key not found', { hint: 'Leave out --ignore-lease for a new key.' });
    const name = displayKey(bytesOf(args.key));
    const data: PutData = {
      key: args.key,
      value: args.value,
      lease: args.lease,
      ignoreLease: args.ignoreLease,
      prevKv: args.prevKv,
      expected: { modRevision: current?.modRevision ?? '0', seenAt: answer.revision },
    };
    return {
      etcd: cluster.name,
      isProduction: cluster.isProduction,
      targets: [name],
      summary: current ? `Overwrite ${name} on etcd ${cluster.name}` : `Create ${name} on etcd ${cluster.name}`,
      confirm: current ? 'Overwrite the key' : 'Create the key',
      changes: changesOf(name, current, args),
      warnings: warningsOf(current, args),
      risk: current ? 'high' : 'low',
      ...undoOf(args.key, current, args.cluster),
      data,
    };
  },

  async verify({ etcd, data }, { etcds }) {
    const value = Buffer.from(bytesOf(data.value));
    const trace = await traceWrite(
      etcds.get(etcd),
      bytesOf(data.key),
      data.expected,
      (event) => event.kind === 'put' && value.equals(event.value),
    );
    if (trace.found === 'unknown') return { applied: 'unknown', found: trace.why };
    if (!trace.found) return { applied: false };
    return { applied: true, effect: { said: said(data, trace.revision) } };
  },

  async act({ etcd, data }, { etcds }) {
    const key = bytesOf(data.key);
    const { modRevision } = data.expected;
    const answer = await etcds.get(etcd).txn({
      compare: [{ key, target: 'MOD', result: 'EQUAL', value: modRevision }],
      success: [
        {
          put: {
            key,
            value: bytesOf(data.value),
            prevKv: data.prevKv,
            ignoreLease: data.ignoreLease,
            ...(data.lease !== undefined && { lease: data.lease }),
          },
        },
      ],
      failure: [{ range: { key } }],
    });
    const [response] = answer.responses;
    if (response && 'range' in response) throw changedSincePlan(key, modRevision, response.range.kvs[0]);
    if (!response || !('put' in response)) throw new InternalError('etcd answered a put with something else.');
    const { prevKv } = response.put;
    const was = prevKv ? ` (it was "${displayValueShort(hideSecrets(prevKv).value, 200)}")` : '';
    return { said: `${said(data, answer.revision)}${was}` };
  },
});

function said(data: PutData, revision: string): string {
  return `OK: ${displayKey(bytesOf(data.key))} is written, rev ${revision}`;
}

function refuseLarge(key: string, value: string): void {
  const size = Buffer.byteLength(JSON.stringify({ key, value }));
  if (size <= MAX_VALUE_BYTES) return;
  throw new UsageError(`That is ${bytes(size)}; at most ${bytes(MAX_VALUE_BYTES)} can be written from Slack.`, {
    hint: 'Write it with etcdctl from a file: etcdctl put KEY < file.',
  });
}

function changesOf(
  name: string,
  current: KeyValue | undefined,
  args: { value: string; lease?: string | undefined; ignoreLease: boolean },
) {
  const before = current ? displayValue(hideSecrets(current).value.subarray(0, MAX_VALUE_BYTES)) : '(no such key)';
  const changes = [{ label: name, before, after: displayValue(bytesOf(args.value)) }];
  const lease = args.ignoreLease ? (current?.lease ?? '0') : (args.lease ?? '0');
  if ((current?.lease ?? '0') !== lease) {
    changes.push({ label: 'lease', before: leaseWords(current?.lease ?? '0'), after: leaseWords(lease) });
  }
  return changes;
}

function warningsOf(
  current: KeyValue | undefined,
  args: { value: string; lease?: string | undefined; ignoreLease: boolean },
): string[] {
  const warnings: string[] = [];
  const lease = current?.lease ?? '0';
  if (lease !== '0' && !args.ignoreLease && args.lease !== lease) {
    warnings.push(`lease ${leaseText(lease)} will be removed from the key; --ignore-lease would keep it`);
  }
  if (args.lease !== undefined) warnings.push(`the key will be deleted when lease ${leaseText(args.lease)} ends`);
  if (current && Buffer.from(bytesOf(args.value)).equals(current.value))
    warnings.push('the value is already this; only its revision will change');
  if (current && current.value.length > MAX_VALUE_BYTES)
    warnings.push(`only the first ${bytes(MAX_VALUE_BYTES)} of the present value are shown`);
  return warnings;
}

function leaseWords(lease: string): string {
  return lease === '0' ? 'none' : leaseText(lease);
}

/** Offered only where the typed line would bring back the very same bytes, without a lease to restore. */
function undoOf(key: string, current: KeyValue | undefined, alias: string | undefined): { undo?: string } {
  const where = alias === undefined ? [] : ['--cluster', alias];
  if (!current) return lineOf(['/etcd', 'del', ...where, '--', key]);
  const value = valueText(current.value);
  if (value === undefined || current.lease !== '0') return {};
  return lineOf(['/etcd', 'put', ...where, '--', key, value]);
}

function lineOf(words: readonly string[]): { undo?: string } {
  const line = typedLine(words);
  return line === undefined ? {} : { undo: line };
}
