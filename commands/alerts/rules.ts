import {
  type AlertsDesk,
  actorOf,
  alertsDesk,
  CONDITION_IS_FALSE,
  type CommandContext,
  clusterFlag,
  defineRead,
  type ExplainedObject,
  humanDuration,
  type Message,
  namespaceFlag,
  type RuleFacts,
  resolveOne,
  singleOf,
  UsageError,
  words,
} from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts rules',
  summary: 'What is watched for; with an object, what each rule finds there and why it fires or not',
  examples: [
    '/alerts rules',
    '/alerts rules P03',
    '/alerts rules P03 deploy/web -n shop',
    '/alerts rules deploy/web -n shop',
  ],
  args: {
    what: words('[RULE] [TYPE/NAME]', 'A rule, and an object to explain it on'),
    namespace: namespaceFlag,
    cluster: clusterFlag,
  },
  permission: 'alerts:read',
  async run({ what, namespace, cluster }, context) {
    const desk = alertsDesk(context);
    const isRule = (word: string): boolean => /^[a-z]+\d+$/i.test(word);
    const [first] = what;
    const rule = first !== undefined && isRule(first) ? first : undefined;
    const target = rule === undefined ? what : what.slice(1);
    if (target.length > 0) return await explained(desk, { rule, target, namespace, cluster }, context);
    return rule === undefined ? table(desk.rules()) : one(desk.rule(rule));
  },
});

const STATES = ['firing', 'pending', 'suppressed', 'disabled', 'quiet'] as const;

interface Question {
  readonly rule: string | undefined;
  readonly target: readonly string[];
  readonly namespace: string | undefined;
  readonly cluster: string | undefined;
}

async function explained(desk: AlertsDesk, question: Question, context: CommandContext): Promise<Message> {
  const cluster = context.clusters.get(question.cluster);
  const namespace = question.namespace ?? cluster.defaultNamespace;
  const { type, name } = singleOf(question.target);
  const resource = await resolveOne(cluster, type);
  const { rule } = question;
  const target = { cluster: cluster.name, namespace, kind: resource.kind, name, rule };
  const found = await desk.explain(target, actorOf(context, `/alerts rules ${question.target.join(' ')}`));
  if (found.length === 0)
    throw new UsageError(`${rule ?? 'No rule'} does not judge ${type} or its pods.`, {
      hint: '`/alerts rules` says what each judges.',
    });
  const place = resource.namespaced ? ` in ${namespace}` : '';
  return {
    title: `What the rules find on ${type}/${name}${place} · ${cluster.name}`,
    parts: [{ kind: 'list', items: findingLines(found, rule !== undefined) }],
    footer: 'What one of them waits for: /alerts rules RULE',
  };
}

/** What fires first, then what is about to; rules that find nothing are counted, unless one was asked for. */
function findingLines(found: readonly ExplainedObject[], isOneRule: boolean): string[] {
  const all = found.flatMap(({ object, findings }) => findings.map((finding) => ({ object, ...finding })));
  const told = all.filter(({ state, because }) => isOneRule || state !== 'quiet' || because !== CONDITION_IS_FALSE);
  const lines = STATES.flatMap((state) => told.filter((one) => one.state === state)).map(
    ({ object, rule, title, state, because }) => `${state}: ${rule} ${title} · ${object}: ${because}`,
  );
  const rest = all.length - told.length;
  const quiet = `${lines.length === 0 ? 'all' : 'the other'} ${rest} ${rest === 1 ? 'answer is' : 'answers are'} no: nothing found`;
  return rest === 0 ? lines : [...lines, quiet];
}

function table(rules: readonly RuleFacts[]): Message {
  return {
    title: `${rules.length} rules`,
    parts: [
      {
        kind: 'table',
        filename: 'rules.txt',
        columns: ['RULE', 'JUDGES', 'TITLE', 'ENABLED', 'WHAT'].map((name) => ({ name, priority: 0 })),
        rows: rules.map(({ rule, setting }) => [
          rule.id,
          rule.kind,
          rule.title,
          setting.isEnabled ? 'yes' : 'no',
          rule.summary,
        ]),
      },
    ],
    footer: 'Thresholds of one: /alerts rules P03 · Why it fires or not: /alerts rules P03 TYPE/NAME -n NAMESPACE',
  };
}

function one({ rule, setting }: RuleFacts): Message {
  return {
    title: `${rule.id} ${rule.title}`,
    parts: [
      { kind: 'text', spans: [rule.summary] },
      {
        kind: 'fields',
        fields: [
          { label: 'Judges', value: [rule.kind, ...(rule.alsoKinds ?? [])].join(', ') },
          { label: 'Enabled', value: setting.isEnabled ? 'yes' : 'no, by the config file' },
          ...(setting.severity === undefined
            ? []
            : [{ label: 'Severity', value: `${setting.severity}, by the config file` }]),
          ...(setting.holdMs === undefined ? [] : [{ label: 'Every hold', value: humanDuration(setting.holdMs) }]),
          { label: 'Ends after it has been well for', value: humanDuration(setting.resolveAfterMs) },
          ...(rule.source === undefined ? [] : [{ label: 'After', value: rule.source }]),
        ],
      },
      ...(Object.keys(rule.settings).length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              filename: 'thresholds.txt',
              columns: ['SETTING', 'VALUE', 'MEANING'].map((name) => ({ name, priority: 0 })),
              rows: Object.entries(rule.settings).map(([name, threshold]) => [
                name,
                threshold.kind === 'duration'
                  ? humanDuration(setting.thresholds[name] ?? 0)
                  : String(setting.thresholds[name] ?? ''),
                threshold.meaning,
              ]),
            },
          ]),
    ],
    footer: `Change it under alerts.rules.${rule.id} in shipmate.yaml, or by the annotation shipmate/alert.${rule.id}.NAME. Try it: /alerts test ${rule.id}`,
  };
}
