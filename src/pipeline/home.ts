import type { Person } from '../chat/invocation.ts';
import type { Message } from '../chat/message.ts';
import type { House } from './definition.ts';

/** The App Home of one person: what they may do, and how to begin. Pure. */
export function homeMessage(person: Person, house: House): Message {
  const mine = house.commands.filter((command) => house.may(person, command));
  return {
    title: 'Shipmate',
    parts: [
      { kind: 'text', spans: ['Kubernetes and etcd from Slack: queued, confirmed, done once, and told how it ended.'] },
      { kind: 'text', spans: [{ bold: `You may use ${mine.length} of ${house.commands.length} commands` }] },
      {
        kind: 'output',
        text: mine.map((command) => `/${command.name}\n    ${command.summary}`).join('\n'),
        filename: 'commands.txt',
        mayUpload: false,
      },
      {
        kind: 'text',
        spans: [
          'Try ',
          { code: '/k8s help' },
          ' or ',
          { code: '/shipmate status' },
          ' in any channel, or write to me directly.',
        ],
      },
    ],
  };
}
