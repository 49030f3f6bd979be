import {
  actorOf,
  alertsDesk,
  anyClusterFlag,
  anyNamespaceFlag,
  defineRead,
  flag,
  incidentList,
  oneOf,
  ruleFlag,
  severityFlag,
  toggle,
} from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts list',
  aliases: ['alerts ls', 'alerts get'],
  summary: 'What is wrong now, the worst first',
  examples: [
    '/alerts list',
    '/alerts list -n shop --severity critical',
    '/alerts list --mine',
    '/alerts list --status all',
  ],
  args: {
    cluster: anyClusterFlag,
    namespace: anyNamespaceFlag,
    allNamespaces: toggle({ summary: 'In every namespace; this is so anyway where none is named', short: 'A' }),
    severity: severityFlag,
    status: flag(oneOf('open', 'firing', 'acked', 'snoozed', 'silenced', 'resolved', 'all'), {
      placeholder: 'STATUS',
      summary: 'open (default), firing, acked, snoozed, silenced, resolved (in the last 30 minutes) or all',
    }),
    rule: ruleFlag,
    mine: toggle({ summary: 'Only what you have acked, snoozed or escalated' }),
  },
  permission: 'alerts:read',
  async run({ allNamespaces, namespace, ...filter }, context) {
    const wanted = { ...filter, ...(!allNamespaces && { namespace }) };
    const found = await alertsDesk(context).list(wanted, actorOf(context, '/alerts list'));
    if (found.length === 0) return { title: `Nothing ${filter.status ?? 'open'}${placeWords(wanted)}`, parts: [] };
    return {
      title: `${found.length} ${found.length === 1 ? 'incident' : 'incidents'}${placeWords(wanted)}`,
      parts: [incidentList(found, context.clock(), 'alerts.txt')],
      footer: 'More of one: /alerts show ID · Take it: /alerts ack ID',
    };
  },
});

function placeWords({ cluster, namespace }: { cluster?: string | undefined; namespace?: string | undefined }): string {
  const place = [cluster, namespace].filter((one) => one !== undefined).join('/');
  return place === '' ? '' : ` in ${place}`;
}
