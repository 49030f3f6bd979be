import { actorOf, alertsDesk, defineRead, positional, text } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts unsilence',
  aliases: ['alerts unmute'],
  summary: 'End a silence: what still fails speaks again',
  examples: ['/alerts unsilence s4k2m9x'],
  args: {
    id: positional(text, { placeholder: 'ID', summary: 'As /alerts silences shows it, or the beginning of it' }),
  },
  permission: 'alerts:silence',
  async run({ id }, context) {
    const silence = await alertsDesk(context).unsilence(id, actorOf(context, `/alerts unsilence ${id}`));
    return {
      status: 'succeeded',
      title: `Silence ${silence.id} is over`,
      footer: 'What still fails is told in a moment.',
    };
  },
});
