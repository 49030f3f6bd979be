import { actorOf, alertsDesk, defineRead, humanDuration, type Silence, type Span } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts silences',
  aliases: ['alerts mutes'],
  summary: 'What is kept quiet now, by whom, why and for how long',
  examples: ['/alerts silences'],
  args: {},
  permission: 'alerts:read',
  async run(_args, context) {
    const silences = await alertsDesk(context).silences(actorOf(context, '/alerts silences'));
    if (silences.length === 0) return { title: 'Nothing is silenced', parts: [] };
    const now = context.clock();
    return {
      title: `${silences.length} ${silences.length === 1 ? 'silence' : 'silences'}`,
      parts: [
        {
          kind: 'table',
          filename: 'silences.txt',
          columns: ['ID', 'ENDS-IN', 'WHAT', 'REASON'].map((name) => ({ name, priority: 0 })),
          rows: silences.map((silence) => [
            silence.id,
            humanDuration(Math.max(0, silence.until - now)),
            scopeWords(silence),
            silence.reason,
          ]),
        },
        // In a table Slack names nobody.
        { kind: 'text', spans: silences.flatMap(({ id, by }): Span[] => [`${id} by `, { person: by.user }, '\n']) },
      ],
      footer: 'End one: /alerts unsilence ID',
    };
  },
});

function scopeWords({ match }: Silence): string {
  const pieces = [
    match.clusters && `cluster ${match.clusters.join(',')}`,
    match.namespaces && `-n ${match.namespaces.join(',')}`,
    match.rules && `rule ${match.rules.join(',')}`,
    match.names && `name ${match.names.join(',')}`,
    match.severities && `severity ${match.severities.join(',')}`,
    match.labels &&
      `labels ${Object.entries(match.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(',')}`,
  ];
  return pieces.filter((piece) => piece !== undefined).join(' ');
}
