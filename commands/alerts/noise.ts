import { actorOf, alertsDesk, defineRead, positional, rest, text, wordList } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts noise',
  summary: 'Say that an incident should not have been told, and why, for whoever tunes its rule',
  examples: ['/alerts noise k3f9q2x a planned load test'],
  args: {
    incident: positional(text, { placeholder: 'ID', summary: 'Its id or the beginning of it, or NAMESPACE/NAME' }),
    why: rest(wordList, { placeholder: 'WHY', summary: 'In your own words' }),
  },
  permission: 'alerts:ack',
  async run({ incident: name, why }, context) {
    const reason = why.join(' ');
    const { incident } = await alertsDesk(context).noise(
      name,
      reason,
      actorOf(context, `/alerts noise ${name} ${reason}`),
    );
    return {
      status: 'succeeded',
      title: `${incident.id} is marked as noise: ${reason}`,
      footer: 'Counted in /alerts stats.',
    };
  },
});
