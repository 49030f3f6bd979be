import { actorOf, alertsDesk, defineRead, duration, flag, humanDuration, type Spread } from '../../src/sdk/index.ts';

const WEEK_MS = 7 * 24 * 3_600_000;

export default defineRead({
  name: 'alerts stats',
  summary: 'How the rules have done: how often, how fast, and whether anybody needed them',
  examples: ['/alerts stats', '/alerts stats --since 30d'],
  args: { since: flag(duration, { placeholder: 'DURATION', summary: 'How far to look back (default 7d)' }) },
  permission: 'alerts:read',
  async run({ since = WEEK_MS }, context) {
    const stats = await alertsDesk(context).stats(context.clock() - since, actorOf(context, '/alerts stats'));
    const within = `in the last ${humanDuration(since)}`;
    if (stats.length === 0) return { title: `No incidents ${within}`, parts: [] };
    const count = stats.reduce((sum, one) => sum + one.count, 0);
    return {
      title: `${count} ${count === 1 ? 'incident' : 'incidents'} ${within}, by rule`,
      parts: [
        {
          kind: 'table',
          filename: 'alerts-stats.txt',
          columns: [
            'RULE',
            'TITLE',
            'COUNT',
            'DETECT',
            'NOTIFY',
            'ACK',
            'RESOLVE',
            'UNATTENDED',
            'FLAPPING',
            'NOISE',
          ].map((name) => ({ name, priority: 0 })),
          rows: stats.map((one) => [
            one.rule,
            one.title,
            String(one.count),
            spread(one.detect),
            spread(one.notify),
            spread(one.ack),
            spread(one.resolve),
            String(one.unattended),
            String(one.flapping),
            String(one.noise),
          ]),
        },
      ],
      footer:
        'Times: median / 95th percentile. UNATTENDED ended by themselves before anybody took them: many of these and the rule may be too eager.',
    };
  },
});

function spread(value: Spread | undefined): string {
  return value === undefined ? '-' : `${humanDuration(value.median)} / ${humanDuration(value.p95)}`;
}
