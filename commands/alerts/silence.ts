import {
  actorOf,
  alertsDesk,
  defineRead,
  duration,
  flag,
  knownZone,
  listFlag,
  manyNamespaces,
  parseUntil,
  reasonFlag,
  type SilenceMatch,
  text,
  UsageError,
  wallWords,
} from '../../src/sdk/index.ts';

const HOUR_MS = 3_600_000;

export default defineRead({
  name: 'alerts silence',
  aliases: ['alerts mute'],
  summary: 'Hear nothing of some incidents for a while; they are recorded all the same',
  examples: [
    '/alerts silence -n shop --for 2h --reason "load test"',
    '/alerts silence --rule P03 --name deployment/web --until 09:00',
  ],
  args: {
    namespaces: manyNamespaces,
    namespace: flag(text, { placeholder: 'NAMESPACE', summary: 'The same as -n' }),
    cluster: listFlag({ placeholder: 'CLUSTER', summary: 'On these clusters (default: all)' }),
    rule: listFlag({ placeholder: 'RULE', summary: 'Where these rules fire: P03' }),
    name: listFlag({ placeholder: 'NAME', summary: 'Of these objects: web, deployment/web; * stands for any text' }),
    for: flag(duration, { placeholder: 'DURATION', summary: 'How long (default 2h, at most 30d)' }),
    until: flag(text, { placeholder: 'TIME', summary: 'Until when, on your clock: 09:00; or 2026-11-21T09:00Z' }),
    reason: reasonFlag,
  },
  permission: 'alerts:silence',
  async run({ for: span, until, reason, ...scope }, context) {
    if (span !== undefined && until !== undefined)
      throw new UsageError('Say how long, once: --for or --until.', { hint: '--for 2h' });
    const desk = alertsDesk(context);
    const actor = actorOf(context, '/alerts silence');
    const zone = knownZone(await desk.zoneOf(actor));
    const now = context.clock();
    const lastingMs = until === undefined ? (span ?? 2 * HOUR_MS) : parseUntil(until, now, zone) - now;
    const match = matchOf(scope);
    const { silence, matching } = await desk.silence({ match, lastingMs, reason: reason ?? '' }, actor);
    const count = matching === 1 ? '1 open incident matches' : `${matching} open incidents match`;
    return {
      status: 'succeeded',
      title: `Silence ${silence.id} is in force until ${wallWords(silence.until, zone)}`,
      parts: [{ kind: 'text', spans: [`${count}. They are recorded and listed, and say nothing.`] }],
      footer: `End it: /alerts unsilence ${silence.id}`,
    };
  },
});

interface Scope {
  readonly namespaces: readonly string[];
  readonly namespace?: string | undefined;
  readonly cluster: readonly string[];
  readonly rule: readonly string[];
  readonly name: readonly string[];
}

function matchOf({ namespaces, namespace, cluster, rule, name }: Scope): SilenceMatch {
  const spaces = [...namespaces, ...(namespace === undefined ? [] : [namespace])];
  return {
    ...(spaces.length > 0 && { namespaces: spaces }),
    ...(cluster.length > 0 && { clusters: [...cluster] }),
    ...(rule.length > 0 && { rules: [...rule] }),
    ...(name.length > 0 && { names: [...name] }),
  };
}
