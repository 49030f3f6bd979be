import {
  actorOf,
  alertsDesk,
  anyClusterFlag,
  anyNamespaceFlag,
  defineRead,
  duration,
  flag,
  humanDuration,
  type Incident,
  ruleFlag,
  severityFlag,
  toggle,
  wholeNumber,
} from '../../src/sdk/index.ts';

const DAY_MS = 24 * 3_600_000;
const DEFAULT_LIMIT = 200;

export default defineRead({
  name: 'alerts history',
  summary: 'Incidents that are over, the newest first',
  examples: ['/alerts history', '/alerts history --since 7d -n shop', '/alerts history --rule P03 --mine'],
  args: {
    since: flag(duration, { placeholder: 'DURATION', summary: 'How far to look back (default 24h)' }),
    cluster: anyClusterFlag,
    namespace: anyNamespaceFlag,
    severity: severityFlag,
    rule: ruleFlag,
    mine: toggle({ summary: 'Only what you have acked, snoozed or escalated' }),
    limit: flag(wholeNumber(1, 1_000), { placeholder: 'N', summary: `At most so many (default ${DEFAULT_LIMIT})` }),
  },
  permission: 'alerts:read',
  async run({ since = DAY_MS, limit = DEFAULT_LIMIT, ...filter }, context) {
    const from = context.clock() - since;
    const actor = actorOf(context, '/alerts history');
    const found = await alertsDesk(context).history({ ...filter, since: from, limit }, actor);
    const within = `in the last ${humanDuration(since)}`;
    if (found.length === 0) return { title: `Nothing ended ${within}`, parts: [] };
    return {
      title: `${found.length} ${found.length === 1 ? 'incident' : 'incidents'} ended ${within}`,
      parts: [
        {
          kind: 'table',
          filename: 'alerts-history.txt',
          columns: [
            ...['ENDED', 'ID', 'SEVERITY', 'CLUSTER', 'NAME', 'RULE', 'LASTED', 'HOW', 'CAUSE'].map((name) => ({
              name,
              priority: 0,
            })),
            ...['ACKED-BY', 'NOISE'].map((name) => ({ name, priority: 1 })),
          ],
          rows: found.map(row),
        },
      ],
      footer: 'More of one: /alerts show ID',
    };
  },
});

function row(incident: Incident): string[] {
  const { root, signals, external, kind, startedAt, resolvedAt = startedAt } = incident;
  return [
    `${new Date(resolvedAt).toISOString().slice(0, 16).replace('T', ' ')}Z`,
    incident.id,
    incident.peak,
    incident.cluster || '-',
    incident.storm
      ? `${incident.storm.count} objects`
      : [root.namespace, root.name].filter((one) => one !== '').join('/'),
    external?.source ?? signals[0]?.rule ?? kind,
    humanDuration(Math.max(0, resolvedAt - startedAt)),
    incident.resolution?.how ?? '-',
    incident.cause,
    incident.ack?.by.user ?? '-',
    incident.noise ? incident.noise.why || 'yes' : '-',
  ];
}
