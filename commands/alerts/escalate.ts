import { actorOf, alertsDesk, defineRead, positional, text } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts escalate',
  summary: 'Call the people configured for it, by name, in its thread',
  examples: ['/alerts escalate k3f9q2x'],
  args: {
    incident: positional(text, { placeholder: 'ID', summary: 'Its id or the beginning of it, or NAMESPACE/NAME' }),
  },
  permission: 'alerts:ack',
  async run({ incident: name }, context) {
    const { incident, isNew } = await alertsDesk(context).escalate(name, actorOf(context, `/alerts escalate ${name}`));
    return {
      status: isNew ? 'succeeded' : 'no-change',
      title: isNew
        ? `They are called in the thread of ${incident.id}`
        : `They were called about ${incident.id} a moment ago`,
    };
  },
});
