import {
  clusterFlag,
  defineRead,
  duration,
  flag,
  type LogArgs,
  logWords,
  type Message,
  namespaceFlag,
  type Part,
  type PodLog,
  placeOf,
  readPodLog,
  text,
  toggle,
  UsageError,
  wholeNumber,
  words,
} from '../../src/sdk/index.ts';

export default defineRead({
  name: 'k8s logs',
  aliases: ['k8s log'],
  summary: 'The end of a container’s log, with secrets hidden',
  examples: [
    '/k8s logs web-7c9d5-x2x4q -n shop',
    '/k8s logs deploy/web -n shop --previous',
    '/k8s logs web-7c9d5-x2x4q -c proxy --since 15m --grep "error|timeout"',
  ],
  args: {
    what: words('POD|TYPE/NAME [CONTAINER]', 'The pod, or a workload: its first pod in trouble'),
    container: flag(text, { placeholder: 'NAME', summary: 'Which container', short: 'c' }),
    tail: flag(wholeNumber(0, 5_000), { placeholder: 'N', summary: 'How many lines (default 50)' }),
    previous: toggle({ summary: 'Of the run before the last restart', short: 'p' }),
    since: flag(duration, { placeholder: 'DURATION', summary: 'Only lines newer than this: 15m' }),
    timestamps: toggle({ summary: 'The time before each line' }),
    grep: flag(text, {
      placeholder: 'TEXT',
      summary: 'Only lines with this text; "error|fatal" for either. Searches the last 2000 lines unless --tail says',
    }),
    follow: toggle({ summary: 'Not in Slack: ask again instead', short: 'f' }),
    namespace: namespaceFlag,
    cluster: clusterFlag,
  },
  permission: 'k8s:logs',
  rbac: [
    { group: '', resources: ['pods'], verbs: ['get', 'list'] },
    { group: '', resources: ['pods/log'], verbs: ['get'] },
    { group: '', resources: ['services'], verbs: ['get'] },
    { group: 'apps', resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'], verbs: ['get'] },
    { group: 'batch', resources: ['jobs'], verbs: ['get'] },
  ],
  // The log is a pod's, whatever it was asked by.
  scope: ({ cluster, namespace, what, container }) => {
    const { type, name } = logWords({ what, container });
    const targets = type === undefined ? [{ type: 'pods', name }] : [{ type, name }, { type: 'pods' }];
    return { cluster, namespace, targets };
  },
  async run(args, context) {
    if (args.follow)
      throw new UsageError('Following a log is not possible in Slack.', {
        hint: `Leave -f out and ask again, with --since ${args.since === undefined ? '1m' : `${args.since / 1_000}s`} for what is new.`,
      });
    return answer(await readPodLog(args, context), args, context.clock());
  },
});

function answer(log: PodLog, args: LogArgs, now: number): Message {
  const { lines, notes } = log;
  const run = args.previous ? ', the run before' : '';
  const where = `${log.pod} (${log.container}${run}) · ${placeOf(log.cluster, log.namespace)}`;
  const count = lines.length === 1 ? '1 line' : `${lines.length} lines`;
  const title =
    args.grep === undefined
      ? `${lines.length === 0 ? 'No log lines' : `Last ${count}`} of ${where}`
      : `${lines.length} of ${log.searched} lines with "${args.grep}" of ${where}`;
  const parts: Part[] = [
    ...notes.map((note): Part => ({ kind: 'text', spans: [note] })),
    ...(lines.length === 0 ? [] : [{ kind: 'output' as const, text: lines.join('\n'), filename: filename(log, now) }]),
    ...(log.isCut ? [{ kind: 'text' as const, spans: ['Older lines are left out: the log is too long.'] }] : []),
  ];
  return { title, parts };
}

function filename(log: PodLog, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]/g, '').slice(0, 13);
  return `logs-${log.cluster.name}-${log.namespace}-${log.pod}-${log.container}-${stamp}Z.log`;
}
