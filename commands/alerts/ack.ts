import { actorOf, alertsDesk, defineRead, doneMessage, rest, toggle, wordList } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts ack',
  summary: 'Say that you are on it: nobody else is asked any more',
  examples: ['/alerts ack k3f9q2x', '/alerts ack shop/web', '/alerts ack k3f9q2x --take-over'],
  args: {
    incidents: rest(wordList, { placeholder: 'ID', summary: 'Ids, beginnings of them, or NAMESPACE/NAME' }),
    takeOver: toggle({ summary: 'Also what somebody else has acked' }),
  },
  permission: 'alerts:ack',
  async run({ incidents, takeOver }, context) {
    const desk = alertsDesk(context);
    const lines: string[] = [];
    for (const name of incidents) {
      const { incident, isNew } = await desk.ack(name, actorOf(context, `/alerts ack ${name}`), takeOver);
      lines.push(
        isNew ? `You have ${incident.id} now: ${incident.cause}` : `You have ${incident.id} already: ${incident.cause}`,
      );
    }
    return doneMessage(lines.length === 1 ? (lines[0] as string) : `${lines.length} incidents are yours`, lines);
  },
});
