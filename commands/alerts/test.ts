import { actorOf, alertsDesk, defineRead, positional, text } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts test',
  aliases: ['alerts drill'],
  summary: 'Open a made-up incident of a rule, marked as a drill, to see where it goes and who answers',
  examples: ['/alerts test P03'],
  args: { rule: positional(text, { placeholder: 'RULE', summary: 'As /alerts rules lists them' }) },
  permission: 'alerts:test',
  async run({ rule }, context) {
    const incident = await alertsDesk(context).test(rule, actorOf(context, `/alerts test ${rule}`));
    return {
      status: 'succeeded',
      title: `Drill ${incident.id} of ${rule.toUpperCase()} is on its way`,
      ...(incident.channel === undefined && {
        parts: [
          { kind: 'text' as const, spans: ['No route and no channels.alerts: it is recorded and told nowhere.'] },
        ],
      }),
      footer: `It ends by itself after 10 minutes, by its button, or with /alerts resolve ${incident.id}.`,
    };
  },
});
