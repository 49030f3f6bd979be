import type { Message } from '../chat/message.ts';
import type { AnyCommand } from './definition.ts';
import { argumentLines, usageLine } from './usage.ts';

/** What help may know about the asker. */
export interface HelpContext {
  readonly commands: readonly AnyCommand[];
  may(command: AnyCommand): boolean;
}

/** `/k8s help scale`: examples first, then the arguments, then whether this person may. Pure. */
export function commandHelp(command: AnyCommand, context: HelpContext): Message {
  const may = context.may(command);
  return {
    title: `/${command.name}: ${command.summary}`,
    parts: [
      { kind: 'output', text: command.examples.join('\n'), filename: 'examples.txt' },
      {
        kind: 'output',
        text: [`Usage: ${usageLine(command)}`, '', ...argumentLines(command)].join('\n'),
        filename: 'usage.txt',
      },
      {
        kind: 'text',
        spans: [
          may ? 'You may use it.' : 'You may not use it yet.',
          ...(command.permission === undefined ? [] : [' Permission: ', { code: command.permission }]),
          command.risk === 'read' ? '. It only reads.' : '. It shows what will change and waits for your confirmation.',
        ],
      },
      ...(command.aliases?.length
        ? [{ kind: 'text' as const, spans: [`Also: ${command.aliases.map((alias) => `/${alias}`).join(', ')}`] }]
        : []),
    ],
  };
}

/** `/k8s help`, and `help` alone for every family. Pure. */
export function familyHelp(family: string | undefined, context: HelpContext): Message {
  const commands = context.commands.filter((command) => family === undefined || command.name.startsWith(`${family} `));
  if (commands.length === 0) return familyHelp(undefined, context);
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map(
    (command) =>
      `/${command.name.padEnd(width)}  ${command.summary}${context.may(command) ? '' : '  (not yours to use)'}`,
  );
  const example = commands.find((command) => context.may(command)) ?? (commands[0] as AnyCommand);
  return {
    title: family === undefined ? 'What Shipmate can do' : `What /${family} can do`,
    parts: [
      { kind: 'output', text: example.examples.join('\n'), filename: 'examples.txt' },
      { kind: 'output', text: lines.join('\n'), filename: 'commands.txt' },
      {
        kind: 'text',
        spans: [
          'More about one: ',
          { code: `/${family ?? 'k8s'} help ${example.name.split(' ').slice(1).join(' ')}` },
          '. The same words work after mentioning me, in threads and in direct messages.',
        ],
      },
    ],
  };
}
