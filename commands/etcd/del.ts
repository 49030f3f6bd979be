import {
  changedSincePlan,
  displayKey,
  displayValueShort,
  type EtcdCluster,
  type Expected,
  etcdFlag,
  etcdFooter,
  hideSecrets,
  type KeyRange,
  type KeyValue,
  type Selection,
  selectKeys,
  traceWrite,
  typedLine,
  valueText,
} from '../../src/sdk/etcd.ts';
import {
  ConflictError,
  defineChange,
  flag,
  InternalError,
  optionalPositional,
  positional,
  text,
  toggle,
  UsageError,
  wholeNumber,
} from '../../src/sdk/index.ts';

/** What `act` and `verify` go by; bytes in base64, because range ends need not be UTF-8. */
interface DelData {
  readonly key: string;
  readonly rangeEnd?: string | undefined;
  readonly words: string;
  readonly prevKv: boolean;
  /** The revision at which the plan looked, and the first key it saw. */
  readonly expected: Expected;
  readonly first: string;
  readonly count: number;
}

const SHOWN = 10;
const DEFAULT_MAX_TARGETS = 20;
const MAX_TARGETS = 10_000;

export default defineChange({
  name: 'etcd del',
  aliases: ['etcd rm'],
  summary: 'Delete a key or a range of keys',
  examples: ['/etcd del /app/config', '/etcd del /app/old/ --prefix', '/etcd del a b --prev-kv'],
  permission: 'etcd:delete',
  risk: 'high',
  args: {
    key: positional(text, { placeholder: 'KEY', summary: 'The key, or the first of a range' }),
    end: optionalPositional(text, { placeholder: 'END', summary: 'End of the range; not included' }),
    prefix: toggle({ summary: 'All keys that start with KEY' }),
    fromKey: toggle({ summary: 'All keys from KEY on' }),
    prevKv: toggle({ summary: 'Show what was deleted afterwards' }),
    maxTargets: flag(wholeNumber(1, MAX_TARGETS), {
      placeholder: 'N',
      summary: `Refuse to delete more keys than this (default ${DEFAULT_MAX_TARGETS})`,
    }),
    cluster: etcdFlag,
  },
  scope: (args) => ({ etcd: args.cluster, keys: [selectKeys(args)] }),

  async plan(args, { etcds, clock }) {
    const cluster = etcds.get(args.cluster);
    const selection = selectKeys(args);
    if (selection.words === 'all keys') {
      throw new UsageError('Deleting all keys of a cluster is not possible from Slack.', {
        hint: 'Name a prefix or a range.',
      });
    }
    const { key, rangeEnd } = selection;
    const answer = await cluster.range({ key, rangeEnd, limit: SHOWN });
    const [first] = answer.kvs;
    if (!first) {
      const none = selection.isSingle ? `no such ${selection.words}` : `no ${selection.words}`;
      return {
        nothingToDo: {
          status: 'no-change',
          title: `0 keys deleted: ${none}`,
          footer: etcdFooter(cluster, clock(), answer),
        },
      };
    }
    refuseMany(answer.count, selection, args.maxTargets ?? DEFAULT_MAX_TARGETS);
    const data: DelData = {
      key: Buffer.from(key).toString('base64'),
      rangeEnd: rangeEnd && Buffer.from(rangeEnd).toString('base64'),
      words: selection.words,
      prevKv: args.prevKv,
      expected: { modRevision: first.modRevision, seenAt: answer.revision },
      first: Buffer.from(first.key).toString('base64'),
      count: answer.count,
    };
    const what = selection.isSingle ? displayKey(key) : countedWords(answer.count, selection.words);
    return {
      etcd: cluster.name,
      isProduction: cluster.isProduction,
      // A range is one target, in words; its keys stand in `changes`.
      targets: [what],
      summary: `Delete ${what} on etcd ${cluster.name}`,
      confirm: selection.isSingle ? 'Delete the key' : `Delete ${countWords(answer.count)}`,
      changes: answer.kvs.map((kv) => ({
        label: displayKey(kv.key),
        before: displayValueShort(hideSecrets(kv).value, selection.isSingle ? 2_000 : 80),
        after: '(deleted)',
      })),
      warnings: answer.count > SHOWN ? [`only the first ${SHOWN} of ${answer.count} keys are shown`] : [],
      risk: selection.isSingle ? 'high' : 'destructive',
      ...undoOf(selection, first, args.cluster),
      data,
    };
  },

  async verify({ etcd, data }, { etcds }) {
    const cluster = etcds.get(etcd);
    // The delete is one transaction: while any key stands as planned, it has not happened.
    if (await anyLeft(cluster, rangeOf(data), data.expected.seenAt)) return { applied: false };
    const trace = await traceWrite(
      cluster,
      Buffer.from(data.first, 'base64'),
      data.expected,
      (event) => event.kind === 'delete',
    );
    if (trace.found === 'unknown')
      return { applied: 'unknown', found: `the ${countWords(data.count)} are gone, but ${trace.why}` };
    // Every planned key is gone or was written anew, and the first one was not deleted from where the plan saw it.
    if (!trace.found) return { applied: false };
    return { applied: true, effect: { said: `${countWords(data.count)} deleted, rev ${trace.revision}` } };
  },

  async act({ etcd, data }, { etcds }) {
    const range = rangeOf(data);
    const isSingle = range.rangeEnd === undefined;
    const { modRevision, seenAt } = data.expected;
    const after = (BigInt(seenAt) + 1n).toString();
    const answer = await etcds.get(etcd).txn({
      compare: [
        isSingle
          ? { ...range, target: 'MOD', result: 'EQUAL', value: modRevision }
          : { ...range, target: 'MOD', result: 'LESS', value: after },
      ],
      success: [{ deleteRange: { ...range, prevKv: data.prevKv } }],
      failure: [
        { range: { ...range, limit: SHOWN + 1, keysOnly: !isSingle, sort: { target: 'MOD', order: 'DESCEND' } } },
      ],
    });
    const [response] = answer.responses;
    if (response && 'range' in response) {
      const now = response.range.kvs;
      throw isSingle ? changedSincePlan(range.key, modRevision, now[0]) : changedRange(now, data);
    }
    if (!response || !('deleteRange' in response))
      throw new InternalError('etcd answered a delete with something else.');
    const { deleted, prevKvs } = response.deleteRange;
    const missing = data.count - deleted;
    const gone = missing > 0 ? `; ${missing} of the ${data.count} planned had gone before` : '';
    return {
      said: `${countWords(deleted)} deleted, rev ${answer.revision}${gone}`,
      data: { previous: previousOf(prevKvs) },
    };
  },

  async follow({ data }, effect) {
    const previous = (effect.data as { previous?: string } | undefined)?.previous;
    if (!data.prevKv || !previous) return { status: 'succeeded', title: effect.said };
    const filename = 'etcd-del-previous.txt';
    return {
      status: 'succeeded',
      title: effect.said,
      message: { parts: [{ kind: 'output', text: previous, filename }] },
    };
  },
});

function refuseMany(count: number, selection: Selection, most: number): void {
  if (count <= most) return;
  throw new UsageError(`That would delete ${count} ${selection.words}; at most ${most} are deleted at once.`, {
    hint: count <= MAX_TARGETS ? `If you mean it, say --max-targets ${count}.` : 'Narrow the range.',
  });
}

function rangeOf(data: DelData): KeyRange {
  const key = Buffer.from(data.key, 'base64');
  return data.rangeEnd === undefined ? { key } : { key, rangeEnd: Buffer.from(data.rangeEnd, 'base64') };
}

/** Whether a key of the range still stands as it did at that revision. */
async function anyLeft(cluster: EtcdCluster, range: KeyRange, seenAt: string): Promise<boolean> {
  const oldest = { target: 'MOD', order: 'ASCEND' } as const;
  const answer = await cluster.range({ ...range, limit: 1, keysOnly: true, sort: oldest });
  const [first] = answer.kvs;
  return first !== undefined && BigInt(first.modRevision) <= BigInt(seenAt);
}

function changedRange(now: readonly KeyValue[], data: DelData): ConflictError {
  const changed = now.filter((kv) => BigInt(kv.modRevision) > BigInt(data.expected.seenAt));
  const names = changed.slice(0, SHOWN).map((kv) => displayKey(kv.key));
  const more = changed.length > SHOWN ? ' and more' : '';
  return new ConflictError(
    `Among the ${data.words}, someone else has written ${names.join(', ')}${more} since you were shown them (rev ${data.expected.seenAt}). Nothing was deleted.`,
    { hint: 'Run the command again to see the present keys.' },
  );
}

/** `2 keys with prefix a/`, `1 key from a up to but not including b`. */
function countedWords(count: number, words: string): string {
  return count === 1 ? `1 ${words.replace(/^keys/, 'key')}` : `${count} ${words}`;
}

function countWords(count: number): string {
  return count === 1 ? '1 key' : `${count} keys`;
}

function previousOf(kvs: readonly KeyValue[]): string {
  return kvs
    .slice(0, 100)
    .map((kv) => `${displayKey(kv.key)}\n${displayValueShort(hideSecrets(kv).value, 200)}`)
    .join('\n');
}

function undoOf(selection: Selection, first: KeyValue, alias: string | undefined): { undo?: string } {
  const value = valueText(first.value);
  if (!selection.isSingle || value === undefined || first.lease !== '0') return {};
  const where = alias === undefined ? [] : ['--cluster', alias];
  const line = typedLine(['/etcd', 'put', ...where, '--', Buffer.from(first.key).toString('utf8'), value]);
  return line === undefined ? {} : { undo: line };
}
