import {
  type AuditEntry,
  type AuditStory,
  clusterFlag,
  defineRead,
  duration,
  flag,
  InternalError,
  type Message,
  standing,
  text,
  timeOfDay,
  UsageError,
  wholeNumber,
} from '../../src/sdk/index.ts';

const DEFAULT_LIMIT = 200;
const DAY_MS = 24 * 3_600_000;

export default defineRead({
  name: 'shipmate audit',
  summary: 'Who did what, when, where and how it ended',
  examples: [
    '/shipmate audit',
    '/shipmate audit --since 7d --cluster demo --command scale',
    '/shipmate audit --user U024BE7LH --limit 20',
    '/shipmate audit --id i7k2m9qw',
  ],
  args: {
    user: flag(text, { placeholder: 'PERSON', summary: 'Only what this person did: a mention or a Slack user id' }),
    command: flag(text, { placeholder: 'TEXT', summary: 'Only lines that contain this' }),
    since: flag(duration, { placeholder: 'DURATION', summary: 'How far to look back (default: 24h)' }),
    cluster: clusterFlag,
    id: flag(text, { placeholder: 'ID', summary: 'Every entry of one change, by the id under its message' }),
    limit: flag(wholeNumber(1, 1_000), { placeholder: 'N', summary: `At most so many (default: ${DEFAULT_LIMIT})` }),
  },
  permission: 'shipmate:audit',
  async run({ user, command, since, cluster, id, limit = DEFAULT_LIMIT }, { house, clock }): Promise<Message> {
    if (!house.audit) throw new InternalError('Nothing is recorded here.');
    const from = id === undefined || since !== undefined ? clock() - (since ?? DAY_MS) : undefined;
    const query = { user: userId(user), command, cluster, invocation: id, since: from, limit };
    const { stories, lookedBackTo } = await house.audit.find(query);
    const within = from === undefined ? '' : ` since ${dateTime(from)}`;
    if (stories.length === 0) return { title: `Nothing in the audit log matches${within}`, parts: [] };
    const [only] = stories;
    if (id !== undefined && only) return whole(only);
    return {
      title: `${stories.length === 1 ? '1 record' : `${stories.length} records`}${within}, newest first`,
      parts: [
        {
          kind: 'table',
          filename: 'audit.txt',
          columns: COLUMNS,
          rows: stories.map(row),
        },
        ...(lookedBackTo === undefined
          ? []
          : [
              {
                kind: 'text' as const,
                spans: [
                  `The search ended at ${dateTime(lookedBackTo)}. Narrow it, or raise --limit, to see older ones.`,
                ],
              },
            ]),
      ],
      footer: 'Every entry of one: /shipmate audit --id ID · Proof of the chain: /shipmate audit verify',
    };
  },
});

const COLUMNS = [
  { name: 'TIME', priority: 0 },
  { name: 'WHO', priority: 0 },
  { name: 'WHERE', priority: 0 },
  { name: 'LINE', priority: 0 },
  { name: 'RESULT', priority: 0 },
  { name: 'ID', priority: 0 },
  { name: 'ENTRIES', priority: 1 },
  { name: 'REASON', priority: 1 },
  { name: 'SAID', priority: 1 },
];

function row(story: AuditStory): string[] {
  const first = story.entries[0] as AuditEntry;
  const last = story.entries.at(-1) as AuditEntry;
  return [
    dateTime(last.at),
    first.who?.user ?? 'Shipmate',
    placeOf(first),
    first.parsed ?? first.typed ?? first.said ?? '',
    standing(story),
    story.invocation,
    story.entries.map((entry) => entry.seq).join(','),
    first.reason ?? '',
    last.said ?? '',
  ];
}

/** Every entry of one story, with all that it says. */
function whole(story: AuditStory): Message {
  const first = story.entries[0] as AuditEntry;
  return {
    title: `${first.parsed ?? first.typed ?? story.invocation}: ${standing(story)}`,
    parts: story.entries.map((entry) => ({
      kind: 'output' as const,
      filename: `audit-${entry.seq}.txt`,
      text: [`#${entry.seq}  ${dateTime(entry.at)}  ${entry.type}  ${entry.who?.user ?? ''}`, ...facts(entry)].join(
        '\n',
      ),
    })),
    footer: story.invocation,
  };
}

function facts(entry: AuditEntry): string[] {
  const lines: [string, string | undefined][] = [
    ['typed', entry.typed],
    ['where', placeOf(entry)],
    ['targets', entry.targets?.join(', ')],
    ['reason', entry.reason],
    ['result', entry.result],
    ['said', entry.said],
    ...(entry.calls ?? []).map((call): [string, string] => [
      'call',
      [
        `${call.call}: ${call.status}`,
        call.revision && `revision ${call.revision}`,
        call.generation !== undefined && `generation ${call.generation}`,
      ]
        .filter(Boolean)
        .join(', '),
    ]),
    ['plan', entry.digest],
    ['hash', entry.hash],
  ];
  return lines.flatMap(([label, value]) => (value ? [`  ${label.padEnd(8)} ${value}`] : []));
}

function placeOf({ where }: AuditEntry): string {
  const system = where?.cluster ?? (where?.etcd === undefined ? undefined : `etcd ${where.etcd}`);
  return [system, where?.namespace].filter(Boolean).join('/');
}

function dateTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 10)} ${timeOfDay(at)}`;
}

/** @throws UsageError when it is neither an id nor a mention. */
function userId(typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined;
  const id = /^(?:<@|@)?([UW][A-Z0-9]+)(?:\|[^>]*)?>?$/.exec(typed)?.[1];
  if (id === undefined)
    throw new UsageError(`"${typed}" is not a person: names can be changed, so they are not searched.`, {
      hint: 'Mention the person, or copy the member ID from their profile: --user U024BE7LH',
    });
  return id;
}
