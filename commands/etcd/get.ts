import { z } from 'zod';
import {
  bytes,
  displayKey,
  displayValue,
  displayValueShort,
  type EtcdCluster,
  etcdFilename,
  etcdFlag,
  etcdFooter,
  fieldsOutput,
  hex,
  hideSecrets,
  jsonOutput,
  type KeyValue,
  leaseText,
  type RangeRequest,
  type RangeResponse,
  type Selection,
  selectKeys,
  simpleOutput,
} from '../../src/sdk/etcd.ts';
import {
  defineRead,
  flag,
  type Message,
  optionalPositional,
  type Part,
  positional,
  text,
  toggle,
  UsageError,
  wholeNumber,
} from '../../src/sdk/index.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
/** Keys and values of one answer together. */
const MAX_BYTES = 1_048_576;
/** etcd sorts by anything but the key over the whole range, before the limit. */
const MAX_SORTED = 20_000;

const SORT_TARGETS = { KEY: 'KEY', CREATE: 'CREATE', MODIFY: 'MOD', VERSION: 'VERSION', VALUE: 'VALUE' } as const;

/** etcdctl takes these words in any case. */
const word = <const W extends readonly [string, ...string[]]>(words: W) =>
  z.preprocess((typed) => (typeof typed === 'string' ? typed.toUpperCase() : typed), z.enum(words));

export default defineRead({
  name: 'etcd get',
  summary: 'Show keys and their values',
  examples: [
    '/etcd get /app/config',
    '/etcd get /app/ --prefix --keys-only',
    '/etcd get /app/a /app/f --limit 20',
    '/etcd get /app/config --rev 1234 -w json',
  ],
  permission: 'etcd:read',
  args: {
    key: positional(text, { placeholder: 'KEY', summary: 'The key, or the first of a range' }),
    end: optionalPositional(text, { placeholder: 'END', summary: 'End of the range; not included' }),
    prefix: toggle({ summary: 'All keys that start with KEY' }),
    fromKey: toggle({ summary: 'All keys from KEY on' }),
    keysOnly: toggle({ summary: 'Without values' }),
    countOnly: toggle({ summary: 'Only how many' }),
    limit: flag(wholeNumber(1, MAX_LIMIT), {
      placeholder: 'N',
      summary: `At most this many keys (default ${DEFAULT_LIMIT}, at most ${MAX_LIMIT})`,
    }),
    rev: flag(wholeNumber(1, Number.MAX_SAFE_INTEGER), { placeholder: 'REV', summary: 'As of that revision' }),
    sortBy: flag(word(['KEY', 'CREATE', 'MODIFY', 'VERSION', 'VALUE']), {
      placeholder: 'FIELD',
      summary: 'KEY, CREATE, MODIFY, VERSION or VALUE',
    }),
    order: flag(word(['ASCEND', 'DESCEND']), { placeholder: 'ORDER', summary: 'ASCEND or DESCEND' }),
    printValueOnly: toggle({ summary: 'Only values (implies -w simple)' }),
    consistency: flag(z.enum(['l', 's']), {
      placeholder: 'l|s',
      summary: 'l: agreed by the cluster (default); s: whatever one member has',
    }),
    writeOut: flag(z.enum(['simple', 'table', 'json', 'fields']), {
      placeholder: 'FORMAT',
      summary: 'simple, table, json or fields',
      short: 'w',
    }),
    hex: toggle({ summary: 'Print bytes as hex' }),
    cluster: etcdFlag,
  },
  scope: (args) => ({ etcd: args.cluster, keys: [selectKeys(args)] }),
  async run(args, { etcds, clock }) {
    const cluster = etcds.get(args.cluster);
    const selection = selectKeys(args);
    const format = args.printValueOnly ? 'simple' : args.writeOut;
    if (args.printValueOnly && args.writeOut !== undefined && args.writeOut !== 'simple') {
      throw new UsageError('print-value-only is only for `--write-out=simple`');
    }
    const target = SORT_TARGETS[args.sortBy ?? 'KEY'];
    const request: RangeRequest = {
      key: selection.key,
      rangeEnd: selection.rangeEnd,
      keysOnly: args.keysOnly,
      countOnly: args.countOnly,
      serializable: args.consistency === 's',
      ...(!selection.isSingle && { limit: args.limit ?? DEFAULT_LIMIT }),
      ...(args.rev !== undefined && { revision: String(args.rev) }),
      ...((args.sortBy ?? args.order) && { sort: { target, order: args.order ?? 'ASCEND' } }),
    };
    if (request.sort && target !== 'KEY' && !selection.isSingle) await refuseLargeSort(cluster, request, selection);
    const answer = await cluster.range(request);
    refuseLargeAnswer(answer);
    // Before any format is printed: base64 and hex are no redaction. Sizes stay those of the values themselves.
    const shown = { ...answer, kvs: answer.kvs.map(hideSecrets) };

    const options = { keysOnly: args.keysOnly, valueOnly: args.printValueOnly, hex: args.hex };
    const output = (content: string, extension?: string): Part[] => [
      { kind: 'output', text: content, filename: etcdFilename('get', cluster, clock(), extension) },
      ...(format === 'json' || args.hex ? hiddenNote(answer, shown) : []),
    ];
    const message: Message = {
      status: 'succeeded',
      title: titleOf(answer, selection, args),
      footer: etcdFooter(cluster, clock(), answer),
    };
    // Machine-readable forms are complete even when nothing was found.
    if (format === 'json') return { ...message, parts: output(jsonOutput(shown), 'json') };
    if (format === 'fields') return { ...message, parts: output(fieldsOutput(shown, options)) };
    if (args.countOnly || answer.kvs.length === 0) return message;
    if (format === 'simple') return { ...message, parts: [...output(simpleOutput(shown, options)), ...rest(answer)] };
    const [only] = answer.kvs;
    if (only && selection.isSingle && format === undefined) {
      const { value } = hideSecrets(only);
      return {
        ...message,
        parts: [
          cardOf(only, args.keysOnly),
          ...(args.keysOnly ? [] : output(args.hex ? hex(value) : displayValue(value))),
        ],
      };
    }
    const filename = etcdFilename('get', cluster, clock());
    const notes = [...(args.hex ? hiddenNote(answer, shown) : []), ...rest(answer)];
    return { ...message, parts: [tableOf(answer.kvs, { ...options, filename }), ...notes] };
  },
});

/** Said in words where the value is shown in base64 or hex, in which nobody would recognise that it is hidden. */
function hiddenNote(answer: RangeResponse, shown: RangeResponse): Part[] {
  const count = shown.kvs.filter((kv, index) => kv !== answer.kvs[index]).length;
  if (count === 0) return [];
  return [
    {
      kind: 'text',
      spans: [count === 1 ? '1 value with a secret is hidden.' : `${count} values with secrets are hidden.`],
    },
  ];
}

function titleOf(
  answer: RangeResponse,
  selection: Selection,
  args: { countOnly: boolean; rev?: number | undefined },
): string {
  const at = args.rev === undefined ? '' : ` as of rev ${args.rev}`;
  if (answer.count === 0) {
    return selection.isSingle
      ? `no such key (rev ${answer.revision})${at}`
      : `no ${selection.words} (rev ${answer.revision})${at}`;
  }
  if (selection.isSingle) return `${selection.words}${at}`;
  const words = answer.count === 1 ? selection.words.replace(/^keys/, 'key') : selection.words;
  if (args.countOnly || answer.kvs.length === answer.count) return `${answer.count} ${words}${at}`;
  return `${answer.kvs.length} of ${answer.count} ${words}${at}`;
}

function cardOf(kv: KeyValue, keysOnly: boolean): Part {
  const fields = [
    { label: 'Key', value: displayKey(kv.key) },
    { label: 'Modified', value: `rev ${kv.modRevision}` },
    { label: 'Version', value: kv.version },
    { label: 'Created', value: `rev ${kv.createRevision}` },
    { label: 'Lease', value: kv.lease === '0' ? 'none' : leaseText(kv.lease) },
  ];
  return { kind: 'fields', fields: keysOnly ? fields : [...fields, { label: 'Size', value: bytes(kv.value.length) }] };
}

function tableOf(kvs: readonly KeyValue[], options: { keysOnly: boolean; hex: boolean; filename: string }): Part {
  const names = ['KEY', 'REV', 'VER', 'LEASE', ...(options.keysOnly ? [] : ['SIZE', 'VALUE'])];
  const rows = kvs.map((kv) => [
    options.hex ? hex(kv.key) : displayKey(kv.key),
    kv.modRevision,
    kv.version,
    kv.lease === '0' ? '-' : leaseText(kv.lease),
    ...(options.keysOnly
      ? []
      : [
          String(kv.value.length),
          options.hex ? hex(hideSecrets(kv).value.subarray(0, 15)) : displayValueShort(hideSecrets(kv).value, 60),
        ]),
  ]);
  return { kind: 'table', columns: names.map((name) => ({ name, priority: 0 })), rows, filename: options.filename };
}

function rest(answer: RangeResponse): Part[] {
  if (!answer.more) return [];
  const left = answer.count - answer.kvs.length;
  return [
    {
      kind: 'text',
      spans: [`${left} more: narrow the range, or raise `, { code: '--limit' }, ` (at most ${MAX_LIMIT}).`],
    },
  ];
}

async function refuseLargeSort(cluster: EtcdCluster, request: RangeRequest, selection: Selection): Promise<void> {
  const { key, rangeEnd, revision } = request;
  const { count } = await cluster.range({
    key,
    rangeEnd,
    countOnly: true,
    ...(revision !== undefined && { revision }),
  });
  if (count <= MAX_SORTED) return;
  throw new UsageError(
    `etcd would have to sort ${count} ${selection.words} at once; at most ${MAX_SORTED} are sorted.`,
    {
      hint: 'Narrow the range, or sort by KEY.',
    },
  );
}

function refuseLargeAnswer(answer: RangeResponse): void {
  const size = answer.kvs.reduce((sum, kv) => sum + kv.key.length + kv.value.length, 0);
  if (size <= MAX_BYTES) return;
  throw new UsageError(`The answer is ${bytes(size)}; at most ${bytes(MAX_BYTES)} go to Slack.`, {
    hint: 'Use --keys-only, a smaller --limit or a narrower range.',
  });
}
