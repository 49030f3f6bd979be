import { actorOf, alertsDesk, defineRead, optionalPositional, text } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts replay',
  summary: 'Tell other systems again what they had refused, once the cause is mended',
  examples: ['/alerts replay pagerduty', '/alerts replay'],
  args: {
    bridge: optionalPositional(text, { placeholder: 'BRIDGE', summary: 'As /alerts bridges names it (default: all)' }),
  },
  permission: 'alerts:bridges',
  async run({ bridge }, context) {
    const line = `/alerts replay${bridge === undefined ? '' : ` ${bridge}`}`;
    const count = await alertsDesk(context).replay(bridge, actorOf(context, line));
    if (count === 0) return { title: 'Nothing was given up', footer: 'What waits is tried by itself: /alerts bridges' };
    return {
      status: 'succeeded',
      title: `${count} ${count === 1 ? 'delivery is' : 'deliveries are'} on the way again`,
      footer: 'How it went, in a moment: /alerts bridges',
    };
  },
});
